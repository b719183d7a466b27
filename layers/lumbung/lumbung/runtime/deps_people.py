"""What only people's rights over their own data use."""

from collections.abc import Iterator
from functools import cache

from lumbung.domain import nip
from lumbung.domain.registry import Dropoff
from lumbung.runtime import deps
from lumbung.store.consents import Consents
from lumbung.store.erasures import Erasures
from lumbung.store.kept import Kept
from lumbung.store.permissions import Permissions
from lumbung.store.traces import Traces

_PAGE = 1000


@cache
def erasures() -> Erasures:
    return Erasures(deps.db(), deps.table("orders"))


@cache
def traces() -> Traces:
    return Traces(deps.personal(), lambda number: nip.digest(deps.id_secret(), number))


@cache
def tpp_consents() -> Consents:
    return Consents(deps.db(), deps.table("people"))


@cache
def permissions() -> Permissions:
    return Permissions(deps.db(), deps.table("people"))


@cache
def kept() -> Kept:
    tables = {name: deps.table(name) for name in ("orders", "payments", "deliveries")}
    return Kept(deps.db(), deps.personal(), tables)


def all_dropoffs() -> Iterator[Dropoff]:
    start = None
    while True:
        page, start = deps.dropoffs().page(limit=_PAGE, start=start)
        yield from page
        if start is None:
            return
