"""Creates in the engine what the template declares: tables, queues, secrets, keys, buckets, senders of mail."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from infra.local.aws import Client, EngineError
from infra.local.resources import Resource, Resources
from infra.local.settings import REGION, secret_value
from infra.local.support import NotRunHere

_TABLE = (
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)
_INDEX = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")


async def provision(resources: Resources, engine: Client) -> None:
    """Create what is not there yet; what only its creation tells (ARNs, ids) is learnt by *resources*."""
    await asyncio.gather(
        *(_table(resource, resources, engine) for resource in resources.of("AWS::DynamoDB::Table")),
        _queues(resources, engine),
        *(_secret(resource, resources, engine) for resource in resources.of("AWS::SecretsManager::Secret")),
        *(_bucket(resource, resources, engine) for resource in resources.of("AWS::S3::Bucket")),
        *(_key(resource, resources, engine) for resource in resources.of("AWS::KMS::Key")),
        *(_identity(resource, engine) for resource in resources.of("AWS::SES::EmailIdentity")),
    )
    for resource in resources.of("AWS::S3::Bucket"):
        await _notifications(resource, resources, engine)
    for resource in resources.of("AWS::KMS::Alias"):
        await _alias(resource.properties["AliasName"], resource.properties["TargetKeyId"], engine)


async def _table(resource: Resource, resources: Resources, engine: Client) -> None:
    name = resources.name_of(resource.id)
    try:
        answer = await engine.call("dynamodb", "DescribeTable", TableName=name)
    except EngineError as error:
        if error.code != "ResourceNotFoundException":
            raise
        answer = await engine.call("dynamodb", "CreateTable", TableName=name, **_table_request(resource.properties))
    described = answer.get("Table") or answer["TableDescription"]
    if "LatestStreamArn" in described:
        resources.learn(resource.id, "StreamArn", described["LatestStreamArn"])


def _table_request(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Time to live is left out: the engine's clock is the machine's, the pump deletes by the stack's."""
    request = _of(properties, _TABLE)
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if kind in request:
            request[kind] = [_of(index, _INDEX) for index in request[kind]]
    if stream := properties.get("StreamSpecification"):
        request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream["StreamViewType"]}
    return request


async def _queues(resources: Resources, engine: Client) -> None:
    """A dead-letter queue comes before the queue that names it."""
    queues = sorted(resources.of("AWS::SQS::Queue"), key=lambda queue: "RedrivePolicy" in queue.properties)
    for resource in queues:
        await _queue(resource, resources, engine)


async def _queue(resource: Resource, resources: Resources, engine: Client) -> None:
    """Delays are left out: they count on the stack's clock, see pump_queues."""
    properties = resource.properties
    attributes = {}
    if "RedrivePolicy" in properties:
        attributes["RedrivePolicy"] = json.dumps(properties["RedrivePolicy"])
    if "MaximumMessageSize" in properties:
        attributes["MaximumMessageSize"] = str(properties["MaximumMessageSize"])
    await engine.call("sqs", "CreateQueue", QueueName=resources.name_of(resource.id), Attributes=attributes)


async def _secret(resource: Resource, resources: Resources, engine: Client) -> None:
    name = resources.name_of(resource.id)
    value = secret_value(name)
    try:
        answer = await engine.call("secretsmanager", "CreateSecret", Name=name, SecretString=value)
    except EngineError as error:
        if error.code != "ResourceExistsException":
            raise
        answer = await engine.call("secretsmanager", "PutSecretValue", SecretId=name, SecretString=value)
    resources.learn(resource.id, "Ref", answer["ARN"])
    resources.learn(resource.id, "Id", answer["ARN"])


async def _bucket(resource: Resource, resources: Resources, engine: Client) -> None:
    body = (
        '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    )
    name = resources.name_of(resource.id)
    status, answer = await engine.request("PUT", f"/{name}", body.encode(), service="s3")
    if status >= 300 and b"BucketAlreadyOwnedByYou" not in answer:
        raise EngineError(f"s3 CreateBucket {name}", str(status), answer.decode())


async def _notifications(resource: Resource, resources: Resources, engine: Client) -> None:
    """Let a bucket tell queues of the files that are put there, once both exist."""
    told = resource.properties.get("NotificationConfiguration", {})
    if unknown := sorted(set(told) - {"QueueConfigurations"}):
        raise NotRunHere(f"{resource.id}: the local stack cannot run {', '.join(unknown)}")
    body = "".join(_notification(one) for one in told.get("QueueConfigurations", []))
    if not body:
        return
    name, document = resources.name_of(resource.id), f"<NotificationConfiguration>{body}</NotificationConfiguration>"
    status, answer = await engine.request("PUT", f"/{name}?notification", document.encode(), service="s3")
    if status >= 300:
        raise EngineError(f"s3 PutBucketNotification {name}", str(status), answer.decode())


def _notification(told: Mapping[str, Any]) -> str:
    rules = "".join(
        f"<FilterRule><Name>{escape(rule['Name'])}</Name><Value>{escape(rule['Value'])}</Value></FilterRule>"
        for rule in told.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    )
    return (
        f"<QueueConfiguration><Queue>{escape(told['Queue'])}</Queue><Event>{escape(told['Event'])}</Event>"
        f"<Filter><S3Key>{rules}</S3Key></Filter></QueueConfiguration>"
    )


async def _key(resource: Resource, resources: Resources, engine: Client) -> None:
    """Keys are found again by an alias of their own: what they encrypted must stay readable."""
    alias = f"alias/local/{resource.id}"
    try:
        answer = await engine.call("kms", "DescribeKey", KeyId=alias)
    except EngineError as error:
        if error.code != "NotFoundException":
            raise
        answer = await engine.call("kms", "CreateKey", **_of(resource.properties, ("KeySpec", "KeyUsage")))
        await _alias(alias, answer["KeyMetadata"]["KeyId"], engine)
    resources.learn(resource.id, "Ref", answer["KeyMetadata"]["KeyId"])
    resources.learn(resource.id, "KeyId", answer["KeyMetadata"]["KeyId"])
    resources.learn(resource.id, "Arn", answer["KeyMetadata"]["Arn"])


async def _identity(resource: Resource, engine: Client) -> None:
    name = resource.properties["EmailIdentity"]
    body = json.dumps({"EmailIdentity": name}).encode()
    status, answer = await engine.request("POST", "/v2/email/identities", body, service="ses")
    if status >= 300:
        raise EngineError(f"ses CreateEmailIdentity {name}", str(status), answer.decode())


async def _alias(name: str, key: str, engine: Client) -> None:
    try:
        await engine.call("kms", "CreateAlias", AliasName=name, TargetKeyId=key)
    except EngineError as error:
        if error.code != "AlreadyExistsException":
            raise


def _of(properties: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}
