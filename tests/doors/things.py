"""Which thing stands for a caller's own, another's at the same drop-off, and another's elsewhere: by path parameter."""

from collections.abc import Iterator, Mapping

OWN, SAME, OTHER, DELETED, UNKNOWN = "own", "same", "other", "deleted", "unknown"
EXISTING = (OWN, SAME, OTHER)
Thing = Mapping[str, str]
_ORDER: Thing = {OWN: "siti", SAME: "budi", OTHER: "joko"}
_PIC_S_ORDER: Thing = {OWN: "rini", SAME: "siti", OTHER: "joko"}
_BELOW: Thing = {OWN: "own", SAME: "other", OTHER: "other"}  # below the own drop-off, another's rider is crossed
_PLACE: Thing = {OWN: "own", SAME: "own", OTHER: "other"}
_THREE: Thing = {OWN: "own", SAME: "same", OTHER: "other"}
_TWO: Thing = {OWN: "own", OTHER: "other"}
_ONE: Thing = {OWN: "own"}

# By path parameter: what the world calls such things, and which is whose.
THINGS: Mapping[str, tuple[str, Thing]] = {
    "order_id": ("order", _ORDER),
    "refund_id": ("refund", _ORDER),
    "dropoff_id": ("dropoff", _PLACE),
    "dispatch_id": ("dispatch", _BELOW),
    "rider_id": ("rider", _BELOW),
    "trip_id": ("trip", _TWO),
    "token": ("ride", _TWO),
    "consignment_id": ("consignment", _THREE),
    "cooperative_id": ("cooperative", _THREE),
    "product_id": ("product", _THREE),
    "settlement_id": ("settlement", _THREE),
    "wave_id": ("wave", _TWO),
    "institution_id": ("institution", _TWO),
    "person_id": ("person", {OWN: "own", OTHER: "own"}),  # staff of the one institution, named below the other
    "request_id": ("staff-request", _TWO),
    "remittance_id": ("remittance", _TWO),
    "no_produk_penyedia": ("sku", _ONE),
    "look_id": ("look", _ONE),
    "source": ("source", _ONE),
    "supplier_id": ("supplier", _ONE),
    "sync_id": ("sync", _ONE),
    "position": ("position", _ONE),
    "workbook_id": ("workbook", _ONE),
    "account": ("account", _ONE),
    "line_id": ("line", _ONE),
    "import_id": ("staff-import", _ONE),
    "statement_id": ("statement", _ONE),
    "batch_id": ("batch", _ONE),
    "code": ("village", _ONE),
    "purpose": ("purpose", _ONE),
}
# What is no record of its own, or is made of others, cannot be deleted.
LASTING = {"account", "source", "position", "no_produk_penyedia", "token", "purpose"}
DRAFTED = ("/v1/drafts/", "/publication", "PATCH /v1/waves/")


def ids_of(
    route: str, parameters: list[str], role: str, ids: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield, for each ownership that a route's things can have, the values of its path parameters."""
    for ownership in EXISTING:
        named = {parameter: _named(route, parameter, role, ownership) for parameter in parameters}
        if all(name in ids for name in named.values()):
            yield ownership, {parameter: ids[name] for parameter, name in named.items()}
    own = {parameter: ids[_named(route, parameter, role, OWN)] for parameter in parameters}
    if not LASTING & set(parameters):
        yield DELETED, own
    *above, last = parameters
    yield UNKNOWN, {**{name: own[name] for name in above}, last: _never_was(own[last])}


def _named(route: str, parameter: str, role: str, ownership: str) -> str:
    kind, whose = THINGS[parameter]
    if kind in ("order", "refund") and role == "pic":
        whose = _PIC_S_ORDER
    if kind == "wave" and any(part in route for part in DRAFTED):
        return "wave draft" if ownership == OWN else "no other draft"
    return f"{kind} {whose.get(ownership, 'of nobody')}"


def _never_was(id_: str) -> str:
    prefix, mark, _ = id_.partition("_")
    return f"{prefix}_{'0' * 26}" if mark else "0" * len(id_)
