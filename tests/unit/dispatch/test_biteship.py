"""Biteship's documented messages, in both of their spellings."""

import json

import pytest

from lumbung.domain.courier import RANK, Drop, Goods, Parcel, Place, Quote
from lumbung.domain.errors import CourierRefused, Malformed, ProviderUnavailable, Unauthentic
from lumbung.providers import biteship

GOJEK = Quote("gojek/instant", 22_000)
ORDER = {
    "success": True,
    "object": "order",
    "id": "5dd599ebdefcd4158eb8470b",
    "reference_id": "trp_1",
    "courier": {"tracking_id": "6de509", "waybill_id": None, "company": "gojek", "type": "instant", "link": None},
    "price": 22000,
    "status": "confirmed",
}


def test_an_order_is_told_in_our_words():
    report = biteship.to_report(ORDER)

    assert (report.reference, report.trip_id, report.state) == ("5dd599ebdefcd4158eb8470b", "trp_1", "searching")
    assert (report.cost, report.service, report.tracking_id) == (22_000, "gojek/instant", "6de509")


@pytest.mark.parametrize("price", [None, "22000", 22000.5, True, -1])
def test_a_price_that_is_none_is_not_taken_for_one(price):
    assert biteship.to_report(ORDER | {"price": price}).cost is None


def test_an_answer_without_an_order_is_no_answer():
    with pytest.raises(ProviderUnavailable):
        biteship.to_report({"success": True})


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("picking_up", "to_pickup"),
        ("pickingUp", "to_pickup"),
        ("droppingOff", "on_the_way"),
        ("courierNotFound", "no_courier"),
        ("return_in_transit", "returning"),
        ("disposed", "lost"),
        ("flying", None),
        (None, None),
        (7, None),
    ],
)
def test_statuses_are_read_in_both_spellings(status, state):
    assert biteship.to_state(status) == state


def test_every_state_has_a_rank():
    assert set(biteship.STATES.values()) <= set(RANK)


def test_the_secret_is_asked_for():
    biteship.authenticate("secret", "secret")
    for header in (None, "", "Secret", "sécret"):
        with pytest.raises(Unauthentic):
            biteship.authenticate("secret", header)


def test_events_about_price_and_waybill_are_read_too():
    price = biteship.read_webhook(b'{"event": "order.price", "order_id": "b1", "price": 25000, "status": "picked"}')
    waybill = biteship.read_webhook(b'{"event": "order.waybill_id", "order_id": "b1", "status": "allocated"}')

    assert price and waybill
    assert (price.event, price.words[-1], waybill.state) == ("order.price", "25000", "assigned")
    assert price.happened_at is None


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"order_id": 1}', b"\xff\xfe{"])
def test_what_is_no_event_cannot_be_read(body):
    with pytest.raises(Malformed):
        biteship.read_webhook(body)


def test_a_time_that_is_none_is_left_out():
    told = biteship.read_webhook(json.dumps({"order_id": "b1", "status": "picked", "updated_at": "yesterday"}).encode())

    assert told and told.happened_at is None


class Answers(biteship.Biteship):
    """Answers as it is told, without a wire."""

    def __init__(self, *answers: tuple[int, dict]) -> None:
        super().__init__("http://nowhere", "key")
        self.answers, self.asked = list(answers), []

    def _ask(self, method, path, body=None):
        self.asked.append((method, path))
        return self.answers.pop(0)


def a_parcel():
    end = Place("Loket", "0811", "Jl. A", -6.2, 106.8)
    return Parcel("trp_1", end, (Drop(end, (Goods("Beras", 55_000, 2, 5_000),)),))


def test_a_duplicate_reference_leads_to_the_order_that_was_made():
    courier = Answers((400, {"code": 40002060, "details": {"order_id": "b1"}}), (200, ORDER))

    assert courier.book(a_parcel(), GOJEK).reference == ORDER["id"]
    assert courier.asked == [("POST", "/v1/orders"), ("GET", "/v1/orders/b1")]


@pytest.mark.parametrize("details", [None, {}, {"waybill_id": "x"}])
def test_a_duplicate_that_names_no_order_is_not_taken_for_a_refusal(details):
    with pytest.raises(ProviderUnavailable):
        Answers((400, {"code": 40002060, "details": details})).book(a_parcel(), GOJEK)


def test_a_refusal_is_final():
    with pytest.raises(CourierRefused):
        Answers((400, {"code": 40002010})).book(a_parcel(), GOJEK)


def test_the_cheapest_quote_is_taken_and_no_quote_is_a_refusal():
    rates = [{"company": c, "type": t, "price": p} for c, t, p in
             (("gojek", "instant", 22_000), ("grab", "instant", 21_000), ("paxel", "small", 9_000))]  # fmt: skip

    assert Answers((200, {"pricing": rates})).quote(a_parcel()).service == "grab/instant"
    for none in ((200, {"pricing": []}), (400, {"code": 40001002})):
        with pytest.raises(CourierRefused):
            Answers(none).quote(a_parcel())


def test_a_reference_from_outside_stays_one_part_of_the_path():
    courier = Answers((404, {"code": 40400001}))

    assert courier.ask("../v1/couriers?x=1#") is None
    assert courier.asked == [("GET", "/v1/orders/..%2Fv1%2Fcouriers%3Fx%3D1%23")]
