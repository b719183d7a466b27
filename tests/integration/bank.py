"""A bank that asks us, in one thread: it signs as the simulator does, and calls the real handlers."""

import json
from dataclasses import dataclass, field
from typing import Any

from infra.simulators.snap import CLIENT_KEY, CLIENT_SECRET, INQUIRY, PAYMENT, TOKEN, UNDER, rsa_sign
from lumbung.providers.snap_signature import sign, string_to_sign
from lumbung.runtime import clock
from payments import snap_token_webhook, snap_webhook
from tests.integration.conftest import Reply
from tests.integration.payments_world import World

Headers = dict[str, str]


@dataclass
class Bank:
    world: World
    numbers: int = 0
    held: str = field(default="")

    def token_headers(self) -> Headers:
        timestamp = clock.now().isoformat(timespec="seconds")
        signature = rsa_sign(f"{CLIENT_KEY}|{timestamp}")
        return {"x-client-key": CLIENT_KEY, "x-timestamp": timestamp, "x-signature": signature}

    def ask_token(self, headers: Headers | None = None, body: Any = None) -> Reply:
        raw = json.dumps(body or {"grantType": "client_credentials", "additionalInfo": {}}, indent=2)
        sent = self.token_headers() if headers is None else headers
        return self.world.webhook(raw, at=snap_token_webhook.handler, path=UNDER + TOKEN, headers=sent)

    def token(self) -> str:
        if not self.held:
            self.held = self.ask_token().json["accessToken"]
        return self.held

    def account(self, number: str) -> dict[str, str]:
        customer = number.removeprefix("12345")
        return {"partnerServiceId": "   12345", "customerNo": customer, "virtualAccountNo": f"   12345{customer}"}

    def paid(self, number: str, amount: int, request_id: str = "1") -> dict[str, Any]:
        money = {"value": f"{amount}.00", "currency": "IDR"}
        return self.account(number) | {
            "paymentRequestId": request_id,
            "paidAmount": money,
            "totalAmount": money,
            "trxDateTime": clock.now().isoformat(timespec="seconds"),
        }

    def headers(self, path: str, raw: str, **changes: str) -> Headers:
        """Return what proves *raw*; *changes* come before it is signed, `signed_path` and `secret` change how."""
        self.numbers += 1
        token, timestamp = changes.pop("token", None) or self.token(), clock.now().isoformat(timespec="seconds")
        path, secret = changes.pop("signed_path", UNDER + path), changes.pop("secret", CLIENT_SECRET)
        text = string_to_sign("POST", path, token, raw.encode(errors="surrogatepass"), timestamp)
        return {
            "authorization": f"Bearer {token}",
            "x-timestamp": timestamp,
            "x-signature": sign(text, secret, "base64"),
            "x-partner-id": "12345",
            "x-external-id": changes.pop("external", None) or f"20200407{self.numbers:012d}",
            "channel-id": "95231",
        }

    def call(self, path: str, body: Any, **changes: str) -> Reply:
        raw = body if isinstance(body, str) else json.dumps(body, indent=2)
        return self.send(path, raw, self.headers(path, raw, **changes))

    def send(self, path: str, raw: str | bytes, headers: Headers, *, is_base64: bool = False) -> Reply:
        return self.world.webhook(raw, at=snap_webhook.handler, path=UNDER + path, headers=headers, is_base64=is_base64)

    def inquire(self, number: str, request_id: str = "1", **changes: str) -> Reply:
        return self.call(INQUIRY, self.account(number) | {"inquiryRequestId": request_id}, **changes)

    def pay(self, number: str, amount: int = 55_000, request_id: str = "1", **changes: str) -> Reply:
        return self.call(PAYMENT, self.paid(number, amount, request_id), **changes)
