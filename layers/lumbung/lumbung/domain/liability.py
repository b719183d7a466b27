"""Whose account pays for a refund of goods that were received."""

from lumbung.domain import ledger


def bearer(liable: str, *, cooperative_id: str, dropoff_id: str, courier: str | None = None) -> str:
    """Return the account of who is liable.

    liable               account
    cooperative          cooperative:<cooperative_id>
    courier              courier:<courier>, or claim:courier where it is not said which
    pic                  claim:<dropoff_id>
    programme, member    write_off
    """
    match liable:
        case "cooperative":
            return ledger.cooperative(cooperative_id)
        case "courier":
            return ledger.courier(courier) if courier else ledger.claim("courier")
        case "pic":
            return ledger.claim(dropoff_id)
    return ledger.WRITE_OFF
