"""WhatsApp Business Cloud API: approved template messages to people who have not written first.

`POST /{version}/{phone_number_id}/messages` with a bearer token. Request, answer and error shapes, and the codes
below, are as Meta's error reference and several independent clients have them; not tried against Meta itself. Not
confirmed: whether Meta ever answers an error for a message that it does send all the same. Here an error that can
be read counts as "not sent".

An accepted message may still not be delivered: Meta tells that later to a webhook, by the `tags` sent along. The
id of the message (`wamid…`) holds the receiver's number in base64, so it is neither kept nor logged.
"""

import json
from typing import Any

import urllib3

from lumbung.domain.errors import InDoubt, ProviderUnavailable, Undeliverable
from lumbung.domain.letter import Letter
from lumbung.domain.notice_texts import LANGUAGE
from lumbung.domain.people import Person

NAME = "whatsapp"
VERSION = "v23.0"
MAX_ANSWER = 256 * 1024
# Each of these is about the receiver. Our own mistakes (token, template, limits) are tried again, and end in the
# dead letters, where somebody is told.
UNDELIVERABLE = {
    131021: "the receiver is the sender",
    131026: "not on WhatsApp, or too old a version, or its terms are not accepted",
    131030: "not among the numbers that a test account may write to",
    131049: "Meta holds back what its users may not want",
    131050: "the receiver wants no messages",
    130472: "the receiver is part of an experiment of Meta's",
    130497: "the receiver's country is closed to this account",
}
_TIMEOUT = urllib3.Timeout(connect=2, read=8)


class WhatsApp:
    name = NAME

    def __init__(self, base_url: str, token: str, phone_number_id: str) -> None:
        self._url = f"{base_url.rstrip('/')}/{VERSION}/{phone_number_id}/messages"
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def address_of(self, person: Person) -> str | None:
        return international(person.phone) if person.phone else None

    def send(self, address: str, letter: Letter) -> None:
        """Send once; Undeliverable, InDoubt, ProviderUnavailable."""
        status, answer = self._post(json.dumps(to_message(address, letter)))
        if status == 200 and answer.get("messages"):
            return
        error = answer.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        if code in UNDELIVERABLE:
            raise Undeliverable(f"WhatsApp {code}: {UNDELIVERABLE[code]}")
        if status == 200:
            raise InDoubt("WhatsApp's answer names no message")
        raise ProviderUnavailable(f"WhatsApp answers {status}, code {code}")

    def _post(self, body: str) -> tuple[int, dict[str, Any]]:
        try:
            answer = self._pool.request(
                "POST", self._url, body=body, headers=self._headers, preload_content=False, redirect=False
            )
            raw = answer.read(MAX_ANSWER)
            answer.release_conn()
        except urllib3.exceptions.ReadTimeoutError:
            raise InDoubt("WhatsApp does not answer in time") from None
        except urllib3.exceptions.HTTPError as failure:
            raise ProviderUnavailable(f"WhatsApp cannot be asked: {type(failure).__name__}") from None
        return answer.status, _read(answer.status, raw)


def _read(status: int, raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    if status == 200:
        raise InDoubt("WhatsApp's answer cannot be read")
    return {}


def to_message(address: str, letter: Letter) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": address,
        "type": "template",
        "template": {
            "name": letter.template,
            "language": {"code": LANGUAGE},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": value} for value in letter.parameters]}
            ],
        },
        "biz_opaque_callback_data": json.dumps(dict(letter.tags), sort_keys=True),
    }


def international(phone: str) -> str | None:
    """Return an Indonesian number as WhatsApp takes it, digits with the country's code; None: it is no number.

    0812 3456-7890      6281234567890
    +62 812 34567890    6281234567890
    81234567890         –               neither 0 nor 62: nobody knows whose country
    """
    digits = "".join(character for character in phone if character in "0123456789")
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    return digits if digits.startswith("628") and 10 <= len(digits) <= 15 else None
