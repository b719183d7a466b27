"""What the way home costs is asked before ordering, and held to: dispatch's and ordering's handlers on moto."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatch import api
from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from tests.integration.conftest import ENVIRONMENTS, Reply
from tests.integration.faults import seam
from tests.integration.office import DURING, PIC, Office, a_member, office
from tests.integration.test_dispatch_trips import Biteship, biteship, simulator

__all__ = ["biteship", "office", "simulator"]

HOME = {
    "line": "Jl. Setiabudi 9", "village_code": "31.74.02.1001", "postal_code": "12910",
    "lat": -6.2466, "lng": 106.83, "recipient": "Siti", "phone": "081234567801",
}  # fmt: skip
TARIFF, BITESHIP = 10_200, 10_000  # 3 km, by road 3.9 km: the minima


def ask(
    office: Office, weight_g: int = 5_000, *, caller: Caller | None = None, at: datetime = DURING, **changes: Any
) -> Reply:
    body = {"dropoff_id": office.dropoff, "address": HOME, "weight_g": weight_g} | changes
    return office.http(api.handler, "POST", "/v1/courier-quotes", body, caller=caller or a_member(), at=at)


def cheapest(office: Office, weight_g: int = 5_000) -> str:
    """Return the id of the courier's quote, which costs 200 rupiah less than the tariff."""
    quote = ask(office, weight_g).json[0]
    assert quote["courier"] == "biteship"
    return str(quote["quote_id"])


def by_quote(quote_id: str, **address: Any) -> dict[str, Any]:
    return {"fulfilment": {"method": "courier", "address": HOME | address, "quote_id": quote_id}}


def test_the_tariff_and_the_courier_s_own_price_are_offered(office: Office, biteship: Biteship) -> None:
    quotes = ask(office)

    assert quotes.status == 200, quotes.text
    assert [{**quote, "quote_id": "quo"} for quote in quotes.json] == [
        {
            "quote_id": "quo", "courier": courier, "service": service, "fee": fee, "fee_per_kg": fee // 5,
            "eta_minutes": 27, "trips": 1, "valid_until": "2020-04-07T03:30:00Z", "warning": None,
        }
        for courier, service, fee in (("biteship", "gojek/instant", BITESHIP), ("lumbung", "motorcycle", TARIFF))
    ]  # fmt: skip
    assert len({quote["quote_id"] for quote in quotes.json}) == 2


def test_a_quote_says_nothing_about_anybody_and_passes(office: Office, biteship: Biteship) -> None:
    ask(office)

    kept = list(deps.db().scan(deps.table("deliveries")))

    assert len(kept) == 2
    assert not [value for value in HOME.values() if str(value) in str(kept)]
    assert not [field for item in kept for field in item if field in ("lat", "lng", "address", "member")]
    assert {item["expires"] for item in kept} == {int((DURING + timedelta(minutes=90)).timestamp())}


def test_a_person_in_charge_asks_too_and_several_trips_cost_several_times(office: Office, biteship: Biteship) -> None:
    quotes = ask(office, 45_000, caller=PIC).json

    assert [(quote["fee"], quote["trips"], quote["fee_per_kg"]) for quote in quotes] == [
        (3 * BITESHIP, 3, 667), (3 * TARIFF, 3, 680),
    ]  # fmt: skip


def packs(*packs_g: tuple[int, int]) -> dict[str, Any]:
    """Return the changes that ask about so many packs of so many grams."""
    asked = [{"weight_g": grams, "quantity": count} for grams, count in packs_g]
    return {"packs": asked, "weight_g": sum(grams * count for grams, count in packs_g)}


