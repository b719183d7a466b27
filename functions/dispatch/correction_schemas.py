"""Corrections of allocations as the contract writes them."""

from typing import Annotated, Literal

from pydantic import Field

from dispatch.correct_allocation import Wanted
from lumbung.domain.correction import Correction
from lumbung.runtime.schema import Id, Request, Text, Utc, View


class CorrectionRequest(Request):
    order_id: Id
    offer_id: Id
    packs: Annotated[int, Field(ge=0, le=20_000)]
    reason: Text
    liable: Literal["cooperative", "courier", "pic", "member", "programme"] = "cooperative"

    def to_domain(self) -> Wanted:
        return Wanted(**self.model_dump())


class CorrectionView(View):
    id: str
    order_id: str
    dropoff_id: str
    offer_id: str
    before: int
    packs: int
    amount: int
    reason: str
    liable: str
    at: Utc
    by: str

    @classmethod
    def of(cls, correction: Correction) -> "CorrectionView":
        return cls(**{name: getattr(correction, name) for name in cls.model_fields})
