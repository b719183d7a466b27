"""WhatsApp's simulator: approved templates only, to numbers that are on it."""

from typing import Any

import httpx
import pytest

from tests.unit.simulators.conftest import Simulators

PATH = "/whatsapp/v23.0/620000000000001/messages"
TOKEN = {"authorization": "Bearer lumbung-local-whatsapp"}
VALUES = ["Siti", "Rp55.000", "ord_1", "Selasa, 7 April 2020 pukul 10.30 WIB"]


def a_message(
    *, to: str = "6281234567890", name: str = "lumbung_refunded", values: list[str] | None = None
) -> dict[str, Any]:
    parameters = [{"type": "text", "text": value} for value in (VALUES if values is None else values)]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": "id"},
            "components": [{"type": "body", "parameters": parameters}],
        },
        "biz_opaque_callback_data": '{"kind": "refunded"}',
    }


def send(simulators: Simulators, message: Any, path: str = PATH, **more: Any) -> httpx.Response:
    return simulators.web.post(path, json=message, **({"headers": TOKEN} | more))


def test_a_message_is_accepted_and_shown_as_its_reader_sees_it(simulators: Simulators) -> None:
    answer = send(simulators, a_message())

    assert answer.status_code == 200
    assert answer.json()["contacts"] == [{"input": "6281234567890", "wa_id": "6281234567890"}]
    [message] = simulators.web.get("/whatsapp/messages").json()["items"]
    assert message == {
        "id": answer.json()["messages"][0]["id"],
        "to": "6281234567890",
        "template": "lumbung_refunded",
        "body": (
            "Halo Siti, uang Anda Rp55.000 untuk pesanan ord_1 sudah dikembalikan pada Selasa, 7 April 2020 pukul "
            "10.30 WIB. Jika belum Anda terima, hubungi penanggung jawab titik ambil Anda dengan menyebut nomor "
            "pesanan itu."
        ),
        "tags": '{"kind": "refunded"}',
        "sent_at": "2026-10-05T02:00:01Z",
    }


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        pytest.param({"name": "lumbung_hello"}, 404, 132001, id="a template that is not approved"),
        pytest.param({"values": VALUES[1:]}, 400, 132000, id="a parameter too few"),
        pytest.param({"values": ["Siti\n", *VALUES[1:]]}, 400, 132018, id="a line break in a parameter"),
        pytest.param({"values": ["", *VALUES[1:]]}, 400, 132018, id="an empty parameter"),
        pytest.param({"to": "siti"}, 400, 100, id="no number"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    simulators: Simulators, changes: dict[str, Any], status: int, code: int
) -> None:
    answer = send(simulators, a_message(**changes))

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert simulators.web.get("/whatsapp/messages").json()["items"] == []


def test_words_of_one_s_own_are_for_those_who_have_written_first(simulators: Simulators) -> None:
    answer = send(simulators, a_message() | {"type": "text", "text": {"body": "Halo"}})

    assert answer.json()["error"]["code"] == 131047


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        pytest.param(PATH, {}, 401, 190, id="without a token"),
        pytest.param(PATH, {"authorization": "Bearer wrong"}, 401, 190, id="with a wrong one"),
        pytest.param("/whatsapp/v23.0/1/messages", TOKEN, 400, 100, id="from a number that is not ours"),
    ],
)
def test_strangers_cannot_send(
    simulators: Simulators, path: str, headers: dict[str, str], status: int, code: int
) -> None:
    answer = send(simulators, a_message(), path, headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_number_may_not_be_on_whatsapp(simulators: Simulators) -> None:
    simulators.web.post("/whatsapp/simulate", json={"to": "6281234567890", "on_whatsapp": False})
    refused = send(simulators, a_message())
    simulators.web.post("/whatsapp/simulate", json={"to": "6281234567890"})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 131026)
    assert send(simulators, a_message()).status_code == 200


def test_the_token_is_not_in_the_journal(simulators: Simulators) -> None:
    send(simulators, a_message())

    assert "lumbung-local-whatsapp" not in simulators.web.get("/requests?provider=whatsapp").text
