"""Queue entry point: tells people what has happened to their orders."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, partial
from typing import Any

from lumbung.domain.errors import LumbungError, NotFound
from lumbung.domain.notice import Notice, is_overtaken
from lumbung.domain.permission import may_tell
from lumbung.domain.wording import About, letter
from lumbung.runtime import batch, clock, deps, deps_notices
from lumbung.runtime.log import logger
from notices.look_up import LookUp
from notices.tell_people import Addressed, Outcome, tell_people


@cache
def look_up() -> LookUp:
    return LookUp(deps.orders(), deps.waves(), deps.dropoffs(), deps.people(), deps_notices.payments())


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, partial(_report, _tell(_notices(batch.bodies(event)))))


def _notices(bodies: Iterable[dict[str, Any]]) -> list[Notice]:
    read = []
    for body in bodies:
        with suppress(TypeError):  # what is no notice fails by itself, when it is reported
            read.append(Notice(**body))
    return read


def _tell(notices: Iterable[Notice]) -> dict[Notice, Outcome]:
    abouts = look_up().orders_of({notice.order_id for notice in notices})
    letters: dict[Notice, Addressed] = {}
    outcomes: dict[Notice, Outcome] = {}
    for notice in notices:
        try:
            about = _about(notice, abouts)
        except LumbungError as later:
            outcomes[notice] = Outcome("unknown", again=later)
            continue
        if is_overtaken(notice, about.order):
            outcomes[notice] = Outcome("overtaken")
        elif not may_tell(notice.kind, about.person.forbidden):
            outcomes[notice] = Outcome("forbidden")
        else:
            letters[notice] = Addressed(letter(notice, about), about.person)
    return outcomes | tell_people(
        letters, now=clock.now(), records=deps_notices.notices(), channels=deps_notices.channels()
    )


def _about(notice: Notice, abouts: Mapping[str, About]) -> About:
    if (about := abouts.get(notice.order_id)) is None:
        raise NotFound(f"Pesanan {notice.order_id} tidak ditemukan.")
    return look_up().completed(notice, about)


def _report(outcomes: Mapping[Notice, Outcome], message: dict[str, Any]) -> None:
    """Log what came of one notice; raise what makes it come again."""
    notice = Notice(**message)
    outcome = outcomes[notice]
    if outcome.again:
        raise outcome.again
    logger.info("notice", order_id=notice.order_id, kind=notice.kind, outcome=outcome.state, channel=outcome.channel)
