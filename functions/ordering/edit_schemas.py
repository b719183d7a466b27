"""What may be changed of an order."""

from pydantic import model_validator

from lumbung.domain.people import Address
from lumbung.runtime.schema import Note, Request
from ordering.order_schemas import FulfilmentRequest, Lines


class EditRequest(Request):
    """What is not named stays as it is; `"note": null` takes the note away."""

    lines: Lines | None = None
    fulfilment: FulfilmentRequest | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _is_edit(self) -> "EditRequest":
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        if empty := sorted(name for name in self.model_fields_set - {"note"} if getattr(self, name) is None):
            raise ValueError(f"{', '.join(empty)}: may not be null")
        return self

    def said(self, address: Address | None) -> dict[str, Address | str | None]:
        """Return what is to be written about people; *address*: where a courier is to bring it."""
        said: dict[str, Address | str | None] = {}
        if self.fulfilment:
            said["address"] = address
        if "note" in self.model_fields_set:
            said["note"] = self.note or None
        return said
