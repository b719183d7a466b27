"""SQS messages on the stack's clock: when they were sent, when they are due, how Lambda writes them.

Two notes travel with a message and are taken off before a function sees it: when it is due (written by the
worker that sent it with a delay) and when it was first sent (written when it is sent again).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.local.clock import StackClock, moment
from infra.local.meter import DUE
from infra.local.settings import REGION
from infra.local.sqs import Message

_SENT = "lumbung_sent"
_NOTES = (DUE, _SENT)


def sent_at(message: Message, clock: StackClock) -> datetime:
    attributes = message.get("MessageAttributes", {})
    if _SENT in attributes:
        return moment(attributes[_SENT]["StringValue"])
    return clock.at_real(int(message["Attributes"]["SentTimestamp"]) / 1000)


def due_at(message: Message, queue_delay: timedelta, clock: StackClock) -> datetime:
    """Return when *message* may be delivered; a queue's own delay counts once, at the first receive."""
    attributes = message.get("MessageAttributes", {})
    if DUE in attributes:
        return moment(attributes[DUE]["StringValue"])
    again = receives(message) > 1 or _SENT in attributes
    return sent_at(message, clock) + (timedelta() if again else queue_delay)


def receives(message: Message) -> int:
    return int(message["Attributes"].get("ApproximateReceiveCount", 1))


def to_send_again(message: Message, clock: StackClock, due: datetime | None = None) -> dict[str, Any]:
    """Return the attributes with which *message* is sent again: it keeps its first sending, and gets a new due time."""
    attributes = {name: _as_sent(value) for name, value in _own_attributes(message).items()}
    attributes[_SENT] = _note(sent_at(message, clock))
    if due:
        attributes[DUE] = _note(due)
    return attributes


def record(message: Message, queue_arn: str, clock: StackClock) -> dict[str, Any]:
    """Return *message* as it stands in a Lambda event."""
    attributes = {**message["Attributes"], "SentTimestamp": _millis(sent_at(message, clock))}
    if first := attributes.get("ApproximateFirstReceiveTimestamp"):
        attributes["ApproximateFirstReceiveTimestamp"] = _millis(clock.at_real(int(first) / 1000))
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": attributes,
        "messageAttributes": {name: _as_delivered(value) for name, value in _own_attributes(message).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _own_attributes(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.get("MessageAttributes", {}).items() if name not in _NOTES}


def _note(instant: datetime) -> dict[str, str]:
    return {"DataType": "String", "StringValue": instant.isoformat()}


def _millis(instant: datetime) -> str:
    return str(int(instant.timestamp() * 1000))


def _as_sent(attribute: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attribute.items() if key in ("DataType", "StringValue", "BinaryValue")}


def _as_delivered(attribute: Mapping[str, Any]) -> dict[str, Any]:
    written = {
        "stringValue": attribute.get("StringValue"),
        "binaryValue": attribute.get("BinaryValue"),
        "dataType": attribute["DataType"],
    }
    return {
        **{key: value for key, value in written.items() if value is not None},
        "stringListValues": [],
        "binaryListValues": [],
    }
