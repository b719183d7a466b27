"""What tests and the replay may do to the simulators."""

import pytest


def order_fault(simulators, mode, requests=1, provider="midtrans"):
    return simulators.web.post("/faults", json={"provider": provider, "mode": mode, "requests": requests})


@pytest.mark.parametrize(("mode", "status"), [("down", 503), ("error", 500), ("garbage", 200)])
def test_a_fault_answers_wrongly_and_nothing_is_done(simulators, mode, status):
    order_fault(simulators, mode)

    answer = simulators.charge()

    assert answer.status_code == status
    assert simulators.status()["status_code"] == "404"


def test_garbage_is_no_json(simulators):
    order_fault(simulators, "garbage", provider="biteship")

    with pytest.raises(ValueError, match="line 1"):
        simulators.biteship("GET", "/v1/orders/x").json()


def test_a_slow_provider_does_it_but_answers_late(simulators):
    order_fault(simulators, "slow")

    assert simulators.charge().status_code == 201
    assert simulators.pauses == [5.0]
    assert simulators.status()["transaction_status"] == "pending"


def test_a_fault_lasts_for_as_many_requests_as_ordered(simulators):
    order_fault(simulators, "error", requests=2)

    assert [simulators.midtrans("GET", "/v2/x/status").status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_is_taken_back_with_zero(simulators):
    order_fault(simulators, "error", requests=9)
    order_fault(simulators, "error", requests=0)

    assert simulators.midtrans("GET", "/v2/x/status").status_code == 200


def test_a_fault_concerns_one_provider_and_no_control(simulators):
    simulators.charge()
    order_fault(simulators, "error", requests=9)

    assert simulators.biteship("GET", "/v1/orders/x").status_code == 404
    assert simulators.pay()["transaction_status"] == "settlement"


@pytest.mark.parametrize(
    "asked",
    [
        {"provider": "bank", "mode": "down", "requests": 1},
        {"provider": "midtrans", "mode": "tired", "requests": 1},
        {"provider": "midtrans", "mode": "down", "requests": -1},
        {"provider": "midtrans", "mode": "down", "requests": True},
        [],
    ],
    ids=["unknown provider", "unknown mode", "fewer than none", "no number", "no object"],
)
def test_an_unknown_fault_is_refused(simulators, asked):
    assert simulators.web.post("/faults", json=asked).status_code == 422


def test_requests_are_noted_in_order_and_without_secrets(simulators):
    simulators.web.get("/lkpp_v5/lkpp/v1/all_produk?secretkey=lumbung-local-secretkey&page=2")
    simulators.charge()
    order_fault(simulators, "down")
    simulators.midtrans("POST", "/v2/pay_1/cancel", content="no json")

    noted = simulators.web.get("/requests").json()["items"]

    assert [(n["method"], n["path"], n["status"], n["fault"]) for n in noted] == [
        ("GET", "/lkpp_v5/lkpp/v1/all_produk", 200, None),
        ("POST", "/midtrans/v2/charge", 201, None),
        ("POST", "/midtrans/v2/pay_1/cancel", 503, "down"),
    ]
    assert noted[0]["query"] == {"page": "2"}
    assert noted[1]["body"]["transaction_details"] == {"order_id": "pay_1", "gross_amount": 265_000}
    assert noted[2]["body"] == "no json"
    assert "SB-Mid" not in str(noted)
    assert all("authorization" not in n["headers"] for n in noted)


def test_requests_are_shown_by_provider(simulators):
    simulators.charge()
    simulators.biteship("GET", "/v1/orders/x")

    noted = simulators.web.get("/requests?provider=biteship").json()["items"]

    assert [n["path"] for n in noted] == ["/biteship/v1/orders/x"]


@pytest.mark.parametrize("now", ["yesterday", "2026-10-05T09:00:00", 5], ids=["a word", "no zone", "a number"])
def test_an_unreadable_time_is_refused(simulators, now):
    assert simulators.web.post("/clock", json={"now": now}).status_code == 422


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/midtrans/simulate", {"order_id": "pay_9", "transaction_status": "settlement"}, 404),
        ("/midtrans/simulate", {"order_id": "pay_1", "transaction_status": "paid"}, 422),
        ("/midtrans/simulate", {"order_id": "pay_1", "transaction_status": "partial_refund"}, 422),
        ("/biteship/simulate", {"id": "trp_9", "status": "delivered"}, 404),
        ("/biteship/simulate", {"id": "trp_9", "status": "flying"}, 422),
    ],
    ids=["unknown order", "unknown status", "a partial refund of nothing", "unknown trip", "unknown ride"],
)
def test_what_cannot_be_simulated_is_refused(simulators, path, asked, status):
    simulators.charge()

    assert simulators.web.post(path, json=asked).status_code == status


def test_the_simulators_say_who_they_are(simulators):
    assert simulators.web.get("/").json() == {
        "simulators": [
            "midtrans",
            "xendit",
            "snap",
            "biteship",
            "lalamove",
            "grab",
            "gosend",
            "whatsapp",
            "lkpp_v5",
            "inaproc",
            "isb",
            "peppol",
            "sheet",
        ]
    }
