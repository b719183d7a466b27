"""Every courier's documented messages, read in our words; without a wire."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from lumbung.domain.courier import RANK, Drop, Goods, Parcel, Place, Proof, Quote, Rider
from lumbung.domain.errors import CourierRefused, InDoubt, InvalidState, ProviderUnavailable
from lumbung.providers import gosend, grab, grab_messages, lalamove
from lumbung.providers.courier_http import rupiah
from lumbung.providers.lalamove_notice import STATES, moment
from lumbung.providers.lalamove_signature import Key, authorization

AT = datetime(2026, 10, 5, 2, 6, tzinfo=UTC)
OFFICE = Place("Gudang", "081234567890", "Jl. Medan Merdeka Utara No. 1", -6.175392, 106.827153)
HOME = Place("Siti", "+6281298765432", "Jl. Salemba Raya No. 4", -6.208763, 106.845599, "Loket B")
DROP = Drop(HOME, (Goods("Beras 5 kg", 65_000, 2, 5_000),))
PARCEL = Parcel("trp_1", OFFICE, (DROP,))
TOKEN = (200, {"access_token": "jwt", "expires_in": 604_799})


class Wire:
    """Answers what was laid ready, in order, and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Any:
        self.asked.append((method, path, json.loads(body) if body else None, headers))
        status, told = self.answers.pop(0)
        headers = {"Error-Message": "Jarak terlalu jauh"} if status >= 400 else {}
        return status, b"" if told is None else json.dumps(told).encode(), headers


def a_lalamove(*answers: tuple[int, Any]) -> tuple[lalamove.Lalamove, Wire]:
    courier, wire = lalamove.Lalamove("http://nowhere", Key("pk", "sk"), lambda: AT), Wire(*answers)
    courier._http._send = wire
    return courier, wire


def a_grab(*answers: tuple[int, Any]) -> tuple[grab.Grab, Wire]:
    courier = grab.Grab("http://nowhere/x", "http://nowhere/token", grab.Client("id", "secret"), lambda: AT)
    courier._http._send = courier._tokens._send = wire = Wire(*answers)
    return courier, wire


def a_gosend(*answers: tuple[int, Any]) -> tuple[gosend.Gosend, Wire]:
    courier, wire = gosend.Gosend("http://nowhere", "id", "key"), Wire(*answers)
    courier._http._send = wire
    return courier, wire


def test_every_word_of_every_courier_has_a_rank():
    assert {*STATES.values(), *grab_messages.STATES.values(), *gosend.STATES.values()} <= set(RANK)


@pytest.mark.parametrize(
    ("said", "amount"),
    [(22_000, 22_000), ("22000", 22_000), (22_000.0, 22_000), ("22000.50", None), (True, None), ("-1", None),
     (None, None), ("1e20", None), ("NaN", None), ("x", None)],
)  # fmt: skip
def test_a_price_that_is_none_is_not_taken_for_one(said, amount):
    assert rupiah(said) == amount


# -- Lalamove

VECTOR = json.dumps(
    {
        "data": {
            "serviceType": "MOTORCYCLE",
            "language": "id_ID",
            "stops": [
                {
                    "coordinates": {"lat": "-6.175392", "lng": "106.827153"},
                    "address": "Jl. Medan Merdeka Utara No. 1, Jakarta Pusat",
                },
                {
                    "coordinates": {"lat": "-6.208763", "lng": "106.845599"},
                    "address": "Jl. Salemba Raya No. 4, Jakarta Pusat",
                },
            ],
            "item": {
                "quantity": "1",
                "weight": "LESS_THAN_3KG",
                "categories": ["GROCERIES"],
                "handlingInstructions": ["KEEP_UPRIGHT"],
            },
        }
    },
    separators=(",", ":"),
)
ORDER = {
    "orderId": "1861024797700000001",
    "priceBreakdown": {"base": "18000", "total": "22000", "currency": "IDR"},
    "driverId": "80557",
    "shareLink": "https://share.example.test/1",
    "status": "ON_GOING",
    "stops": [{"name": "Gudang"}, {"name": "Siti", "POD": {"status": "PENDING"}}],
    "metadata": {"deliveryId": "trp_1-2"},
}
QUOTATION = {
    "quotationId": "1514140994227007571",
    "stops": [{"stopId": "11"}, {"stopId": "12"}],
    "priceBreakdown": {"total": "22000", "currency": "IDR"},
}


