"""moto with every table, queue and secret that the template declares, and handlers called as API Gateway does."""

import copy
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from moto import mock_aws
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from infra.simulators.snap_key import PUBLIC_KEY
from lumbung.domain.people import Caller
from lumbung.runtime import clock
from tests.integration import quick_moto
from tests.integration.engines import engine
from tests.people import open_rings

ROOT = Path(__file__).parents[2]
SECRETS = {
    "IdsSecret": {"secret": "ids-secret-of-the-tests"},
    "MidtransSecret": {"server_key": "SB-Mid-server-lumbung-local"},
    "XenditSecret": {"api_key": "xnd_development_lumbung-local", "callback_token": "lumbung-local-callback-token"},
    "SnapSecret": {
        "client_key": "lumbung-local-bank",
        "public_key": PUBLIC_KEY,
        "client_secret": "lumbung-local-snap-secret",
        "token_secret": "lumbung-local-snap-tokens",
    },
    "BiteshipSecret": {"api_key": "biteship_test.lumbung-local", "webhook_secret": "lumbung-local-biteship"},
    "LalamoveSecret": {"api_key": "pk_test_lumbung-local", "api_secret": "sk_test_lumbung-local"},
    "GrabSecret": {
        "client_id": "lumbung-local-grab",
        "client_secret": "lumbung-local-grab-secret",
        "webhook_authorization": "lumbung-local-grab-webhook",
        "webhook_authorization_id": "lumbung-local-grab-webhook-id",
    },
    "GosendSecret": {
        "client_id": "lumbung-local-gosend",
        "pass_key": "lumbung-local-gosend-pass-key",
        "webhook_path": "lumbung-local-gosend-address",
    },
    "WhatsAppSecret": {"access_token": "lumbung-local-whatsapp", "phone_number_id": "620000000000001"},
    "LkppV5Secret": {"secretkey": "lumbung-local-secretkey"},
    "InaprocSecret": {"token": "lumbung-local-inaproc"},
    "IsbSecret": {"api_key": "lumbung-local-isb", "purchases": "2001", "products": "2002", "suppliers": "2003"},
    "LkppFeedSecret": {"secretkey": "lumbung-local-secretkey", "previous_secretkey": "the-one-before"},
}

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "ap-southeast-3",
}  # fmt: skip
SESSION = botocore.session.get_session()  # one, because reading AWS's service descriptions takes its time
ENVIRONMENTS: dict[str, dict[str, str]] = {}  # by handler, as the template declares them


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short intrinsics, kept as {'!Name': value}."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{suffix}": loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {f"!{suffix}": loader.construct_sequence(node, deep=True)}
    return {f"!{suffix}": loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def template() -> dict[str, Any]:
    return yaml.load((ROOT / "template.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader


@pytest.fixture(scope="session")
def resources() -> dict[str, Any]:
    return template()["Resources"]


@pytest.fixture
def aws_env(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty tables, queues and secrets; the functions' environment; collaborators made anew."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    aws = moto()
    aws.empty()
    use_environments(aws.environments, monkeypatch)
    forget_collaborators()
    open_rings()
    yield
    forget_collaborators()
    clock.use(None)


class Aws:
    """What the template declares, made once; `empty` brings it back to how it was made."""

    def __init__(self, resources: dict[str, Any]) -> None:
        self.environments = create(resources)
        self._tables = engine().kept()
        self._secrets = copy.deepcopy(_backend(secretsmanager_backends).secrets)

    def empty(self) -> None:
        engine().put_back(self._tables)
        _backend(secretsmanager_backends).secrets = copy.deepcopy(self._secrets)
        for queue in _backend(sqs_backends).queues.values():
            queue._messages, queue._pending_messages, queue.deleted_messages = [], set(), set()
        for bucket in s3_backends["123456789012"]["aws"].buckets.values():
            bucket.keys.clear()
        _backend(ses_backends).reset()


@cache
def moto() -> Aws:
    """Start moto for the rest of the process: to make its resources for each test would take a third of a second."""
    quick_moto.take()
    mock_aws().start()
    engine()  # where tables are made from here on
    return Aws(template()["Resources"])


def _backend(backends: Any) -> Any:
    return backends["123456789012"]["ap-southeast-3"]


def create(resources: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Make the template's tables, queues and secrets, and return the environment of each handler."""
    session = SESSION
    dynamodb, sqs = session.create_client("dynamodb"), session.create_client("sqs")
    secrets = session.create_client("secretsmanager")
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::DynamoDB::Table":
                kept = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
                stream = properties.get("StreamSpecification")
                dynamodb.create_table(
                    TableName=name,
                    **({"StreamSpecification": {"StreamEnabled": True, **stream}} if stream else {}),
                    **{key: properties[key] for key in kept if key in properties},
                )
            case "AWS::KMS::Key":
                key = session.create_client("kms").create_key()["KeyMetadata"]["KeyId"]
                session.create_client("kms").create_alias(AliasName=f"alias/{name}", TargetKeyId=key)
            case "AWS::SQS::Queue":
                sqs.create_queue(QueueName=name)
            case "AWS::S3::Bucket":
                place = {"LocationConstraint": CREDENTIALS["AWS_DEFAULT_REGION"]}
                session.create_client("s3").create_bucket(Bucket=bucket(name), CreateBucketConfiguration=place)
            case "AWS::SecretsManager::Secret":
                secrets.create_secret(Name=name, SecretString=json.dumps(SECRETS[name]))
    return environments_of(resources, lambda queue: str(sqs.get_queue_url(QueueName=queue)["QueueUrl"]))


def environments_of(resources: dict[str, Any], queue_url: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Return the environment that the template declares for each handler."""
    everywhere = template()["Globals"]["Function"]["Environment"]["Variables"]
    environments = {}
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            own = resource["Properties"].get("Environment", {}).get("Variables", {})
            variables = {name: _resolve(value, queue_url, resources) for name, value in (everywhere | own).items()}
            environments[resource["Properties"]["Handler"]] = variables
    return environments


def use_environments(environments: Mapping[str, Mapping[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every function its environment."""
    ENVIRONMENTS.clear()
    for handler, variables in environments.items():
        ENVIRONMENTS[handler] = dict(variables)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)


def _resolve(value: Any, queue_url: Callable[[str], str], resources: dict[str, Any]) -> str:
    if not isinstance(value, dict):
        return str(value)
    name = value["!Ref"]
    if name not in resources:  # a parameter
        return str(template()["Parameters"][name]["Default"])
    if resources[name]["Type"] == "AWS::S3::Bucket":
        return bucket(name)
    if resources[name]["Type"] == "AWS::KMS::Key":
        return f"alias/{name}"
    return queue_url(name) if resources[name]["Type"] == "AWS::SQS::Queue" else str(name)


def bucket(name: str) -> str:
    """Return what the bucket with that logical id is called in tests."""
    return name.lower()


def forget_collaborators() -> None:
    """Drop every collaborator that `runtime/deps*.py` made, so that each test gets its own."""
    import importlib
    import pkgutil

    import lumbung.runtime as runtime

    for module in pkgutil.iter_modules(runtime.__path__):
        if module.name.startswith("deps"):
            for name, thing in vars(importlib.import_module(f"lumbung.runtime.{module.name}")).items():
                if hasattr(thing, "cache_clear") and name not in ("session", "rings"):
                    thing.cache_clear()
    for name, module in list(sys.modules.items()):  # entry points that keep use cases with their collaborators
        if name in ("ordering.worker", "dispatch.worker", "dispatch.planner"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


class Reply:
    """What a handler answered, as a client sees it."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.status: int = answer["statusCode"]
        self.headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
        self.text: str = answer.get("body") or ""

    @property
    def json(self) -> Any:
        return json.loads(self.text)


Http = Callable[..., Reply]
NOW = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)


@pytest.fixture
def http(aws_env: None) -> Http:
    """Call a handler with a payload-2.0 event: http(handler, "POST", path, body, caller=…, key=…, at=…)."""
    return call


def call(
    handler: Callable[[dict[str, Any], Any], dict[str, Any]],
    method: str,
    path: str,
    body: Any = None,
    *,
    caller: Caller | None = None,
    key: str | None = None,
    at: datetime = NOW,
    headers: dict[str, str] | None = None,
) -> Reply:
    raw_path, _, query = path.partition("?")
    sent = {"content-type": "application/json", **(headers or {})} | ({"idempotency-key": key} if key else {})
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw_path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "http": {"method": method, "path": raw_path, "sourceIp": "127.0.0.1", "userAgent": "tests"},
            "requestId": "req-1",
            "stage": "$default",
            "timeEpoch": int(at.timestamp() * 1000),
        },
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = dict(part.split("=", 1) for part in query.split("&"))
    if caller:
        event["requestContext"]["authorizer"] = {"jwt": {"claims": _claims(caller), "scopes": None}}
    os.environ.update(ENVIRONMENTS[f"{handler.__module__}.handler"])
    return Reply(handler(event, None))


def _claims(caller: Caller) -> dict[str, str]:
    claims = {
        "sub": caller.id,
        "token_use": "id",
        "cognito:groups": f"[{' '.join(sorted(caller.roles))}]",
        "custom:institution_id": caller.institution_id,
        "name": caller.name,
        "phone_number": caller.phone,
        "email": caller.email,
        "phone_number_verified": "true" if caller.phone else None,
    }
    return {name: value for name, value in claims.items() if value}
