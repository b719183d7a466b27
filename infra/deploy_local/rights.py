"""That rights are enforced, tried out: functions with deployed roles do what they may, and are refused the rest.

Each try is a function of its own with a deployed function's role, which makes one call and tells how it went.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.deploy_local.deployment import Deployment

DONE, REFUSED = "done", "AccessDeniedException"
_PROBE = """
import botocore.session
from botocore.exceptions import ClientError

def handler(event, context):
    client = botocore.session.get_session().create_client(event["service"])
    try:
        getattr(client, event["call"])(**event["with"])
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "done"
"""


class Wrong(AssertionError):
    """A role may do what it should not, or may not do what it should."""


@dataclass(frozen=True, slots=True)
class Try:
    """One call under one function's role, and how it has to end."""

    function: str
    call: str
    on: str
    ends: str
    service: str = "dynamodb"


TRIES = (
    Try("CatalogWorker", "put_item", "CatalogTable", DONE),
    Try("CatalogWorker", "put_item", "PaymentsTable", REFUSED),
    Try("CatalogWorker", "get_item", "PeopleTable", REFUSED),
    Try("CatalogWorker", "delete_item", "CatalogTable", REFUSED),
    Try("CatalogWorker", "scan", "CatalogTable", REFUSED),
    Try("CatalogWorker", "get_secret_value", "LkppV5Secret", DONE, "secretsmanager"),
    Try("CatalogWorker", "get_secret_value", "MidtransSecret", REFUSED, "secretsmanager"),
    Try("CatalogFiles", "put_item", "CatalogTable", DONE),
    Try("CatalogFiles", "get_item", "CatalogTable", REFUSED),
    Try("CatalogStream", "put_item", "CatalogTable", DONE),
    Try("CatalogStream", "update_item", "CatalogTable", REFUSED),
    Try("CatalogSchedule", "send_message", "SyncQueue", DONE, "sqs"),
    Try("CatalogSchedule", "send_message", "ClosingQueue", REFUSED, "sqs"),
    Try("OrderingApi", "get_item", "OrdersTable", DONE),
    Try("OrderingApi", "update_item", "PaymentsTable", REFUSED),
    Try("OrderingToken", "get_item", "PeopleTable", DONE),
    Try("OrderingToken", "get_item", "OrdersTable", REFUSED),
    Try("PaymentsWebhook", "get_item", "PeopleTable", REFUSED),
    Try("NoticesWorker", "put_item", "OrdersTable", DONE),
    Try("NoticesWorker", "put_item", "PeopleTable", REFUSED),
    Try("NoticesStream", "get_item", "OrdersTable", REFUSED),
    Try("NoticesStream", "send_message", "NoticeQueue", DONE, "sqs"),
    Try("DispatchPlanner", "put_item", "PaymentsTable", REFUSED),
)


def check(deployment: Deployment, say: Callable[[str], None]) -> None:
    """Try everything; Wrong where one ends otherwise."""
    probes: dict[str, str] = {}
    for attempt in TRIES:
        if attempt.function not in probes:
            probes[attempt.function] = _probe(deployment, attempt.function)
        ended = _call(deployment, probes[attempt.function], attempt)
        if ended != attempt.ends and not (attempt.ends == REFUSED and "AccessDenied" in ended):
            raise Wrong(f"{attempt.function}: {attempt.call} on {attempt.on}: {ended}, not {attempt.ends}")
    refused = sum(attempt.ends == REFUSED for attempt in TRIES)
    say(f"rights: {len(TRIES) - refused} calls allowed, {refused} refused, as the roles say")


def _probe(deployment: Deployment, function: str) -> str:
    """Make a function with the role of *function*, on the engine's own botocore; return its name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("probe.py", _PROBE)
    client = deployment.aws("lambda")
    like = client.get_function_configuration(FunctionName=deployment.names[function])
    name = f"probe-{function}"
    client.create_function(
        FunctionName=name, Runtime=like["Runtime"], Handler="probe.handler", Role=like["Role"], Timeout=30,
        Code={"ZipFile": archive.getvalue()},
    )  # fmt: skip
    return name


def _call(deployment: Deployment, probe: str, attempt: Try) -> str:
    event = {"service": attempt.service, "call": attempt.call, "with": dict(_arguments(deployment, attempt))}
    answer = deployment.aws("lambda").invoke(FunctionName=probe, Payload=json.dumps(event).encode())
    told: Any = json.loads(answer["Payload"].read())
    if not isinstance(told, str):
        raise Wrong(f"{attempt.function}: the try itself failed: {told}")
    return told


def _arguments(deployment: Deployment, attempt: Try) -> Iterator[tuple[str, Any]]:
    name, key = deployment.names[attempt.on], {"pk": {"S": "TRY#1"}, "sk": {"S": "TRY"}}
    match attempt.service:
        case "secretsmanager":
            yield "SecretId", name
        case "sqs":
            yield from {"QueueUrl": name, "MessageBody": "{}", "DelaySeconds": 900}.items()  # nobody is to take it
        case _:
            yield "TableName", name
            if attempt.call != "scan":
                yield ("Item" if attempt.call == "put_item" else "Key"), key