@pytest.mark.parametrize(
    ("changes", "trips"),
    [
        (packs((20_000, 1)), 1),
        (packs((20_000, 1), (5_000, 1)), 2),
        (packs((15_000, 3)), 3),
        (packs((5_000, 4)), 1),
        (packs((100, 100)), 2),
        ({"weight_g": 45_000}, 3),
        ({"weight_g": 400_000}, 20),
    ],
    ids=[
        "a 20 kg pack fills one",
        "and shares with nothing",
        "three of 15",
        "four of 5",
        "bulky",
        "no packs",
        "400 kg",
    ],
)
def test_the_trips_are_those_that_the_packs_take(
    office: Office, biteship: Biteship, changes: dict[str, Any], trips: int
) -> None:
    quotes = ask(office, **changes)

    assert quotes.status == 200, quotes.text
    assert [(q["courier"], q["trips"], q["fee"]) for q in quotes.json] == [
        ("biteship", trips, trips * BITESHIP), ("lumbung", trips, trips * TARIFF),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "asked", "trips"),
    [
        ("biteship=20kg 60x50x50cm 40km", packs((20_000, 2)), {"lumbung": 2, "biteship": 2}),
        ("biteship=10kg 40x40x40cm 30km", packs((20_000, 2)), {"lumbung": 2}),
        ("biteship=20kg 35x35x35cm 30km", packs((20_000, 2)), {"lumbung": 2}),
        ("biteship=20kg 40x40x40cm 3km", packs((20_000, 2)), {"lumbung": 2}),
    ],
    ids=["a larger box", "too heavy for it", "too large for it", "too far for it"],
)
def test_each_courier_is_asked_within_its_own_limits(
    office: Office, biteship: Biteship, limits: str, asked: dict[str, Any], trips: dict[str, int]
) -> None:
    ENVIRONMENTS["dispatch.api.handler"]["COURIER_LIMITS"] = limits

    assert {quote["courier"]: quote["trips"] for quote in ask(office, **asked).json} == trips


@pytest.mark.parametrize("mode", ["down", "error", "garbage"])
def test_a_courier_that_does_not_answer_is_left_out(office: Office, biteship: Biteship, mode: str) -> None:
    biteship.fault(mode)

    quotes = ask(office)

    assert (quotes.status, [quote["courier"] for quote in quotes.json]) == (200, ["lumbung"])


@pytest.mark.parametrize(
    ("changes", "pointer", "reason"),
    [
        pytest.param({"address": HOME | {"lat": -6.9}}, "/address", "melebihi batas kurir 30 km", id="too far"),
        pytest.param({"weight_g": 600_001}, "/weight_g", "paling banyak 20 kg", id="too heavy"),
        pytest.param(packs((25_000, 1)), "/packs", "Satu kemasan 25 kg melebihi batas kurir 20 kg", id="a 25 kg pack"),
        pytest.param(packs((400_000, 1)), "/packs", "Satu kemasan 400 kg melebihi", id="a 400 kg pack"),
        pytest.param(packs((11_000, 31)), "/packs", "Lebih dari 30 perjalanan", id="31 trips"),
    ],
)
def test_beyond_the_limits_there_is_a_reason(
    office: Office, biteship: Biteship, changes: dict[str, Any], pointer: str, reason: str
) -> None:
    refused = ask(office, **changes)

    assert (refused.status, refused.json["code"]) == (409, "limit_exceeded")
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]
    assert reason in refused.json["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"weight_g": 0}, "/weight_g", id="no weight"),
        pytest.param({"weight_g": 5_000.5}, "/weight_g", id="half a gram"),
        pytest.param({"dropoff_id": "drp_nowhere"}, "/dropoff_id", id="an unknown drop-off"),
        pytest.param({"address": {"lat": -6.2}}, "/address", id="half a place"),
        pytest.param({"address": HOME | {"lat": 52.5}}, "/address/lat", id="a place abroad"),
        pytest.param({"address": HOME | {"lat": 106.8}}, "/address/lat", id="a longitude as latitude"),
        pytest.param({"address": HOME | {"phone": "12"}}, "/address/phone", id="no phone"),
        pytest.param({"address": {"line": "Jl. X"}}, "/address", id="nowhere"),
        pytest.param({"address": {"village_code": "31.74.02.1001"}}, "/address/village_code", id="no such village"),
        pytest.param(packs((5_000, 2)) | {"weight_g": 5_000}, "", id="packs that do not add up"),
        pytest.param(packs((0, 1)) | {"weight_g": 1}, "/packs/0/weight_g", id="a pack of 0 g"),
        pytest.param({"wave_id": "wav_1"}, "/wave_id", id="an unknown field"),
    ],
)
def test_bad_input_is_pointed_at(office: Office, changes: dict[str, Any], pointer: str) -> None:
    refused = ask(office, **changes)

    assert (refused.status, refused.json["code"]) == (422, "invalid_request")
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


def test_only_members_ask(office: Office) -> None:
    assert ask(office, caller=Caller("coop-1", frozenset({"cooperative"}))).status == 403


