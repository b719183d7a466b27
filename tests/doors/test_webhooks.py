"""Machines' doors: whatever bytes and headers come, without a proof nothing is stored, and nothing falls over.

Every day a few hundred calls a route, with FAULT_STRIDE=1 (`make doors`) thousands. None of them is genuine.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from infra.interface import WEBHOOKS
from tests.doors.world import World
from tests.integration.payments_world import a_notice
from tests.integration.test_dispatch_forgeries import BOOKING, DELIVERY
from tests.integration.test_dispatch_forgeries import signed as lalamove_s
from tests.integration.test_payments_forgeries import PAID

CALLS = 3_000 if os.environ.get("FAULT_STRIDE") == "1" else 60
SNAP = "POST /v1/webhooks/payments/snap/v1.0"
PROVEN = {"authorization": "", "x-timestamp": "2020-04-07T10:00:00+07:00", "x-signature": "", "x-external-id": "1"}
ACCOUNT = {"partnerServiceId": "   12345", "customerNo": "1", "virtualAccountNo": "   123451"}
# What each would send: a body and its headers, with the proof left out. Whatever is put in its place is forged.
SHAPES: Mapping[str, tuple[Any, dict[str, str]]] = {
    "POST /v1/webhooks/payments/midtrans": (a_notice("pay_1", "settlement", 55_000) | {"signature_key": ""}, {}),
    "POST /v1/webhooks/payments/xendit": (PAID, {"x-callback-token": ""}),
    f"{SNAP}/access-token/b2b": (
        {"grantType": "client_credentials"}, PROVEN | {"x-client-key": "lumbung-local-bank"},
    ),
    f"{SNAP}/transfer-va/inquiry": (ACCOUNT | {"inquiryRequestId": "1"}, PROVEN),
    f"{SNAP}/transfer-va/payment": (ACCOUNT | {"paymentRequestId": "1"}, PROVEN),
    "POST /v1/webhooks/couriers/biteship": ({"event": "order.status", "order_id": "1", "status": "delivered"},
                                            {"x-biteship-secret": ""}),
    "POST /v1/webhooks/couriers/lalamove": (lalamove_s(secret="another"), {}),
    "GET /v1/webhooks/couriers/lalamove": ({}, {}),
    "POST /v1/webhooks/couriers/grab": (DELIVERY, {"authorization": "", "authorization-id": ""}),
    "POST /v1/webhooks/couriers/gosend/{secret}": (BOOKING, {}),
}  # fmt: skip
ANSWERED = {200, 400, 401, 404, 409}  # 503 is for what could not be stored: here all can be
LATIN = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=40),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=12), parts, max_size=4),
    max_leaves=8,
)


@st.composite
def calls(draw: st.DrawFn, key: str) -> tuple[bytes, list[tuple[str, str]]]:
    """A forged call: raw bytes, any JSON, or the right shape with some of it replaced or cut off."""
    shape, proof = SHAPES[key]
    headers = {name: value or draw(LATIN) for name, value in proof.items() if draw(st.integers(0, 9))}
    if not draw(st.integers(0, 3)):
        headers |= draw(st.dictionaries(st.sampled_from([*proof, "content-type", "x-signature", "host"]), LATIN))
    match draw(st.sampled_from(["bytes", "json", "shape", "cut"])):
        case "bytes":
            raw = draw(st.binary(max_size=300))
        case "json":
            raw = json.dumps(draw(VALUES)).encode()
        case "shape":
            replaced = draw(st.dictionaries(st.sampled_from(sorted(shape) or ["a"]), VALUES, max_size=3))
            raw = json.dumps({**shape, **replaced}).encode(errors="surrogatepass")
        case _:
            whole = json.dumps(shape).encode()
            raw = whole[: draw(st.integers(0, len(whole)))] + draw(st.binary(max_size=3))
    return raw, list(headers.items())


def test_every_machine_s_door_is_tried() -> None:
    assert SHAPES.keys() == WEBHOOKS.keys()


@pytest.mark.parametrize("key", WEBHOOKS)
def test_without_a_proof_nothing_is_stored_and_nothing_falls_over(world: World, key: str) -> None:
    before = world.everything()
    method, path = key.split()
    answered: dict[int, int] = {}

    @seed(1)
    @settings(max_examples=CALLS, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(call=calls(key), address=st.text("abcdef0-", min_size=1, max_size=40))
    def forged(call: tuple[bytes, list[tuple[str, str]]], address: str) -> None:
        raw, headers = call
        answer = world.gateway.send(method, path.format(secret=address), raw, headers=headers)
        answered[answer.status] = answered.get(answer.status, 0) + 1
        assert answer.status in ANSWERED, (answer.status, answer.body, raw, headers)
        assert world.gateway.raised == []
        assert json.loads(answer.body).keys() & {"code", "responseCode", "status"}
        if answer.status == 200:  # an empty probe, or a test call: about nothing
            assert json.loads(answer.body) == {"status": "test"}, (raw, headers)

    forged()

    assert sum(answered.values()) >= CALLS / 2
    assert world.everything() == before


def test_a_rider_s_link_with_anything_changed_is_nobody_s(world: World) -> None:
    good, other = world.ids["ride own"], world.ids["ride other"]
    seal = good.rpartition(".")
    forged = [good[:n] + ("a" if good[n] != "a" else "b") + good[n + 1 :] for n in range(len(good))]
    forged += [good[:-1], good + "a", good.upper(), seal[0], f"{seal[0]}.", f".{seal[2]}", "a", "..", "%00", "é" * 9]
    forged += [f"{seal[0]}.{other.rpartition('.')[2]}", f"{other.rpartition('.')[0]}.{seal[2]}"]

    form = [("content-type", "application/x-www-form-urlencoded")]
    before = world.everything()
    shown = {token: world.gateway.send("GET", f"/v1/rides/{token}") for token in forged}
    taken = [world.gateway.send("POST", f"/v1/rides/{t}/trp_own", b"do=claim", headers=form) for t in forged]

    assert {token for token, answer in shown.items() if answer.status != 403} == set()
    assert {answer.status for answer in taken} == {403}
    assert world.gateway.raised == [] and world.everything() == before


@pytest.mark.parametrize("do", ["claim", "release", "pick_up", "deliver", "fail", "bring_back", "nothing"])
def test_whatever_a_form_says_a_rider_s_page_answers(world: World, do: str) -> None:
    path = f"/v1/rides/{world.ids['ride own']}/{world.ids['trip own']}"

    @seed(1)
    @settings(max_examples=CALLS // 3, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(raw=st.binary(max_size=80), order=st.sampled_from(["siti", "budi", "joko"]), told=LATIN)
    def tapped(raw: bytes, order: str, told: str) -> None:
        again = world.keep()
        said = f"do={do}&order_id={world.ids[f'order {order}']}&code={told}&receiver={told}&reason={told}&".encode()
        form = [("content-type", "application/x-www-form-urlencoded")]
        answer = world.gateway.send("POST", path, said + raw, headers=form)
        assert answer.status in (303, 403, 404, 409, 413, 422, 429), (answer.body, said, world.gateway.raised)
        again()

    tapped()
