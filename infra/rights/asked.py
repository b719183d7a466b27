"""What a call to AWS needs in the role of whoever makes it: actions, each on its resource, in IAM's words."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Params = Mapping[str, Any]
_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_ONE_OF_MANY = {  # many at once are one right
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
_S3 = {"HeadObject": "GetObject", "UploadPart": "PutObject", "CreateMultipartUpload": "PutObject"}


class Ask(NamedTuple):
    """One action on one resource. *kind*: what the partition key of the item begins with, where an item is named."""

    action: str
    resource: str
    kind: str = ""


def asked(service: str, operation: str, params: Params) -> Iterator[Ask]:
    """Yield what *operation* of *service* needs; resources by their physical names.

    GetItem                     dynamodb:GetItem             table            its kind
    Query of an index           dynamodb:Query               table/index/name
    BatchGetItem                dynamodb:BatchGetItem        each table       its kinds
    TransactWriteItems          the action of each part      its table        its kind
    SendMessage, …Batch         sqs:SendMessage              queue
    GetSecretValue              secretsmanager:…             secret (its ARN or its name)
    GetObject                   s3:GetObject                 bucket/first part of the key/*
    SendEmail                   ses:SendEmail                identity/domain of the sender
    another                     service:Operation            *
    """
    match service:
        case "dynamodb":
            yield from _dynamodb(operation, params)
        case "sqs":
            queue = str(params["QueueUrl"]).rpartition("/")[2]
            yield Ask(f"sqs:{_ONE_OF_MANY.get(operation, operation)}", queue)
        case "secretsmanager":
            yield Ask(f"secretsmanager:{operation}", str(params["SecretId"]))
        case "s3" if "Key" in params:
            part = str(params["Key"]).partition("/")[0]
            yield Ask(f"s3:{_S3.get(operation, operation)}", f"{params['Bucket']}/{part}/*")
        case "sesv2" if operation == "SendEmail":
            sender = str(params["FromEmailAddress"]).rpartition("@")[2].rstrip(">")
            yield Ask("ses:SendEmail", f"identity/{sender}")
        case "kms" if "KeyId" in params:
            yield Ask(f"kms:{operation}", str(params["KeyId"]).rpartition("/")[2])
        case _:
            yield Ask(f"{service}:{operation}", "*")


def _dynamodb(operation: str, params: Params) -> Iterator[Ask]:
    match operation:
        case "TransactWriteItems" | "TransactGetItems":
            for item in params["TransactItems"]:
                for part, what in item.items():
                    yield Ask(f"dynamodb:{_PARTS[part]}", what["TableName"], _kind(what.get("Item") or what["Key"]))
        case "BatchGetItem":
            for table, wanted in params["RequestItems"].items():
                for key in wanted["Keys"]:
                    yield Ask("dynamodb:BatchGetItem", table, _kind(key))
        case "BatchWriteItem":
            for table, writes in params["RequestItems"].items():
                for write in writes:
                    [what] = write.values()
                    yield Ask("dynamodb:BatchWriteItem", table, _kind(what.get("Item") or what["Key"]))
        case "Query" | "Scan" if "IndexName" in params:
            yield Ask(f"dynamodb:{operation}", f"{params['TableName']}/index/{params['IndexName']}")
        case _:
            named = params.get("Item") or params.get("Key")
            yield Ask(f"dynamodb:{operation}", params["TableName"], _kind(named) if named else "")


def _kind(item: Mapping[str, Any]) -> str:
    return str(item["pk"]["S"]).partition("#")[0]
