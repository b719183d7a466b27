"""Reading a charge request: what Midtrans refuses, and what it makes of the rest."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from infra.simulators.midtrans_transactions import Refused, Transaction
from infra.simulators.webhooks import is_loopback

ORDER_ID = re.compile(r"[A-Za-z0-9_~.-]{1,50}")
UNITS = {"second": "seconds", "minute": "minutes", "hour": "hours", "day": "days"}
SHORTEST = timedelta(seconds=20)
QRIS_LIMIT = 10_000_000
VA_PREFIX = {"bca": "81278", "bni": "98883852", "bri": "12627", "cimb": "18109"}
ECHOED = ("custom_field1", "custom_field2", "custom_field3", "metadata")
MAX_URLS = 3

# payment_type: how long a payer has unless custom_expiry says otherwise, and at most
PATIENCE = {
    "bank_transfer": (timedelta(hours=24), timedelta(days=180)),
    "echannel": (timedelta(hours=24), timedelta(days=180)),
    "qris": (timedelta(minutes=15), timedelta(days=7)),
    "gopay": (timedelta(minutes=15), timedelta(days=7)),
}
ELSEWHERE = ("credit_card", "shopeepay", "cstore", "akulaku", "kredivo", "dana", "ovo")


def read_charge(body: dict[str, Any], *, at: datetime, number: int, urls: tuple[str, ...]) -> Transaction:
    """Return the pending transaction that *body* asks for, the *number*th of this merchant."""
    kind = body.get("payment_type")
    if kind in ELSEWHERE:
        raise Refused(402, "Payment channel is not activated.")
    asked = _object(body, "transaction_details")
    if problems := list(_problems(body, asked)):
        raise invalid(*problems)
    return Transaction(
        order_id=asked["order_id"],
        payment_type=str(kind),
        gross_amount=asked["gross_amount"],
        created=at,
        expires=_expiry(str(kind), body.get("custom_expiry"), at),
        details=_details(str(kind), body, number),
        echoed={name: body[name] for name in ECHOED if name in body},
        urls=urls,
    )


def read_urls(override: str | None, append: str | None, default: str) -> tuple[str, ...]:
    """Return where notifications go, by X-Override-Notification and X-Append-Notification."""
    given = [url.strip() for url in (override or append or "").split(",") if url.strip()]
    if len(given) > MAX_URLS:
        raise invalid(f"at most {MAX_URLS} notification URLs")
    if beyond := [url for url in given if not is_loopback(url)]:
        raise invalid(f"this simulator notifies loopback addresses only, not {beyond[0]}")
    return tuple(given) if override else (default, *given)


def invalid(*problems: str) -> Refused:
    return Refused(400, "One or more parameters in the payload is invalid.", *problems)


def _problems(body: dict[str, Any], asked: dict[str, Any]) -> Iterator[str]:
    kind, order_id, amount = body.get("payment_type"), asked.get("order_id"), asked.get("gross_amount")
    if kind not in PATIENCE:
        yield "payment_type is not supported"
    if not isinstance(order_id, str) or not ORDER_ID.fullmatch(order_id):
        yield "transaction_details.order_id has to be 1 to 50 letters, digits, dash, underscore, tilde or dot"
    if type(amount) is not int or amount <= 0:
        yield "transaction_details.gross_amount has to be a whole, positive number"
    elif kind == "qris" and amount > QRIS_LIMIT:
        yield f"transaction_details.gross_amount has to be at most {QRIS_LIMIT} for qris"
    if "item_details" in body and _sum(body["item_details"]) != amount:
        yield "transaction_details.gross_amount is not equal to the sum of item_details"
    if kind == "bank_transfer" and _object(body, "bank_transfer").get("bank") not in (*VA_PREFIX, "permata"):
        yield "bank_transfer.bank has to be one of bca, bni, bri, cimb, permata"
    if kind == "echannel" and not _is_bill(_object(body, "echannel")):
        yield "echannel.bill_info1 (up to 10) and bill_info2 (up to 30 characters) are required"


def _sum(items: Any) -> int | None:
    try:
        return sum(int(item["price"]) * int(item["quantity"]) for item in items)
    except (TypeError, KeyError, ValueError):  # an item without a price or quantity adds up to nothing
        return None


def _is_bill(bill: dict[str, Any]) -> bool:
    first, second = bill.get("bill_info1"), bill.get("bill_info2")
    return isinstance(first, str) and len(first) <= 10 and isinstance(second, str) and len(second) <= 30


def _object(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise invalid(f"{name} has to be an object")
    return value


def _expiry(kind: str, custom: Any, at: datetime) -> datetime:
    usual, longest = PATIENCE[kind]
    if custom is None:
        return at + usual
    try:
        patience = timedelta(**{UNITS[custom["unit"]]: custom["expiry_duration"]})
        start = _order_time(custom["order_time"]) if "order_time" in custom else at
    except (TypeError, KeyError, ValueError, OverflowError) as fault:
        raise invalid("custom_expiry is not valid") from fault
    if not SHORTEST <= patience <= longest:
        raise invalid(f"custom_expiry has to be between {SHORTEST} and {longest}")
    return start + patience


def _order_time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")


def _details(kind: str, body: dict[str, Any], number: int) -> dict[str, Any]:
    if kind == "echannel":
        return {"bill_key": f"7783{number:08d}", "biller_code": "70012"}
    if kind == "qris":
        return {"acquirer": _object(body, "qris").get("acquirer", "gopay")}
    if kind == "gopay":
        return {}
    bank = body["bank_transfer"]["bank"]
    if bank == "permata":
        return {"permata_va_number": f"8562{number:012d}"}
    prefix = VA_PREFIX[bank]
    width = {"bca": 15, "bni": 16, "bri": 18, "cimb": 16}[bank] - len(prefix)
    return {"va_numbers": [{"bank": bank, "va_number": f"{prefix}{number:0{width}d}"}]}
