"""The notifications that the functions have sent, as the engine's mail service keeps them."""

import json
from typing import Any

from infra.local.aws import Client
from infra.local.clock import StackClock, moment, stamp
from infra.local.settings import ACCOUNT


async def sent(engine: Client, clock: StackClock) -> list[dict[str, Any]]:
    """Return the mails sent so far, oldest first, with the stack's time on them."""
    _, answer = await engine.request("GET", f"/_ministack/ses/messages?account={ACCOUNT}", service="ses")
    mails = json.loads(answer)["messages"].get(ACCOUNT, [])
    return [
        {
            "id": mail["MessageId"],
            "channel": "email",
            "to": mail["To"],
            "subject": mail["Subject"],
            "body": mail["BodyText"],
            "sent_at": stamp(clock.at_real(_epoch(mail["Timestamp"]))),
        }
        for mail in mails
    ]


def _epoch(written: Any) -> float:
    return float(written) if isinstance(written, (int, float)) else moment(written).timestamp()