@pytest.mark.parametrize(
    ("method", "path", "body", "signature"),
    [
        ("POST", "/v3/quotations", VECTOR, "03638af3c4e0f3d1567ec76013d9634c838b6f880a2fe1c5041e0d9bceb1d455"),
        (
            "GET",
            "/v3/orders/1861024797700000001",
            "",
            "25969b6b313701604a136a2819c8c4eb4d220a7614e0a81e8d5bd50c2898c095",
        ),
    ],
)
def test_lalamove_is_signed_to_as_its_vectors_say(method, path, body, signature):
    key = Key("pk_test_dummy0001", "sk_test_dummy0001")

    assert authorization(key, "1791165600000", method, path, body) == f"hmac {key.id}:1791165600000:{signature}"


def test_lalamove_s_order_names_its_quotation_s_stops_and_tells_our_id():
    courier, wire = a_lalamove((201, {"data": QUOTATION}), (201, {"data": ORDER}))
    quote = courier.quote(PARCEL)
    report = courier.book(PARCEL, quote)

    data = wire.asked[1][2]["data"]
    assert quote == Quote("MOTORCYCLE", 22_000, ("1514140994227007571", "11", "12"))
    assert wire.asked[0][2]["data"]["stops"][1]["coordinates"] == {"lat": "-6.208763", "lng": "106.845599"}
    assert (data["sender"]["stopId"], data["sender"]["phone"]) == ("11", "+6281234567890")
    assert data["recipients"][0]["remarks"] == "2 × Beras 5 kg. Loket B"
    assert data["metadata"] == {"deliveryId": "trp_1"}
    assert (report.reference, report.trip_id, report.state) == ("1861024797700000001", "trp_1", "assigned")


def test_lalamove_tells_its_driver_by_first_name_and_each_stop_s_proof():
    pod = {"status": "DELIVERED", "image": "https://x.test/p.jpg", "deliveredAt": "2026-10-05T02:31.00Z"}
    order = ORDER | {"status": "PICKED_UP", "stops": [{}, {"POD": pod, "delivery_code": {"value": "8201"}}, {}]}
    courier, wire = a_lalamove(
        (200, {"data": order}), (200, {"data": {"name": "Budi Santoso", "plateNumber": "B 1234 ABC"}})
    )
    report = courier.ask("1861024797700000001")

    assert report.rider == Rider("Budi", "B 1234 ABC")
    assert report.proofs == (Proof(1, None, datetime(2026, 10, 5, 2, 31, tzinfo=UTC), "https://x.test/p.jpg", "8201"),)
    assert wire.asked[1][1] == "/v3/orders/1861024797700000001/drivers/80557"


@pytest.mark.parametrize(
    ("text", "moment_"),
    [
        ("2026-10-05T02:31.00Z", datetime(2026, 10, 5, 2, 31, tzinfo=UTC)),
        ("2026-10-05T02:31:07.00Z", datetime(2026, 10, 5, 2, 31, 7, tzinfo=UTC)),
        ("2026-10-05T09:31:07+07:00", datetime(2026, 10, 5, 2, 31, 7, tzinfo=UTC)),
        ("2026-10-05T02:31.00", None),
        ("yesterday", None),
        (7, None),
    ],
)
def test_lalamove_s_times_are_read_leniently(text, moment_):
    assert moment(text) == moment_


@pytest.mark.parametrize("status", [402, 403, 422])
def test_lalamove_refuses_with_its_reason_also_for_an_empty_wallet(status):
    courier, _ = a_lalamove((status, {"errors": [{"id": "ERR_INSUFFICIENT_CREDIT"}]}))

    with pytest.raises(CourierRefused) as refused:
        courier.book(PARCEL, Quote("MOTORCYCLE", 22_000, ("q", "11", "12")))
    assert "ERR_INSUFFICIENT_CREDIT" in refused.value.detail


