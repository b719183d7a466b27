"""A bank that calls us (SNAP, protocols C): it gets a token, asks what an account owes, and tells that it was paid.

Its bodies are pretty-printed, its account numbers have their leading spaces, and what it tells again it tells
under the same ids. Nothing is asked of it: what it is made to do is said to `POST /snap/simulate`.
"""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import read
from infra.simulators.clock import WIB, Clock
from infra.simulators.snap_key import PRIVATE_KEY
from infra.simulators.webhooks import Webhooks

CLIENT_KEY = "lumbung-local-bank"
CLIENT_SECRET = "lumbung-local-snap-secret"
PARTNER = "12345"
UNDER = "/v1/webhooks/payments/snap"
TOKEN, INQUIRY, PAYMENT = "/v1.0/access-token/b2b", "/v1.0/transfer-va/inquiry", "/v1.0/transfer-va/payment"
TOKEN_LIVES = timedelta(seconds=900)
SAID = ("inquiry", "paid")


class SnapBank:
    name = "snap"

    def __init__(self, *, clock: Clock, webhooks: Webhooks, stack: str) -> None:
        self._clock, self._webhooks, self._stack = clock, webhooks, stack
        self._numbers = itertools.count(1)
        self._token: tuple[str, datetime] | None = None

    def routes(self) -> list[Route]:
        return []

    async def simulate(self, request: Request) -> Response:
        """Let somebody type the account number `id` in at the bank, and pay if `status` is `paid`.

        `amount`: what is paid, else what the bill says. `notify`: how often the bank tells of it, under the same
        ids. `old_token`: it uses the token it has, however old.
        """
        await self._clock.ready()
        asked, now = await read.fields(request), self._clock()
        number, status = read.text(asked, "id"), read.text(asked, "status", SAID)
        notify, amount = read.number(asked, "notify", 1), read.number(asked, "amount", 0)
        customer = number.removeprefix(PARTNER)
        if not number.startswith(PARTNER) or not customer.isdigit():
            raise HTTPException(422, f"id has to be an account number that begins with {PARTNER}")
        if not asked.get("old_token"):
            await self._get_token(now)
        request_id = f"{now:%Y%m%d%H%M%S}{next(self._numbers):010d}"
        inquiry = await self._call(INQUIRY, _account(customer) | {"inquiryRequestId": request_id}, now)
        answers = []
        if status == "paid" and (amount or inquiry["responseCode"].startswith("200")):
            owed = amount or int(inquiry["virtualAccountData"]["totalAmount"]["value"].partition(".")[0])
            told, external = _payment(customer, request_id, owed, now), self._external(now)
            answers = [await self._call(PAYMENT, told, now, external) for _ in range(notify)]
        return JSONResponse({"id": number, "inquiry": inquiry, "answers": answers})

    async def _get_token(self, now: datetime) -> None:
        """Get a token, unless there is one that is still good."""
        if self._token and now < self._token[1]:
            return
        timestamp = _stamp(now)
        headers = {
            "X-CLIENT-KEY": CLIENT_KEY,
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": rsa_sign(f"{CLIENT_KEY}|{timestamp}"),
        }
        answer = await self._post(TOKEN, {"grantType": "client_credentials", "additionalInfo": {}}, headers, now)
        if "accessToken" not in answer:
            raise HTTPException(502, f"no token: {answer}")
        self._token = answer["accessToken"], now + TOKEN_LIVES

    async def _call(self, path: str, body: dict[str, Any], now: datetime, external: str | None = None) -> Any:
        token, timestamp = self._token[0] if self._token else "", _stamp(now)
        compact = json.dumps(body, separators=(",", ":"))
        headers = {
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": sign(f"POST:{UNDER}{path}:{token}:{_sha256(compact)}:{timestamp}"),
            "X-PARTNER-ID": PARTNER,
            "X-EXTERNAL-ID": external or self._external(now),
            "CHANNEL-ID": "95231",
        }
        return await self._post(path, body, headers, now)

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str], now: datetime) -> Any:
        content = json.dumps(body, indent=2)
        answer = await self._webhooks.exchange(self.name, self._stack + UNDER + path, content, headers, at=now)
        if answer is None:
            raise HTTPException(502, "the stack does not answer")
        return answer.json()

    def _external(self, now: datetime) -> str:
        return f"{now.astimezone(WIB):%Y%m%d}{next(self._numbers):012d}"


def sign(text: str) -> str:
    return base64.b64encode(hmac.new(CLIENT_SECRET.encode(), text.encode(), hashlib.sha512).digest()).decode()


def rsa_sign(text: str) -> str:
    key = serialization.load_pem_private_key(PRIVATE_KEY.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def _account(customer: str) -> dict[str, Any]:
    partner = PARTNER.rjust(8)
    return {
        "partnerServiceId": partner,
        "customerNo": customer,
        "virtualAccountNo": partner + customer,
        "channelCode": 6011,
        "additionalInfo": {},
    }


def _payment(customer: str, request_id: str, amount: int, now: datetime) -> dict[str, Any]:
    money = {"value": f"{amount}.00", "currency": "IDR"}
    return _account(customer) | {
        "virtualAccountName": "LUMBUNG",
        "paymentRequestId": request_id,
        "paidAmount": money,
        "totalAmount": money,
        "trxDateTime": _stamp(now),
        "referenceNo": request_id[-11:],
        "flagAdvise": "N",
    }


def _stamp(at: datetime) -> str:
    """Write *at* with its zone, `2026-10-05T09:00:01+07:00`."""
    return at.astimezone(WIB).isoformat(timespec="seconds")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
