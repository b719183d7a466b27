"""GrabExpress and GoSend as their documents have them: we send no field that they do not know, and read what they say.

The documents' examples are no part of this project: where they are not at hand, nothing is compared.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lumbung.domain.courier import Drop, Goods, Parcel, Place, Rider, Told
from lumbung.providers import gosend, gosend_notice, grab_messages, grab_notice

EXAMPLES = Path(__file__).parents[4] / "shared" / "protocol-examples"
DEPOT = Place("Gudang", "+6281234567890", "Jl. Medan Merdeka Utara No. 1", -6.175392, 106.827153, "Loket B")
HOME = Place("Siti", "081298765432", "Jl. Salemba Raya No. 4", -6.208763, 106.845599)
PARCEL = Parcel("trp_1", DEPOT, (Drop(HOME, (Goods("Beras premium 5 kg", 65_000, 2, 5_000),)),))

pytestmark = pytest.mark.skipif(not EXAMPLES.exists(), reason="no examples at hand")


def documented(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text())["body"]


def fields(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every field's path, and what kind of value it has."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from fields(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, f"{path}/*")
    else:
        yield path, "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("grab-quote-request", grab_messages.to_quote(PARCEL)),
        ("grab-delivery-request", grab_messages.to_delivery(PARCEL)),
        ("gosend-booking-request", gosend.to_booking(PARCEL, gosend.INSTANT)),
    ],
)
def test_what_we_send_has_only_fields_that_are_documented(name: str, sent: dict[str, Any]) -> None:
    assert set(fields(sent)) <= set(fields(documented(name)))


def test_grab_s_answers_are_read() -> None:
    made, riding = (grab_messages.to_report(documented(f"grab-delivery-{name}response")) for name in ("", "get-"))
    [offered] = documented("grab-quote-response")["quotes"]

    assert grab_messages.cost_of(offered) == 23_000
    assert (made.state, made.cost, made.rider, made.tracking_url) == ("searching", 23_000, None, None)
    assert (riding.state, riding.rider) == ("on_the_way", Rider("Budi", "B1234ABC"))
    assert riding.booking_id == made.booking_id == "DLV-W202610-0007"


def test_gosend_s_answers_are_read() -> None:
    made = gosend.to_report({"status": "confirmed"} | documented("gosend-booking-response"))
    riding = gosend.to_report(documented("gosend-status-response"))

    assert (made.reference, made.booking_id, made.state) == ("GK-11-170563", "DLV-W202610-0007", "searching")
    assert (riding.reference, riding.state, riding.rider, riding.cost) == (
        *("GK-11-170563", "picked_up", Rider("Budi"), 22_000),
    )


def test_their_webhooks_are_read() -> None:
    at = datetime(2026, 10, 5, 3, 5, tzinfo=UTC)
    grab, nobody = (json.dumps(documented(f"{name}-webhook")).encode() for name in ("grab", "gosend"))

    assert grab_notice.read(grab) == Told(
        "IN-2-00CONTOH0000000001", "delivery", "on_the_way", at,
        ("IN-2-00CONTOH0000000001", "IN_DELIVERY", "1791169500"),
    )  # fmt: skip
    assert gosend_notice.read(nobody) == Told(
        "GK-11-170563", "DRIVER_NOT_FOUND", "no_courier", at,
        ("GK-11-170563", "DRIVER_NOT_FOUND", "1791169500000", "no_driver"),
    )  # fmt: skip