@pytest.mark.parametrize(
    ("answer", "failure"),
    [((401, {}), ProviderUnavailable), ((429, {}), ProviderUnavailable), ((500, {}), InDoubt), ((302, {}), InDoubt)],
)
def test_what_was_surely_not_done_is_told_from_what_nobody_knows(answer, failure):
    courier, _ = a_lalamove(answer)

    with pytest.raises(ProviderUnavailable) as raised:
        courier.book(PARCEL, Quote("MOTORCYCLE", 22_000, ("q", "11", "12")))
    assert type(raised.value) is failure


# -- GrabExpress

DELIVERY = {
    "deliveryID": "IN-2-00CONTOH0000000001",
    "merchantOrderID": "trp_1",
    "status": "IN_DELIVERY",
    "quote": {"currency": {"code": "IDR", "symbol": "Rp", "exponent": 0}, "amount": 23_000},
    "trackingURL": "https://express.example.test/1",
    "courier": {"name": "Budi Wibowo", "phone": "62888", "vehicle": {"licensePlate": "B1234ABC"}},
    "timeline": {"create": "2026-10-05T03:00:00Z", "pickup": "2026-10-05T03:15:00Z", "completed": None},
}


def test_grab_s_delivery_is_told_in_our_words():
    report = grab_messages.to_report(DELIVERY)

    assert (report.reference, report.trip_id, report.state) == ("IN-2-00CONTOH0000000001", "trp_1", "on_the_way")
    assert (report.cost, report.rider, report.proofs) == (23_000, Rider("Budi", "B1234ABC"), ())


def test_grab_s_token_is_asked_for_once_and_anew_when_it_is_refused():
    courier, wire = a_grab(TOKEN, (200, DELIVERY), (200, DELIVERY), (401, {}), TOKEN, (200, DELIVERY))
    for _ in range(3):
        assert courier.ask("IN-2") is not None

    assert [path for _, path, _, _ in wire.asked] == [
        *("/token", "/v1/deliveries/IN-2", "/v1/deliveries/IN-2"),
        *("/v1/deliveries/IN-2", "/token", "/v1/deliveries/IN-2"),
    ]
    assert wire.asked[1][3]["Authorization"] == "Bearer jwt"


def test_grab_that_refuses_its_own_token_is_not_there():
    courier, _ = a_grab(TOKEN, (401, {}), TOKEN, (401, {}))

    with pytest.raises(ProviderUnavailable):
        courier.ask("IN-2")


def test_without_a_token_nothing_was_asked_of_grab():
    courier, _ = a_grab((500, {}))

    with pytest.raises(ProviderUnavailable) as raised:
        courier.book(PARCEL, Quote("INSTANT", 23_000))
    assert type(raised.value) is ProviderUnavailable


def test_grab_s_price_is_read_only_in_whole_rupiah():
    dollars = {"currency": {"code": "USD", "exponent": 2}, "amount": 2}
    cents = {"currency": {"code": "IDR", "exponent": 2}, "amount": 2_300_000}
    quotes = [dollars, cents, DELIVERY["quote"]]
    courier, _ = a_grab(TOKEN, (200, {"quotes": quotes}), (200, {"quotes": quotes[:2]}))

    assert courier.quote(PARCEL) == Quote("INSTANT", 23_000)
    with pytest.raises(CourierRefused):
        courier.quote(PARCEL)


@pytest.mark.parametrize(("timeline", "state"), [(None, "no_courier"), ({"pickup": "2026-10-05T03:15:00Z"}, "lost")])
def test_what_failed_at_grab_found_nobody_or_was_lost(timeline, state):
    assert grab_messages.to_report(DELIVERY | {"status": "FAILED", "timeline": timeline}).state == state


@pytest.mark.parametrize("status", [204, 404])
def test_whatever_grab_may_have_made_is_taken_back_under_our_id(status):
    courier, wire = a_grab(TOKEN, (status, None))

    assert courier.look_up("trp_1") is None
    assert wire.asked[1][:2] == ("DELETE", "/v1/merchant/deliveries/trp_1")


def test_what_grab_has_picked_up_is_not_taken_back():
    courier, _ = a_grab(TOKEN, (409, {"message": "x"}))

    with pytest.raises(ProviderUnavailable):
        courier.look_up("trp_1")


