"""From a list of NIP to an order: who is staff is kept by the office, and the next token says so."""

from typing import Any

import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow

NIP = "198503152010122003"
PHONE = "+6281299887766"


class Guest:
    """Somebody who signs in when they like; a new token is asked of the issuer each time."""

    def __init__(self, market: Market, sub: str, **claims: str) -> None:
        self._market, self._sub, self._claims, self._sent = market, sub, claims, 0

    def sign_in(self) -> "Guest":
        asked = {"sub": self._sub, "roles": ["member"], **self._claims}
        self._token = self._market.stack.http.post("/dev/tokens", json=asked).json()["access_token"]
        return self

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        self._sent += 1
        headers = {"authorization": f"Bearer {self._token}", "idempotency-key": f"{self._sub}-{self._sent}"}
        answer = self._market.stack.http.request(method, path, json=body, headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def wave(market: Market) -> dict[str, Any]:
    return market.wave(eligible_institution_ids=[market.programme.institution_ids[0]])


def test_a_listed_number_opens_the_wave_from_the_next_token_on(market: Market, wave: dict[str, Any]) -> None:
    institution, office = market.programme.institution_ids[0], market.programme.operator
    done = office.post(f"/v1/institutions/{institution}/staff-imports", {"nips": [NIP, "salah"]})
    guest = Guest(market, "guest-nip").sign_in()

    before = guest.send("POST", "/v1/orders", market.asked(wave))
    joined = guest.send("POST", "/v1/me/institution", {"institution_id": institution, "nip": NIP})
    after = guest.sign_in().send("POST", "/v1/orders", market.asked(wave))

    assert (done["accepted"], done["faults"]) == (1, [{"line": 2, "reason": "Bukan 18 angka."}])
    assert (before[0], before[1]["code"]) == (403, "not_eligible")
    assert (joined[0], joined[1]["membership"]["basis"]) == (200, "nip_list")
    assert (after[0], after[1]["institution_id"]) == (201, institution)


def test_an_address_in_the_institution_s_domain_is_enough_until_the_office_says_no(
    market: Market, wave: dict[str, Any]
) -> None:
    institution, office = market.programme.institution_ids[0], market.programme.operator
    office.put(f"/v1/institutions/{institution}/email-domains", {"domains": ["kemenkop.go.id"]})
    guest = Guest(market, "guest-email", email="tamu@kemenkop.go.id").sign_in()

    assert guest.send("POST", "/v1/orders", market.asked(wave))[0] == 201
    staff = office.everything(f"/v1/institutions/{institution}/staff")
    assert "guest-email" in [member["person_id"] for member in staff]
    office.post(f"/v1/institutions/{institution}/staff/guest-email/removal")
    second = market.wave(eligible_institution_ids=[institution])
    refused = guest.sign_in().send("POST", "/v1/orders", market.asked(second))
    assert (refused[0], refused[1]["code"]) == (403, "not_eligible")


def test_what_a_pic_ordered_for_a_phone_is_there_when_its_owner_signs_in(market: Market) -> None:
    [pic, _], wave = market.programme.pics, market.wave()
    person = {"name": "Bu Ani", "phone": "0812-9988-7766", "institution_id": market.programme.institution_ids[0]}
    made = pic.post("/v1/orders", market.asked(wave, on_behalf_of=person))
    ani, stranger = Guest(market, "guest-ani", phone=PHONE).sign_in(), Guest(market, "guest-else").sign_in()

    assert [order["id"] for order in ani.send("GET", "/v1/orders")[1]["items"]] == [made["id"]]
    second = ani.send("POST", "/v1/orders", market.asked(wave))
    assert (second[0], second[1]["code"]) == (409, "invalid_state")
    assert ani.send("POST", f"/v1/orders/{made['id']}/payments", {"method": "qris"})[0] == 201
    assert stranger.send("GET", f"/v1/orders/{made['id']}")[0] == 404
