# Included by the Makefile: what is deployed, and the template it is deployed from.

.PHONY: build lint-template deploy-local

build: setup ## sam build without Docker, compiled and weighed (needs a Python 3.13)
	@.venv/bin/python -m infra.build

lint-template: setup ## cfn-lint with the serverless rules, the SAM transform, rights, queues and routes
	@.venv/bin/cfn-lint
	@.venv/bin/python -m pytest tests/unit/test_template.py

deploy-local: setup ## the template in ministack, rights enforced, and a journey on it to the hand-over
	@PYTHONPATH=layers/lumbung .venv/bin/python -m infra.deploy_local
