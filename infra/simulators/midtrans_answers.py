"""How Midtrans words its answers; every amount and code in them is a string."""

from typing import Any

from starlette.responses import JSONResponse, Response

from infra.simulators.clock import wib
from infra.simulators.midtrans_transactions import MERCHANT_ID, Refund, Refused, Transaction, idr
from infra.simulators.qris import dynamic_qr

HTTP_ERRORS = (400, 401, 413)  # the rest comes with HTTP 200: the code in the body is what counts


def refusal_answer(refusal: Refused, id: str) -> Response:
    body: dict[str, Any] = {"status_code": str(refusal.code), "status_message": refusal.message, "id": id}
    if refusal.validation:
        body["validation_messages"] = refusal.validation
    return JSONResponse(body, refusal.code if refusal.code in HTTP_ERRORS else 200)


def summary(transaction: Transaction, code: str, message: str) -> dict[str, Any]:
    return {
        "status_code": code,
        "status_message": message,
        "transaction_id": transaction.id,
        "order_id": transaction.order_id,
        "merchant_id": MERCHANT_ID,
        "gross_amount": idr(transaction.gross_amount),
        "currency": "IDR",
        "payment_type": transaction.payment_type,
        "transaction_time": wib(transaction.created),
        "transaction_status": transaction.status,
        "fraud_status": "accept",
    }


def charged(transaction: Transaction, base: str) -> dict[str, Any]:
    """Return what the payer needs, each way of paying in its own words and shape."""
    told = transaction.details
    if transaction.payment_type == "qris":
        message = "QRIS transaction is created"
        qr = dynamic_qr(transaction.gross_amount, transaction.order_id)
        told = told | {"qr_string": qr, "actions": _qr_actions(transaction, base)}
    elif transaction.payment_type == "gopay":
        message = "GoPay transaction is created"
        told = told | {"actions": _gopay_actions(transaction, base)}
    elif transaction.payment_type == "echannel":
        message = "OK, Mandiri Bill transaction is successful"
    elif "permata_va_number" in told:
        message = "Success, PERMATA VA transaction is successful"
    else:
        message = "Success, Bank Transfer transaction is created"
        told = told | {"expiry_time": wib(transaction.expires)}
    return summary(transaction, "201", message) | told


def _qr_actions(transaction: Transaction, base: str) -> list[dict[str, str]]:
    return [
        _action("generate-qr-code", "GET", f"{base}/v2/qris/{transaction.id}/qr-code"),
        _action("generate-qr-code-v2", "GET", f"{base}/v4/qris/gopay/{transaction.id}/qr-code"),
    ]


def _gopay_actions(transaction: Transaction, base: str) -> list[dict[str, str]]:
    return [
        _action("generate-qr-code", "GET", f"{base}/v2/gopay/{transaction.id}/qr-code"),
        _action("deeplink-redirect", "GET", f"{base}/gopay/partner/app/payment-pin?id={transaction.id}"),
        _action("get-status", "GET", f"{base}/v2/{transaction.id}/status"),
        _action("cancel", "POST", f"{base}/v2/{transaction.id}/cancel"),
    ]


def _action(name: str, method: str, url: str) -> dict[str, str]:
    return {"name": name, "method": method, "url": url}


def refunded(transaction: Transaction, refund: Refund) -> dict[str, Any]:
    answer = summary(transaction, "200", "Success, refund request is approved")
    return without(answer, "fraud_status") | {
        "refund_chargeback_id": refund.number,
        "refund_amount": idr(refund.amount),
        "refund_key": refund.key,
    }


def without(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in names}
