"""Schedule entry point, every half hour: reminds whoever has not paid yet and soon must."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from lumbung.domain.moments import parse
from lumbung.domain.notice import Notice
from lumbung.runtime import deps, deps_notices
from lumbung.runtime.log import logger
from notices.remind_unpaid import remind_unpaid


def handler(event: dict[str, Any], context: Any) -> None:
    minutes = os.environ["REMIND_MINUTES_BEFORE"].split(",")
    reminded = remind_unpaid(
        now=parse(event["time"]), leads=[timedelta(minutes=int(m)) for m in minutes],
        soon=deps_notices.due_soon(), orders=deps.orders(), send=_send,
    )  # fmt: skip
    logger.info("reminded", orders=reminded)


def _send(notices: Sequence[Notice]) -> None:
    deps.queue("NOTICE_QUEUE").send_all([asdict(notice) for notice in notices])
