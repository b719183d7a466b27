"""Batches from queues and streams: a record that fails is reported, and does not fail its neighbours."""

import json
from collections.abc import Callable
from typing import Any

from lumbung.domain.errors import LumbungError
from lumbung.runtime.log import logger
from lumbung.store.table import Item, from_wire

Failures = dict[str, list[dict[str, str]]]


def messages(event: dict[str, Any], handle: Callable[[dict[str, Any]], None]) -> Failures:
    """Hand each SQS message's JSON body to *handle*; what raises is seen again, and ends in the dead letters."""
    failed = []
    for record in event["Records"]:
        try:
            handle(json.loads(record["body"]))
        except Exception as error:  # noqa: BLE001 - a bug in one message must not lose its neighbours
            _log(error, record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def changes(event: dict[str, Any], handle: Callable[[Item], None]) -> Failures:
    """Hand each stream record's new image to *handle*, in order; stop at the first that raises."""
    for record in event["Records"]:
        number = record["dynamodb"]["SequenceNumber"]
        try:
            handle(from_wire(record["dynamodb"]["NewImage"]))
        except Exception as error:  # noqa: BLE001 - reported, so that only this record is tried again
            _log(error, number)
            return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


def _log(error: Exception, record: str) -> None:
    if isinstance(error, LumbungError):
        logger.warning("record to be tried again", record=record, code=error.code, detail=error.detail)
    else:
        logger.exception("record failed", record=record)
