"""The three shapes in which Biteship tells an order: answer, tracking, webhook."""

from typing import Any

from infra.simulators.biteship_orders import Order, jakarta
from infra.simulators.clock import WIB


def _driver(order: Order, prefix: str = "") -> dict[str, Any]:
    driver = order.driver
    return {
        f"{prefix}driver_name": driver and driver.name,
        f"{prefix}driver_phone": driver and driver.phone,
        f"{prefix}driver_photo_url": driver and driver.photo,
        f"{prefix}driver_plate_number": driver and driver.plate,
    }


def told(order: Order, message: str) -> dict[str, Any]:
    """Return the order as `POST` and `GET /v1/orders` answer it."""
    asked = order.request
    insurance = {"amount": 0, "amount_currency": "IDR", "fee": 0, "fee_currency": "IDR", "note": ""}
    return {
        "success": True,
        "message": message,
        "object": "order",
        "id": order.id,
        "draft_order_id": None,
        "short_id": order.id[:11],
        "shipper": {
            name: asked.get(f"shipper_{source}")
            for name, source in (
                ("name", "contact_name"),
                ("email", "contact_email"),
                ("phone", "contact_phone"),
                ("organization", "organization"),
            )
        },
        "origin": _end(order, "origin"),
        "destination": _end(order, "destination")
        | {
            "contact_email": asked.get("destination_contact_email"),
            "proof_of_delivery": {"use": False, "fee": 0, "note": None, "link": None},
            "cash_on_delivery": {
                "id": None,
                "amount": None,
                "amount_currency": "IDR",
                "fee": None,
                "fee_currency": "IDR",
                "note": None,
                "type": None,
            },
        },
        "courier": {
            "tracking_id": order.tracking_id,
            "waybill_id": order.waybill_id,
            "company": asked["courier_company"],
            "name": order.driver and order.driver.name,
            "phone": order.driver and order.driver.phone,
            **_driver(order),
            "type": asked["courier_type"],
            "link": order.link,
            "insurance": insurance,
            "routing_code": None,
        },
        "delivery": {
            "datetime": _delivery_time(order),
            "note": None,
            "type": asked["delivery_type"],
            "distance": round(order.km, 1),
            "distance_unit": "kilometer",
        },
        "reference_id": order.reference_id,
        "invoice_id": None,
        "items": asked["items"],
        "extra": [],
        "currency": "IDR",
        "tax_lines": [],
        "price": order.price,
        "metadata": asked.get("metadata", {}),
        "tags": [],
        "note": asked.get("order_note", ""),
        "status": order.status,
    }


def tracked(order: Order) -> dict[str, Any]:
    """Return the order as `GET /v1/trackings/{id}` answers it."""
    driver = order.driver
    return {
        "success": True,
        "messsage": "Successfully get tracking info",  # three s, as documented
        "object": "tracking",
        "id": order.tracking_id,
        "waybill_id": order.waybill_id,
        "courier": {
            "company": order.request["courier_company"],
            "name": driver and driver.name,
            "phone": driver and driver.phone,
            **_driver(order),
        },
        "origin": _contact(order, "origin"),
        "destination": _contact(order, "destination"),
        "history": order.history,
        "link": order.link,
        "order_id": order.id,
        "status": order.status,
    }


def notified(order: Order) -> dict[str, Any]:
    """Return the flat `order.status` payload."""
    return {
        "event": "order.status",
        "order_id": order.id,
        "order_price": order.price,
        "status": order.status,
        "courier_tracking_id": order.tracking_id,
        "courier_waybill_id": order.waybill_id,
        "courier_company": order.request["courier_company"],
        "courier_type": order.request["courier_type"],
        **_driver(order, "courier_"),
        "courier_link": order.link,
        "updated_at": jakarta(order.updated),
    }


def price_notified(order: Order) -> dict[str, Any]:
    """Return the `order.price` payload, whose fee really is misspelt."""
    return {
        "event": "order.price",
        "order_id": order.id,
        "courier_tracking_id": order.tracking_id,
        "courier_waybill_id": order.waybill_id,
        "price": order.price,
        "shippment_fee": order.price,
        "cash_on_delivery_fee": 0,
        "proof_of_delivery_fee": 0,
        "status": order.status,
    }


def _contact(order: Order, end: str) -> dict[str, Any]:
    return {name: order.request.get(f"{end}_{name}") for name in ("contact_name", "address")}


def _end(order: Order, end: str) -> dict[str, Any]:
    names = ("contact_name", "contact_phone", "coordinate", "address", "note", "postal_code")
    return {name: order.request.get(f"{end}_{name}") for name in names}


def _delivery_time(order: Order) -> str:
    if order.request["delivery_type"] == "now":
        return order.placed.astimezone(WIB).isoformat(timespec="minutes")
    return f"{order.request['delivery_date']}T{order.request['delivery_time']}+07:00"