# -- ordering by a quote


def test_an_order_takes_fee_and_trips_from_its_quote(office: Office, biteship: Biteship) -> None:
    wave = office.wave()
    quote_id = cheapest(office)

    made = office.order(wave, **by_quote(quote_id))

    assert made.status == 201, made.text
    assert (made.json["courier_fee"], made.json["total"]) == (BITESHIP, 55_000 + BITESHIP)
    shown = {name: value for name, value in made.json["fulfilment"].items() if value is not None}
    assert shown == {"method": "courier", "address": HOME, "quote_id": quote_id, "trips": 1}


def test_the_same_key_is_the_same_order_when_its_quote_is_long_over(office: Office, biteship: Biteship) -> None:
    wave = office.wave()
    wanted = by_quote(cheapest(office))
    made = office.order(wave, **wanted)

    again = office.order(wave, at=DURING + timedelta(days=30), **wanted)

    assert (again.status, again.json) == (201, made.json)


def test_an_edit_takes_a_quote_and_keeps_it_while_it_weighs_no_more(office: Office, biteship: Biteship) -> None:
    wave = office.wave()
    offer = wave["offers"][0]["id"]
    made = office.order(wave, packs=1).json

    def packs(n: int) -> dict[str, Any]:
        return {"lines": [{"offer_id": offer, "quantity": n}]}

    fees = [
        office.edit(made["id"], body, key=str(n)).json["courier_fee"]
        for n, body in enumerate([packs(2) | by_quote(cheapest(office, 10_000)), packs(1), packs(2), packs(1)])
    ]

    assert fees == [BITESHIP, BITESHIP, TARIFF, TARIFF]


def elsewhere(office: Office) -> str:
    """Return a second drop-off, at the same spot."""
    body = {"name": "Gedung B", "address": "Jl. X", "lat": -6.2196, "lng": 106.83, "pic_ids": [PIC.id]}
    return str(office.post("/v1/dropoffs", body, key="second").json["id"])


@pytest.mark.parametrize("what", ["unknown", "another address", "more weight", "another drop-off"])
def test_a_quote_for_something_else_is_pointed_at(office: Office, biteship: Biteship, what: str) -> None:
    second = elsewhere(office)
    wave = office.wave(dropoff_ids=[office.dropoff, second])
    quote_id = "quo_unknown" if what == "unknown" else cheapest(office)
    wanted: dict[str, Any] = by_quote(quote_id, **({"lat": -6.2467} if what == "another address" else {}))
    wanted |= {"packs": 2} if what == "more weight" else {}
    wanted |= {"dropoff_id": second} if what == "another drop-off" else {}

    refused = office.order(wave, **wanted)

    assert (refused.status, refused.json["code"]) == (422, "invalid_request")
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/fulfilment/quote_id"]
    assert office.stock(wave)[0]["available"] == 10


def test_a_quote_holds_until_its_time_and_not_longer(office: Office, biteship: Biteship) -> None:
    wave = office.wave(orders_per_member=None)
    wanted = by_quote(cheapest(office))
    over = DURING + timedelta(minutes=30)
    clock.use(lambda: over)

    late = office.order(wave, at=over, key="late", **wanted)
    in_time = office.order(wave, at=over - timedelta(milliseconds=1), key="in time", **wanted)

    assert (late.status, late.json["code"]) == (409, "invalid_state")
    assert [fault["pointer"] for fault in late.json["errors"]] == ["/fulfilment/quote_id"]
    assert in_time.status == 201


@pytest.mark.parametrize(
    ("fulfilment", "reads"),
    [
        pytest.param({"method": "pickup"}, 1, id="fetched: the member's key"),
        pytest.param({"method": "courier", "address": HOME}, 2, id="brought: the drop-off too"),
        pytest.param({"method": "courier", "address": HOME, "quote_id": "quo"}, 3, id="by a quote: that too"),
    ],
)
def test_what_an_order_reads(office: Office, biteship: Biteship, fulfilment: dict[str, Any], reads: int) -> None:
    wave = office.wave()
    wanted = fulfilment | ({"quote_id": cheapest(office)} if "quote_id" in fulfilment else {})
    deps.waves().get(wave["id"])

    with seam() as asked:
        assert office.order(wave, fulfilment=wanted).status == 201

    assert asked.calls == ["GetItem"] * reads + ["TransactWriteItems"]
