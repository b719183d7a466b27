"""Says which parts of a template run here, which need not, and why. Everything else is refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class NotRunHere(ValueError):
    """The template declares something that the local stack cannot run."""


@dataclass(frozen=True, slots=True)
class Support:
    """The properties of a resource type that run, and those that need not, with the reason."""

    runs: frozenset[str]
    needless: Mapping[str, str] = field(default_factory=dict)


_TAGS = {"Tags": "labels for bills and people", "Description": "text for people"}
_ENCRYPTION = "nothing is encrypted at rest on one's own machine"
_PERMISSION = "permissions are enforced where the template is deployed with authorisation on"
_OBSERVED = "nobody watches a local stack but its terminal"
_USERS = "the local issuer stands in for the user pool, and asks its trigger before a token is made"

NOT_RUN: Mapping[str, str] = {
    "AWS::IAM::Role": _PERMISSION,
    "AWS::IAM::Policy": _PERMISSION,
    "AWS::IAM::ManagedPolicy": _PERMISSION,
    "AWS::Lambda::Permission": _PERMISSION,
    "AWS::SQS::QueuePolicy": _PERMISSION,
    "AWS::S3::BucketPolicy": _PERMISSION,
    "AWS::Logs::LogGroup": _OBSERVED,
    "AWS::Logs::MetricFilter": _OBSERVED,
    "AWS::Logs::QueryDefinition": _OBSERVED,
    "AWS::CloudWatch::Alarm": _OBSERVED,
    "AWS::CloudWatch::CompositeAlarm": _OBSERVED,
    "AWS::CloudWatch::Dashboard": _OBSERVED,
    "AWS::SNS::Topic": _OBSERVED + "; topics carry alarms only, and publishing to one fails",
    "AWS::SNS::TopicPolicy": _OBSERVED,
    "AWS::SNS::Subscription": _OBSERVED,
    "AWS::Budgets::Budget": _OBSERVED,
    "AWS::Cognito::UserPool": _USERS,
    "AWS::Cognito::UserPoolClient": _USERS,
    "AWS::Cognito::UserPoolGroup": _USERS,
    "AWS::Cognito::UserPoolDomain": _USERS,
    "AWS::Scheduler::ScheduleGroup": "groups bundle schedules for permissions and bills",
    "AWS::Lambda::Version": "the code in the working tree is the only version",
    "AWS::Lambda::Alias": "the code in the working tree is the only version",
}

RUN: Mapping[str, Support] = {
    "AWS::DynamoDB::Table": Support(
        frozenset(
            {
                "TableName",
                "KeySchema",
                "AttributeDefinitions",
                "BillingMode",
                "GlobalSecondaryIndexes",
                "LocalSecondaryIndexes",
                "StreamSpecification",
                "TimeToLiveSpecification",
                "ProvisionedThroughput",
            }
        ),
        {
            **_TAGS,
            "PointInTimeRecoverySpecification": "a backup; data is kept with --data",
            "SSESpecification": _ENCRYPTION,
            "DeletionProtectionEnabled": "guards the deployed table only",
            "TableClass": "a price",
            "WarmThroughput": "the engine needs no warming",
            "OnDemandThroughput": "a ceiling on bills",
            "ContributorInsightsSpecification": _OBSERVED,
            "ResourcePolicy": _PERMISSION,
        },
    ),
    "AWS::SQS::Queue": Support(
        frozenset({"QueueName", "DelaySeconds", "RedrivePolicy", "MaximumMessageSize"}),
        {
            **_TAGS,
            "VisibilityTimeout": "a failed message is tried again after a short back-off, see pump_queues",
            "MessageRetentionPeriod": "counts in days, by the machine's clock",
            "ReceiveMessageWaitTimeSeconds": "the pump is told when to look",
            "KmsMasterKeyId": _ENCRYPTION,
            "KmsDataKeyReusePeriodSeconds": _ENCRYPTION,
            "SqsManagedSseEnabled": _ENCRYPTION,
            "RedriveAllowPolicy": _PERMISSION,
        },
    ),
    "AWS::Lambda::Function": Support(
        frozenset(
            {
                "FunctionName",
                "Handler",
                "Code",
                "Runtime",
                "Timeout",
                "MemorySize",
                "Environment",
                "Layers",
                "LoggingConfig",
                "DeadLetterConfig",
                "ReservedConcurrentExecutions",
            }
        ),
        {
            **_TAGS,
            "Role": _PERMISSION,
            "Architectures": "the machine's own",
            "TracingConfig": _OBSERVED,
            "EphemeralStorage": "the machine's own",
            "KmsKeyArn": _ENCRYPTION,
            "PackageType": "always a folder",
            "RuntimeManagementConfig": "the Python that runs the stack",
            "SnapStart": "workers start in well under a second",
        },
    ),
    "AWS::Lambda::LayerVersion": Support(
        frozenset({"Content", "LayerName"}),
        {
            **_TAGS,
            "CompatibleRuntimes": "the Python that runs the stack",
            "CompatibleArchitectures": "the machine's own",
            "LicenseInfo": "text for people",
        },
    ),
    "AWS::Lambda::EventSourceMapping": Support(
        frozenset(
            {
                "FunctionName",
                "EventSourceArn",
                "BatchSize",
                "FilterCriteria",
                "FunctionResponseTypes",
                "MaximumRetryAttempts",
                "BisectBatchOnFunctionError",
                "DestinationConfig",
                "MaximumRecordAgeInSeconds",
                "StartingPosition",
                "Enabled",
                "ScalingConfig",
            }
        ),
        {
            **_TAGS,
            "MaximumBatchingWindowInSeconds": "a wait for fuller batches",
            "ParallelizationFactor": "a speed; order per key holds with one at a time",
            "MetricsConfig": _OBSERVED,
            "KmsKeyArn": _ENCRYPTION,
        },
    ),
    "AWS::Lambda::EventInvokeConfig": Support(
        frozenset({"FunctionName", "Qualifier", "MaximumRetryAttempts", "DestinationConfig"}),
        {"MaximumEventAgeInSeconds": "nothing local is throttled for that long"},
    ),
    "AWS::Scheduler::Schedule": Support(
        frozenset({"Name", "ScheduleExpression", "ScheduleExpressionTimezone", "State", "Target"}),
        {
            **_TAGS,
            "FlexibleTimeWindow": "fires at the start of its window",
            "GroupName": "groups bundle schedules for permissions and bills",
            "KmsKeyArn": _ENCRYPTION,
        },
    ),
    "AWS::Events::Rule": Support(frozenset({"Name", "ScheduleExpression", "State", "Targets"}), _TAGS),
    "AWS::ApiGatewayV2::Api": Support(
        frozenset({"Body"}),
        {
            **_TAGS,
            "Name": "text for people",
            "FailOnWarnings": "about importing the document",
            "DisableExecuteApiEndpoint": "there is one address here",
        },
    ),
    "AWS::ApiGatewayV2::Stage": Support(
        frozenset({"ApiId", "StageName"}),
        {
            **_TAGS,
            "AutoDeploy": "always",
            "AccessLogSettings": _OBSERVED,
            "DefaultRouteSettings": "limits protect the deployed account",
            "RouteSettings": "limits protect the deployed account",
        },
    ),
    "AWS::SecretsManager::Secret": Support(
        frozenset({"Name"}),
        {
            **_TAGS,
            "SecretString": "local values are fixed in settings",
            "GenerateSecretString": "local values are fixed in settings",
            "KmsKeyId": _ENCRYPTION,
        },
    ),
    "AWS::S3::Bucket": Support(
        frozenset({"BucketName", "NotificationConfiguration"}),
        {
            **_TAGS,
            "BucketEncryption": _ENCRYPTION,
            "PublicAccessBlockConfiguration": _PERMISSION,
            "OwnershipControls": _PERMISSION,
            "LifecycleConfiguration": "counts in days, by the machine's clock",
            "VersioningConfiguration": "a backup; data is kept with --data",
            "CorsConfiguration": "signed links are opened on the same machine",
        },
    ),
    "AWS::KMS::Key": Support(
        frozenset({"KeySpec", "KeyUsage"}),
        {
            **_TAGS,
            "KeyPolicy": _PERMISSION,
            "EnableKeyRotation": _ENCRYPTION,
            "Enabled": "always",
            "PendingWindowInDays": "keys go with the stack's data",
        },
    ),
    "AWS::KMS::Alias": Support(frozenset({"AliasName", "TargetKeyId"})),
    "AWS::SES::EmailIdentity": Support(
        frozenset({"EmailIdentity"}), {**_TAGS, "DkimAttributes": "whose name a mail carries is believed here"}
    ),
}


def refuse_what_does_not_run(name: str, kind: str, properties: Mapping[str, Any]) -> None:
    """Raise NotRunHere, naming the resource, if it or one of its properties would be passed over in silence."""
    if kind in NOT_RUN:
        return
    if kind not in RUN:
        raise NotRunHere(f"{name}: the local stack cannot run {kind}")
    support = RUN[kind]
    if unknown := sorted(set(properties) - support.runs - set(support.needless)):
        raise NotRunHere(f"{name} ({kind}): the local stack cannot run {', '.join(unknown)}")