def test_grab_is_told_phones_without_a_plus_and_a_pack_s_weight_in_grams():
    courier, wire = a_grab(TOKEN, (200, DELIVERY))
    courier.book(PARCEL, Quote("INSTANT", 23_000))

    sent = wire.asked[1][2]
    assert (sent["recipient"]["phone"], sent["sender"]["phone"]) == ("6281298765432", "6281234567890")
    assert sent["packages"][0]["dimensions"] == {"height": 10, "width": 22, "depth": 30, "weight": 5_000}
    assert "cashOnDelivery" not in sent and "schedule" not in sent


# -- GoSend

BOOKING = {
    "orderNo": "GK-11-170563",
    "status": "delivered",
    "driverName": "Budi",
    "receiverName": "Satpam",
    "totalPrice": 22_000,
    "liveTrackingUrl": "https://example.test/track",
    "orderClosedTime": "2026-10-05T10:31:00+07:00",
}


def test_gosend_s_booking_is_told_in_our_words():
    report, closed = gosend.to_report(BOOKING), datetime(2026, 10, 5, 3, 31, tzinfo=UTC)

    assert (report.reference, report.booking_id, report.state, report.cost) == (
        *("GK-11-170563", None, "delivered", 22_000),
    )
    assert (report.rider, report.proofs, report.at) == (Rider("Budi"), (Proof(1, "Satpam", closed),), closed)


def test_gosend_is_told_texts_and_phones_of_digits():
    courier, wire = a_gosend((201, {"id": 170563, "orderNo": "GK-11-170563", "bookingType": "instant"}))
    report = courier.book(PARCEL, Quote("Instant", 22_000))

    [route] = wire.asked[0][2]["routes"]
    assert (route["destinationContactPhone"], route["destinationLatLong"]) == ("6281298765432", "-6.208763,106.845599")
    assert set(map(type, route["insuranceDetails"].values())) == {str}
    assert (route["storeOrderId"], report.booking_id, report.state) == ("trp_1", "trp_1", "searching")


def test_gosend_says_why_not_in_a_header():
    courier, _ = a_gosend((400, {}), (400, {}))

    with pytest.raises(CourierRefused, match="Jarak terlalu jauh"):
        courier.book(PARCEL, Quote("Instant", 22_000))
    with pytest.raises(InvalidState, match="Jarak terlalu jauh"):
        courier.cancel("GK-11")


@pytest.mark.parametrize(
    "service",
    [
        {},
        {"price": {}},
        {"serviceable": False, "price": {"total_price": 1}},
        {"active": False, "price": {"total_price": 1}},
    ],
)
def test_a_place_that_gosend_does_not_serve_has_no_price(service):
    with pytest.raises(CourierRefused):
        a_gosend((200, {"Instant": service}))[0].quote(PARCEL)


def test_gosend_s_lookup_by_our_id_finds_it_finds_nothing_or_does_not_know():
    assert a_gosend((200, BOOKING))[0].look_up("trp_1").booking_id == "trp_1"
    assert a_gosend((404, {}))[0].look_up("trp_1") is None
    with pytest.raises(InDoubt):
        a_gosend((500, {}))[0].look_up("trp_1")


# -- all of them


@pytest.mark.parametrize(
    ("courier", "too_little"),
    [(a_lalamove, {"data": {}}), (a_gosend, {}), (a_gosend, {"orderNo": 7}), (a_lalamove, {"data": {"orderId": 1}})],
)
def test_an_answer_without_an_id_is_no_answer(courier, too_little):
    with pytest.raises(ProviderUnavailable):
        courier((200, too_little))[0].ask("x")


@pytest.mark.parametrize(
    ("courier", "first"), [(a_lalamove, ()), (a_gosend, ()), (a_grab, (TOKEN,))], ids=["lalamove", "gosend", "grab"]
)
def test_a_reference_from_outside_stays_one_part_of_the_path(courier, first):
    made, wire = courier(*first, (404, {}))

    assert made.ask("../orders?x=1#") is None
    assert wire.asked[-1][1].endswith("/..%2Forders%3Fx%3D1%23")
