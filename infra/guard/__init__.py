"""What an auditor would ask of the templates, asked each day: rules of our own (cfn-guard), checkov, and exceptions."""
