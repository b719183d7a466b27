"""Batches from queues, streams and the clock: what fails is reported, and does not fail its neighbours."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from lumbung.domain.errors import LumbungError
from lumbung.runtime.log import logger
from lumbung.store.table import Item, from_wire

T = TypeVar("T")
Failures = dict[str, list[dict[str, str]]]


class NotAll(Exception):
    """Some of what was due was not looked after, though each was tried: the log says why."""


def each(ids: Iterable[str], handle: Callable[[str], bool], failed: list[str]) -> int:
    """Hand each of *ids* to *handle*, and return for how many it did something; *failed* gets those that raised."""
    done = 0
    for id_ in ids:
        try:
            done += handle(id_)
        except Exception as error:  # noqa: BLE001 - a bug in one must not keep the others waiting; raised in the end
            _log(error, id_)
            failed.append(id_)
    return done


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


def gathered(
    event: dict[str, Any], look: Callable[[Item | None, Item], Iterable[T]], send: Callable[[list[T]], None]
) -> Failures:
    """Hand each stream record's old and new image to *look*, in order, and all that it finds to *send* at once.

    It stops at the first record that raises; what *send* raises is about all of them.
    """
    found: list[T] = []
    failed = []
    for record in event["Records"]:
        change = record["dynamodb"]
        try:
            old = change.get("OldImage")
            found += look(from_wire(old) if old else None, from_wire(change["NewImage"]))
        except Exception as error:  # noqa: BLE001 - reported, so that only this record is tried again
            _log(error, change["SequenceNumber"])
            failed.append({"itemIdentifier": change["SequenceNumber"]})
            break
    if found:
        send(found)
    return {"batchItemFailures": failed}


def bodies(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the JSON bodies of a batch that can be read: to look up together what its messages need."""
    read = []
    for record in event["Records"]:
        with suppress(ValueError):
            read.append(json.loads(record["body"]))
    return read


def images(event: dict[str, Any]) -> list[Item]:
    """Return the new images of a stream's batch, for what is done for all of them at once."""
    return [from_wire(record["dynamodb"]["NewImage"]) for record in event["Records"]]


def _log(error: Exception, record: str) -> None:
    if isinstance(error, LumbungError):
        logger.warning("record to be tried again", record=record, code=error.code, detail=error.detail)
    else:
        logger.exception("record failed", record=record)
