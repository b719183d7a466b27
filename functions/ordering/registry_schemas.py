"""Institutions, cooperatives and drop-offs as the contract writes them."""

from typing import Annotated, Literal

from pydantic import Field

from lumbung.domain.compliance import NIB, NPWP
from lumbung.domain.registry import Cooperative, Dropoff, Institution
from lumbung.runtime.schema import Id, Latitude, Longitude, Request, Text, View

Nib = Annotated[str, Field(pattern=NIB)]
Npwp = Annotated[str, Field(pattern=NPWP)]
Person = Annotated[str, Field(min_length=1, max_length=128)]


class InstitutionRequest(Request):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
    name: Text
    kind: Literal["ministry", "agency", "state_enterprise", "region", "cooperative", "public"]


class InstitutionView(View):
    id: str
    code: str
    name: str
    kind: str

    @classmethod
    def of(cls, thing: Institution) -> "InstitutionView":
        return cls(id=thing.id, code=thing.code, name=thing.name, kind=thing.kind)


class BankRequest(Request):
    bank: Annotated[str, Field(min_length=2, max_length=40)]
    account_number: Annotated[str, Field(pattern=r"^\d{5,20}$")]
    account_name: Text


class CooperativeRequest(Request):
    name: Text
    regency: Text
    operator_ids: Annotated[list[Person], Field(max_length=100)]
    bank: BankRequest
    nib: Nib | None = None
    npwp: Npwp | None = None


class CooperativePatch(Request):
    name: Text | None = None
    regency: Text | None = None
    operator_ids: Annotated[list[Person], Field(max_length=100)] | None = None
    bank: BankRequest | None = None
    nib: Nib | None = None
    npwp: Npwp | None = None


class CooperativeView(View):
    id: str
    name: str
    regency: str

    @classmethod
    def of(cls, thing: Cooperative) -> "CooperativeView":
        return cls(id=thing.id, name=thing.name, regency=thing.regency)


class AccountView(View):
    id: str
    name: str
    regency: str
    operator_ids: list[str]
    bank: dict[str, str]
    nib: str | None
    npwp: str | None

    @classmethod
    def of(cls, thing: Cooperative) -> "AccountView":
        return cls(
            id=thing.id, name=thing.name, regency=thing.regency, operator_ids=sorted(thing.operator_ids),
            bank=dict(thing.bank), nib=thing.nib, npwp=thing.npwp,
        )  # fmt: skip


class DropoffRequest(Request):
    name: Text
    address: Text
    lat: Latitude
    lng: Longitude
    pic_ids: Annotated[list[Person], Field(max_length=100)]
    opening_hours: Text | None = None
    capacity_g: Annotated[int, Field(ge=1)] | None = None
    cash_limit: Annotated[int, Field(ge=1)] | None = None
    institution_ids: Annotated[list[Id], Field(max_length=1000, default_factory=list)]


class DropoffPatch(Request):
    name: Text | None = None
    address: Text | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None
    pic_ids: Annotated[list[Person], Field(max_length=100)] | None = None
    opening_hours: Text | None = None
    capacity_g: Annotated[int, Field(ge=1)] | None = None
    cash_limit: Annotated[int, Field(ge=1)] | None = None
    institution_ids: Annotated[list[Id], Field(max_length=1000)] | None = None


class PicView(View):
    name: str | None


class DropoffView(View):
    id: str
    name: str
    address: str
    lat: float
    lng: float
    opening_hours: str | None
    pic: PicView

    @classmethod
    def of(cls, thing: Dropoff, pic_name: str | None) -> "DropoffView":
        return cls(
            id=thing.id, name=thing.name, address=thing.address, lat=thing.lat, lng=thing.lng,
            opening_hours=thing.opening_hours, pic=PicView(name=pic_name),
        )  # fmt: skip


class InstitutionList(View):
    items: list[InstitutionView]
    next_cursor: str | None


class CooperativeList(View):
    items: list[CooperativeView]
    next_cursor: str | None


class DropoffList(View):
    items: list[DropoffView]
    next_cursor: str | None
