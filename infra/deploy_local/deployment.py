"""The template, deployed through CloudFormation's own API into the engine."""

import json
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.deploy_local import package
from infra.deploy_local.adapt import adapt
from infra.local.settings import REGION, SECRETS, STACK_NAME, parameters
from infra.local.template import expanded

ROOT = Path(__file__).parents[2]
BUCKET = "lumbung-code"
_DEPLOY_S = 120.0


class NotDeployed(RuntimeError):
    """The stack could not be created; says which resources failed."""


class Aws:
    """Clients of the account that deploys."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, service: str) -> Any:
        return botocore.session.get_session().create_client(
            service, region_name=REGION, endpoint_url=self._url, aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2}, read_timeout=60),
        )  # fmt: skip


@dataclass(frozen=True)
class Deployment:
    """What was deployed: the template after the SAM transform, and real names by its names."""

    aws: Aws
    url: str
    template: dict[str, Any]
    names: dict[str, str]

    @cached_property
    def api(self) -> str:
        """The base address of the HTTP API."""
        return f"{self.url}/_aws/execute-api/{self.names['Api']}/$default"


def deploy(url: str, *, simulators: str) -> Deployment:
    """Create the stack and fill in the secrets; NotDeployed."""
    aws, values = Aws(url), parameters(url, simulators)
    template = expanded(ROOT / "template.yaml", values)
    objects = _upload(aws, template)
    body = json.dumps(adapt(template, bucket=BUCKET, objects=objects))
    aws("s3").put_object(Bucket=BUCKET, Key="template.json", Body=body.encode())
    cloudformation = aws("cloudformation")
    cloudformation.create_stack(
        StackName=STACK_NAME,
        TemplateURL=f"{url}/{BUCKET}/template.json",
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    _await(cloudformation)
    names = _names(cloudformation)
    for name, secret in SECRETS.items():
        _fill(aws("secretsmanager"), name, secret)
    _complete(aws, template, names)
    return Deployment(aws, url, template, names)


def _upload(aws: Aws, template: dict[str, Any]) -> dict[str, str]:
    """Put the code into the bucket; return each local folder's key there."""
    s3 = aws("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    folders = {"functions/": ("functions.zip", package.functions), "layers/lumbung": ("layer.zip", package.layer)}
    for key, make in folders.values():
        s3.put_object(Bucket=BUCKET, Key=key, Body=make())
    return {folder: key for folder, (key, _) in folders.items()}


def _await(cloudformation: Any) -> None:
    until = time.monotonic() + _DEPLOY_S
    while time.monotonic() < until:
        status = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"]
        if status == "CREATE_COMPLETE":
            return
        if not status.endswith("IN_PROGRESS"):
            raise NotDeployed(f"{status}\n" + "\n".join(_reasons(cloudformation)))
        time.sleep(0.1)
    raise NotDeployed(f"not deployed within {_DEPLOY_S:.0f} s")


def _reasons(cloudformation: Any) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    return [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', event['ResourceStatus'])}"
        for event in events
        if "FAILED" in event["ResourceStatus"]
    ]


def _names(cloudformation: Any) -> dict[str, str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
    }


def _fill(secrets: Any, name: str, value: dict[str, str]) -> None:
    """Do what the programme office does after a deployment; secrets of issues to come are not there yet."""
    try:
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps(value))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def _complete(aws: Aws, template: dict[str, Any], names: dict[str, str]) -> None:
    """Set by API what the engine's CloudFormation leaves out: time to live and point-in-time recovery."""
    dynamodb = aws("dynamodb")
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            properties, table = resource["Properties"], names[name]
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=properties["TimeToLiveSpecification"])
            dynamodb.update_continuous_backups(
                TableName=table,
                PointInTimeRecoverySpecification=properties["PointInTimeRecoverySpecification"],
            )
