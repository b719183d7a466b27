"""HTTP: who read whose data, and the notice that the law asks for when somebody should not have."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lumbung.domain.errors import Fault, Invalid, NotFound
from lumbung.domain.moments import parse
from lumbung.domain.people import OPERATOR
from lumbung.domain.reading import MOST_DAYS, TOLD_WITHIN, Reading, breach, notice
from lumbung.runtime import deps
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import Utc, View

routes = Api(secret=deps.id_secret, earlier=deps.earlier)

SPAN = ("from!", "to!", "by", "person_id")


class ReadingView(View):
    at: Utc
    by: str
    roles: list[str]
    route: str
    people: list[str]

    @classmethod
    def of(cls, one: Reading) -> "ReadingView":
        return cls(at=one.at, by=one.by, roles=sorted(one.roles), route=one.route, people=sorted(one.people))


class ReadingList(View):
    items: list[ReadingView]


class BreachNoticeView(View):
    """Whom to tell, until when, and the text."""

    people: list[str]
    readers: list[str]
    first: Utc
    last: Utc
    tell_by: Utc
    text: str


@routes.get("/v1/readings", roles=(OPERATOR,), returns=ReadingList, query=SPAN)
def get_readings(call: Call) -> ReadingList:
    """Return who read whose data in a span of at most 31 days; `by` and `person_id` narrow it."""
    return ReadingList(items=[ReadingView.of(one) for one in _found(call)])


@routes.get("/v1/readings/breach-notice", roles=(OPERATOR,), returns=BreachNoticeView, query=SPAN, refuses=(404,))
def get_breach_notice(call: Call) -> BreachNoticeView:
    """Return the notice for what was read in a span, by whom it says; NotFound when nothing was."""
    found = breach(_found(call))
    if found is None:
        raise NotFound("Tidak ada pembacaan data pribadi dalam rentang ini.")
    return BreachNoticeView(
        people=sorted(found.people), readers=sorted(found.by), first=found.first, last=found.last,
        tell_by=call.at + TOLD_WITHIN, text=notice(found, known_at=call.at),
    )  # fmt: skip


def _found(call: Call) -> Iterator[Reading]:
    since, until = _moment(call, "from"), _moment(call, "to")
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        raise Invalid(f"Rentang paling lama {MOST_DAYS} hari.", [Fault("/query/to", f"paling lama {MOST_DAYS} hari")])
    by, person_id = call.query.get("by"), call.query.get("person_id")
    return deps.readings().between(since, until, by=by, person_id=person_id)


def _moment(call: Call, name: str) -> datetime:
    try:
        return parse(call.required_query(name))
    except ValueError:
        raise Invalid(f"Parameter {name} bukan waktu.", [Fault(f"/query/{name}", "RFC 3339")]) from None
