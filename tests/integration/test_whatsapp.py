"""WhatsApp's adapter against its simulator, over a socket; and against what a network does."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
import urllib3

from lumbung.domain.errors import InDoubt, LumbungError, ProviderUnavailable, Undeliverable
from lumbung.domain.letter import Letter
from lumbung.domain.people import Person
from lumbung.providers import whatsapp
from lumbung.providers.whatsapp import WhatsApp, international
from tests.integration.conftest import ROOT

TO = "6281234567890"


def a_letter(template: str = "lumbung_cancelled", *values: str) -> Letter:
    values = values or ("Siti", "ord_1", "Gelombang I", "Selasa, 7 April 2020 pukul 10.30 WIB")
    return Letter(template, values, "Pesanan Anda dibatalkan", "", {"kind": "cancelled", "order_id": "ord_1"})


@pytest.fixture(scope="module")
def simulator() -> Iterator[httpx.Client]:
    command = [sys.executable, "-m", "infra.simulators", "--port", str(_a_free_port()), "--stack", "http://127.0.0.1:9"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[1]
        with httpx.Client(base_url=url, trust_env=False) as client:
            client.post("/clock", json={"now": "2020-04-07T03:30:00Z"})
            yield client
        process.terminate()
        process.wait(10)


def _a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def adapter(simulator: httpx.Client, token: str = "lumbung-local-whatsapp") -> WhatsApp:
    return WhatsApp(f"{simulator.base_url}/whatsapp", token, "620000000000001")


def sent(simulator: httpx.Client) -> list[str]:
    return [message["body"] for message in simulator.get("/whatsapp/messages").json()["items"]]


def test_a_letter_arrives_as_it_is_meant(simulator: httpx.Client) -> None:
    before = len(sent(simulator))

    adapter(simulator).send(TO, a_letter())

    assert sent(simulator)[before:] == [
        "Halo Siti, pesanan ord_1 di Gelombang I dibatalkan pada Selasa, 7 April 2020 pukul 10.30 WIB. "
        "Tidak ada yang perlu Anda bayar."
    ]
    [*_, message] = simulator.get("/whatsapp/messages").json()["items"]
    assert (message["to"], message["tags"]) == (TO, '{"kind": "cancelled", "order_id": "ord_1"}')


def test_whom_it_does_not_reach_is_told_apart_from_what_we_did_wrong(simulator: httpx.Client) -> None:
    simulator.post("/whatsapp/simulate", json={"to": TO, "on_whatsapp": False})
    with pytest.raises(Undeliverable, match="131026"):
        adapter(simulator).send(TO, a_letter())
    simulator.post("/whatsapp/simulate", json={"to": TO})

    with pytest.raises(ProviderUnavailable, match="code 132001"):
        adapter(simulator).send(TO, a_letter("lumbung_hello"))
    with pytest.raises(ProviderUnavailable, match="code 132000"):
        adapter(simulator).send(TO, a_letter("lumbung_cancelled", "Siti"))
    with pytest.raises(ProviderUnavailable, match="401, code 190"):
        adapter(simulator, token="old").send(TO, a_letter())


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        pytest.param("error", ProviderUnavailable, id="a server error: not sent"),
        pytest.param("down", ProviderUnavailable, id="no answer at all: not sent"),
        pytest.param("garbage", InDoubt, id="half an answer: nobody knows"),
    ],
)
def test_what_goes_wrong(simulator: httpx.Client, mode: str, error: type[LumbungError]) -> None:
    simulator.post("/faults", json={"provider": "whatsapp", "mode": mode, "requests": 1})

    with pytest.raises(LumbungError) as raised:
        adapter(simulator).send(TO, a_letter())

    assert type(raised.value) is error
    adapter(simulator).send(TO, a_letter())


def test_no_answer_in_time_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whatsapp, "_TIMEOUT", urllib3.Timeout(connect=1, read=0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, and says nothing
        asked = WhatsApp(f"http://127.0.0.1:{silent.getsockname()[1]}", "t", "1")

        with pytest.raises(InDoubt):
            asked.send(TO, a_letter())


def test_nobody_there_means_not_sent() -> None:
    with pytest.raises(ProviderUnavailable) as raised:
        WhatsApp(f"http://127.0.0.1:{_a_free_port()}", "t", "1").send(TO, a_letter())

    assert not isinstance(raised.value, InDoubt)


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("081234567890", TO),
        ("+62 812-3456-7890", TO),
        ("6281234567890", TO),
        ("81234567890", None),
        ("+6581234567", None),
        ("0215550123", None),
        ("", None),
    ],
)
def test_a_number_is_written_as_whatsapp_takes_it(phone: str, address: str | None) -> None:
    assert international(phone) == address
    assert WhatsApp("http://127.0.0.1:9", "t", "1").address_of(Person("m", phone=phone or None)) == address
