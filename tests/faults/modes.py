"""What can go wrong with one AWS call, and what that looks like to the function that made it.

mode            the call is                                the function sees
crash before    not made                                   nothing: its process is gone
crash after     made                                       nothing: its process is gone
throttle        not made                                   ThrottlingException
time-out        made                                       ReadTimeoutError: applied, and it cannot know
re-send         made twice, under one token if it has one  the second answer
conflict        not made                                   TransactionConflict on the first item
partial batch   made for one half                          the other half as unprocessed
rival           made after somebody else's whole action    whatever that left

A provider's calls fail too: one that is throttled was surely not made (ProviderUnavailable); of one that timed out,
which was made, or that met an error, which was not, nobody knows (InDoubt).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from lumbung.domain.errors import InDoubt, ProviderUnavailable

CRASH_BEFORE, CRASH_AFTER, THROTTLE, TIMEOUT = "crash before", "crash after", "throttle", "time-out"
RESEND, CONFLICT, PARTIAL, RIVAL = "re-send", "conflict", "partial batch", "rival"
ERROR = "error"
COURIER_MODES = (CRASH_BEFORE, CRASH_AFTER, TIMEOUT, THROTTLE, ERROR)
MODES = (CRASH_BEFORE, CRASH_AFTER, THROTTLE, TIMEOUT, RESEND, CONFLICT, PARTIAL)
_WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "SendMessage", "SendMessageBatch")
_CONFLICTING = _WRITES[:4]
OUTSIDE = "outside "  # how an operation is called that is not AWS's


Act = Callable[[], Any]


class Crash(BaseException):
    """The function's process is gone: nothing after this point runs."""


@dataclass(frozen=True, slots=True)
class Fault:
    """*mode* at call number *at* (the first is 1); for a rival, what they do there."""

    at: int
    mode: str
    rival: Act | None = None


def can_happen(mode: str, operation: str, params: dict[str, Any]) -> bool:
    """Say whether *mode* means anything for this call."""
    match mode:
        case "re-send":
            return operation in _WRITES
        case "conflict":
            return operation in _CONFLICTING
        case "partial batch":
            return operation == "BatchGetItem" and _keys(params) > 1
        case "error":
            return operation.startswith(OUTSIDE)
    return True


def throttled(operation: str) -> Exception:
    if operation.startswith(OUTSIDE):
        return ProviderUnavailable("injected")
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "injected"}}, operation)


def timed_out(operation: str) -> Exception:
    if operation.startswith(OUTSIDE):
        return InDoubt("injected")
    return ReadTimeoutError(endpoint_url="https://injected")


def conflicting(operation: str, params: dict[str, Any]) -> ClientError:
    if operation != "TransactWriteItems":
        return ClientError({"Error": {"Code": "TransactionConflictException", "Message": "injected"}}, operation)
    others: list[dict[str, str]] = [{"Code": "None"}] * (len(params["TransactItems"]) - 1)
    return ClientError(
        {
            "Error": {"Code": "TransactionCanceledException", "Message": "injected"},
            "CancellationReasons": [{"Code": "TransactionConflict", "Message": "injected"}, *others],
        },
        operation,
    )


def halved(params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a BatchGetItem for the first half of the keys, and what it leaves unprocessed."""
    [(table, asked)] = params["RequestItems"].items()
    middle = len(asked["Keys"]) // 2
    first, rest = ({**asked, "Keys": keys} for keys in (asked["Keys"][:middle], asked["Keys"][middle:]))
    return {**params, "RequestItems": {table: first}}, {table: rest}


def _keys(params: dict[str, Any]) -> int:
    return sum(len(asked["Keys"]) for asked in params["RequestItems"].values())
