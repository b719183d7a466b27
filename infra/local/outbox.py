"""The notifications that the functions have sent: mails as the engine keeps them, WhatsApp's as its simulator does."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from infra.local.aws import Client
from infra.local.clock import StackClock, moment, stamp
from infra.local.runtime_api import Outcome
from infra.local.settings import ACCOUNT

Messages = Callable[[], Awaitable[list[dict[str, Any]]]]


class Outbox:
    """*messages* asks for what was sent by WhatsApp. The engine does not keep a mail's tags; the workers tell them."""

    def __init__(self, engine: Client, clock: StackClock, messages: Messages) -> None:
        self._engine, self._clock, self._messages = engine, clock, messages
        self._tags: dict[str, Mapping[str, str]] = {}

    def heard(self, outcome: Outcome) -> None:
        self._tags |= outcome.meter.get("mails", {})

    async def sent(self) -> list[dict[str, Any]]:
        """Return what was sent so far, oldest first, with the stack's time on it."""
        mails = [self._mail(mail) for mail in await self._mails()]
        messages = [_message(message) for message in await self._messages()]
        return sorted(mails + messages, key=lambda sent: moment(sent["sent_at"]))

    async def _mails(self) -> list[dict[str, Any]]:
        path = f"/_ministack/ses/messages?account={ACCOUNT}"
        _, answer = await self._engine.request("GET", path, service="ses")
        mails: list[dict[str, Any]] = json.loads(answer)["messages"].get(ACCOUNT, [])
        return mails

    def _mail(self, mail: Mapping[str, Any]) -> dict[str, Any]:
        tags = self._tags.get(mail["MessageId"], {})
        return {
            "id": mail["MessageId"],
            "channel": "email",
            "to": ", ".join(mail["To"]),
            "subject": mail["Subject"],
            "body": mail["BodyText"],
            "kind": tags.get("kind"),
            "order_id": tags.get("order_id"),
            "sent_at": stamp(self._clock.at_real(_epoch(mail["Timestamp"]))),
        }


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    tags = json.loads(message["tags"] or "{}")
    return {
        "id": message["id"],
        "channel": "whatsapp",
        "to": f"+{message['to'].removeprefix('+')}",
        "template": message["template"],
        "body": message["body"],
        "kind": tags.get("kind"),
        "order_id": tags.get("order_id"),
        "sent_at": message["sent_at"],
    }


def _epoch(written: Any) -> float:
    return float(written) if isinstance(written, (int, float)) else moment(written).timestamp()
