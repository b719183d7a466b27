"""HTTP: everything that is kept about the caller (UU 27/2022, articles 5 to 7 and 13)."""

from typing import Any

from lumbung.domain.moments import from_ms, rfc3339
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC
from lumbung.runtime import deps, deps_people
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import Utc, View

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
# What serves finding and expiring, and says nothing of anybody.
WITHOUT = frozenset(
    {"pk", "sk", "kind", "list_key", "list_sort", "due_key", "hash", "request_hash", "version", "holds"}
)
SINCE_2001_MS = 10**12


class KeptThing(View):
    """One thing that is kept: what it belongs to, what it is, and what it says."""

    section: str
    id: str
    what: str
    says: dict[str, Any]


class DataView(View):
    ids: list[str]
    as_of: Utc
    items: list[KeptThing]


@routes.get("/v1/me/data", roles=(MEMBER, PIC, COOPERATIVE, OPERATOR), returns=DataView)
def get_data(call: Call) -> DataView:
    """Return all of it, in full: also what is shown masked elsewhere."""
    found = deps_people.kept().about(call.caller.ids)
    things = [
        KeptThing(section=section, id=item["pk"].partition("#")[2], what=item["sk"], says=_readable(item))
        for section, item in found
    ]
    return DataView(ids=list(call.caller.ids), as_of=call.at, items=things)


def _readable(item: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in item.items() if name not in WITHOUT}


def _plain(value: Any) -> Any:
    """Moments are kept as milliseconds, and names in no order."""
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > SINCE_2001_MS:
        return rfc3339(from_ms(value))
    return value
