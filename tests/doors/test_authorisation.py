"""Every role at every route, with its own things and with others': the table says who is let in, the gateway agrees."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.interface import STOREFRONT, WEBHOOKS
from infra.local.gateway import Response
from tests.doors import things
from tests.doors.gateway import declared
from tests.doors.world import CALLERS, World

TABLE = Path(__file__).parent / "authorisation.txt"
PASSES = {"own": ("own",), "any": things.EXISTING, "open": (*things.EXISTING, things.DELETED, things.UNKNOWN)}
REFUSES_THE_QUERY = {"GET /v1/waves/{wave_id}/purchase-orders"}  # waves are public: the cooperative is refused
OF_THE_REQUEST = {"x-request-id", "apigw-requestid", "content-length"}


@dataclass(frozen=True)
class Row:
    """One route: what the table expects of each role."""

    route: str
    query: str
    passes: int
    cells: dict[str, str]

    @property
    def method(self) -> str:
        return self.route.split()[0]

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.route)

    def expected(self, role: str, ownership: str) -> int:
        cell = self.cells[role]
        if cell.isdigit():
            return int(cell)
        cell, _, otherwise = cell.partition("/")
        let_in = [word for part in cell.split("+") for word in PASSES.get(part, (part,))]
        return self.passes if ownership in let_in else int(otherwise or 404)


def table() -> list[Row]:
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    rows = []
    for method, path, passes, *cells in lines[1:]:
        path, _, query = path.partition("?")
        rows.append(Row(f"{method} {path}", query, int(passes), dict(zip(CALLERS, cells, strict=True))))
    return rows


def cells(row: Row, world: World) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield role, ownership and the values of path parameters."""
    for role in CALLERS:
        if row.parameters:
            for ownership, values in things.ids_of(row.route, row.parameters, role, world.ids):
                yield role, ownership, values
        else:
            yield role, things.OWN, {}


def ask(world: World, row: Row, role: str, values: dict[str, str]) -> Response:
    in_query = {
        parameter: world.ids[f"{parameter.removesuffix('_id')} own"] for parameter in ("wave_id", "cooperative_id")
    }
    query = f"?{row.query.format(**in_query)}" if row.query else ""
    path = row.route.split()[1].format(**values)
    return world.gateway.send(row.method, path + query, caller=CALLERS[role])


def asked_once_deleted(world: World, row: Row, role: str, values: dict[str, str]) -> Response:
    """Ask for a thing whose items are gone."""
    again, gone = world.keep(), list(values.values())[-1]
    world.forget(gone)
    answer = ask(world, row, role, values)
    again()
    return answer


def without_ids(answer: Response, values: dict[str, str]) -> tuple[Any, ...]:
    """Return all that could tell two refusals apart, but for what the caller said, and the request's own id."""
    told = answer.body.decode()
    for value in values.values():
        told = told.replace(value, "…")
    body = json.loads(told) if told.startswith("{") else told
    if isinstance(body, dict):
        body.pop("instance", None)
    return answer.status, sorted((n, v) for n, v in answer.headers if n not in OF_THE_REQUEST), body


def test_every_route_is_in_the_table_and_nothing_else():
    routes = {route.key for route in declared()[0].routes}

    assert sorted(row.route for row in table()) == sorted(routes - WEBHOOKS.keys() - set(STOREFRONT))


@pytest.mark.parametrize("row", table(), ids=lambda row: row.route)
def test_who_is_let_in(world: World, row: Row) -> None:
    before, wrong, refusals = world.everything(), [], {}
    for role, ownership, values in cells(row, world):
        send = asked_once_deleted if ownership == things.DELETED else ask
        answer = send(world, row, role, values)
        if answer.status != row.expected(role, ownership):
            wrong.append((role, ownership, answer.status, row.expected(role, ownership), answer.body[:200]))
        if answer.status == 404:  # things below a drop-off are told apart by it alone
            refusals.setdefault((role, *list(values.values())[:-1]), {})[ownership] = without_ids(answer, values)

    assert wrong == []
    for role, told in refusals.items() if row.route not in REFUSES_THE_QUERY else ():
        assert len({json.dumps(refusal) for refusal in told.values()}) == 1, (role, told)
    assert world.gateway.raised == []
    assert world.everything() == before, "a question changed something"


