"""What the functions under test write down, so that the tests can read it back."""

import os
from typing import Any

import botocore.session

_session = botocore.session.get_session()
dynamodb = _session.create_client("dynamodb")
sqs = _session.create_client("sqs")
TABLE = os.environ["TABLE"]


def write(key: str, **texts: str) -> None:
    dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": key}, **{name: {"S": text} for name, text in texts.items()}})


def add(key: str, text: str) -> None:
    """Append *text* to the list kept under *key*."""
    dynamodb.update_item(
        TableName=TABLE,
        Key={"pk": {"S": key}},
        UpdateExpression="SET seen = list_append(if_not_exists(seen, :none), :one)",
        ExpressionAttributeValues={":none": {"L": []}, ":one": {"L": [{"S": text}]}},
    )


def read(key: str) -> dict[str, Any]:
    item = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": key}}, ConsistentRead=True).get("Item", {})
    return {name: value.get("S") or [part["S"] for part in value.get("L", [])] for name, value in item.items()}
