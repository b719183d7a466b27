"""Does over HTTP what the tests ask for, and tells what it saw."""

import json
import os
import time
from typing import Any

import botocore.session
import notes

from lumbung.runtime import clock


def handler(event: dict[str, Any], context: Any) -> Any:
    if event["rawPath"] == "/echo":
        return _echo(event, context)
    command = json.loads(event["body"])
    return _DO[command["do"]](event, command)


def _echo(event: dict[str, Any], context: Any) -> Any:
    wanted = (event.get("queryStringParameters") or {}).get("do")
    if wanted == "crash":
        os._exit(3)
    if wanted == "hang":
        time.sleep(60)
    if wanted == "raise":
        raise RuntimeError("as asked")
    if wanted == "bare":
        return {"no": "status"}
    seen = {
        "event": event,
        "now": clock.now().isoformat(),
        "greeting": os.environ["GREETING"],
        "key": os.environ["AWS_ACCESS_KEY_ID"],
        "function": context.function_name,
        "client_context": context.client_context,
        "remaining": context.get_remaining_time_in_millis(),
    }
    headers = {"Content-Type": "application/json", "X-Request-Id": event["requestContext"]["requestId"]}
    return {"statusCode": 200, "headers": headers, "cookies": ["a=1", "b=2"], "body": json.dumps(seen)}


def _write(event: dict[str, Any], command: dict[str, Any]) -> Any:
    notes.write(command["key"], **command.get("texts", {}))
    return {"statusCode": 201, "body": json.dumps(event.get("pathParameters"))}


def _read(event: dict[str, Any], command: dict[str, Any]) -> Any:
    return {"statusCode": 200, "body": json.dumps(notes.read(command["key"]))}


def _send(event: dict[str, Any], command: dict[str, Any]) -> Any:
    for body in command["bodies"]:
        delay = {"DelaySeconds": command["delay"]} if "delay" in command else {}
        notes.sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body, **delay)
    return {"statusCode": 202}


def _transact(event: dict[str, Any], command: dict[str, Any]) -> Any:
    items = [{"pk": {"S": f"transacted#{n}"}, "kind": {"S": "a"}} for n in range(command["items"])]
    notes.dynamodb.transact_write_items(
        TransactItems=[{"Put": {"TableName": notes.TABLE, "Item": item}} for item in items]
    )
    return {"statusCode": 200}


def _expiring(event: dict[str, Any], command: dict[str, Any]) -> Any:
    gone_at = int(clock.now().timestamp()) + command["in"]
    notes.dynamodb.put_item(TableName=notes.TABLE, Item={"pk": {"S": command["key"]}, "gone_at": {"N": str(gone_at)}})
    return {"statusCode": 200}


def _secret(event: dict[str, Any], command: dict[str, Any]) -> Any:
    client = botocore.session.get_session().create_client("secretsmanager")
    return {"statusCode": 200, "body": client.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]}


_DO = {
    "write": _write,
    "read": _read,
    "send": _send,
    "transact": _transact,
    "expiring": _expiring,
    "secret": _secret,
}