def seen_by(world: World, role: str, ownership: str) -> dict[str, int]:
    """Return the status of every route to which being in charge, or speaking for a cooperative, lets *role* in."""
    return {
        row.route: ask(world, row, role, values).status
        for row in table()
        if row.parameters and row.cells["nobody"] == "401"
        for of_role, of_ownership, values in cells(row, world)
        if (of_role, of_ownership) == (role, ownership) and row.expected(role, ownership) == row.passes
    }


@pytest.mark.parametrize(
    ("role", "ownership", "path", "taken_away"),
    [
        pytest.param("pic", things.SAME, "/v1/dropoffs/{dropoff own}", {"pic_ids": ["somebody"]},
                     id="a person in charge"),
        pytest.param("cooperative", things.OWN, "/v1/cooperatives/{cooperative own}", {"operator_ids": ["somebody"]},
                     id="who speaks for a cooperative"),
    ],
)  # fmt: skip
def test_what_is_taken_away_is_gone_with_the_next_call(
    world: World, role: str, ownership: str, path: str, taken_away: dict[str, Any]
) -> None:
    before = seen_by(world, role, ownership)

    world.ask("PATCH", path.format(**world.ids), taken_away)
    after = seen_by(world, role, ownership)

    assert len(before) > 5
    still = {route: status for route, status in after.items() if status == before[route] != 404}
    assert still.keys() <= OF_THE_WAVE | OF_NOBODY, still


OF_NOBODY = {"PUT /v1/me/consents/{purpose}"}  # names a use of data, not a thing
OF_THE_WAVE = {"GET /v1/waves/{wave_id}/consignments"}  # a list, in which nothing of theirs is left


# What a body names: (who, method, path, body, status). Names in braces are the world's.
NAMED_IN_BODIES = [
    pytest.param("cooperative", "POST", "/v1/catalog/products", {"cooperative_id": "{cooperative own}"}, 201,
                 id="an own cooperative's product"),
    pytest.param("cooperative", "POST", "/v1/catalog/products", {"cooperative_id": "{cooperative same}"}, 422,
                 id="another cooperative's product"),
    pytest.param("cooperative", "POST", "/v1/catalog/products", {"cooperative_id": "cop_0"}, 422,
                 id="nobody's product: the same answer"),
    pytest.param("cooperative", "PATCH", "/v1/catalog/products/{product own}", {"cooperative_id": "{cooperative same}"},
                 403, id="a product given away"),
    pytest.param("member", "POST", "/v1/orders", {"dropoff_id": "{dropoff own}", "on_behalf_of": "somebody"}, 403,
                 id="a member orders for somebody"),
    pytest.param("pic", "POST", "/v1/orders", {"dropoff_id": "{dropoff own}", "on_behalf_of": "somebody"}, 201,
                 id="a person in charge orders for somebody at the own drop-off"),
    pytest.param("pic", "POST", "/v1/orders", {"dropoff_id": "{dropoff other}", "on_behalf_of": "somebody"}, 404,
                 id="a person in charge orders for somebody elsewhere"),
    pytest.param("pic", "POST", "/v1/orders", {"dropoff_id": "drp_0", "on_behalf_of": "somebody"}, 404,
                 id="a person in charge orders for somebody nowhere: the same answer"),
    pytest.param("pic", "POST", "/v1/dropoffs/{dropoff own}/dispatches", {"wave_id": "wav_0"}, 422,
                 id="a wave that does not come to the drop-off"),
]  # fmt: skip
SOMEBODY = {"name": "Nenek", "phone": "081277778888", "institution_id": None}


@pytest.mark.parametrize(("role", "method", "path", "named", "status"), NAMED_IN_BODIES)
def test_what_a_body_names_must_be_one_s_own(
    world: World, role: str, method: str, path: str, named: dict[str, Any], status: int
) -> None:
    body = json.loads(re.sub(r"\{(\w+ \w+)\}", lambda name: world.ids[name[1]], json.dumps(named)))
    if path == "/v1/catalog/products":
        body |= {"name": "Telur", "commodity": "eggs", "packs": [{"sku": "new", "weight_g": 1_000, "price": 30_000}]}
    if path == "/v1/orders":
        body |= {
            "on_behalf_of": SOMEBODY | {"institution_id": world.ids["institution own"]},
            "wave_id": world.ids["wave own"], "lines": [{"offer_id": world.ids["offer own"], "quantity": 1}],
            "fulfilment": {"method": "pickup"},
        }  # fmt: skip

    before = world.everything()
    answer = world.gateway.send(method, path.format(**world.ids), body, caller=CALLERS[role], key="named")

    assert answer.status == status, answer.body
    assert status < 300 or world.everything() == before
