"""What the catalogue's HTTP routes about products take and give."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lumbung.domain.product import Pack, Product
from lumbung.domain.registry import Cooperative
from lumbung.runtime.schema import Id, Request, Text, Utc, View

Commodity = Literal[
    "rice", "eggs", "vegetables", "fruit", "coffee", "sugar", "cooking_oil", "flour", "meat", "seafood",
    "processed_food", "other",
]  # fmt: skip
Grade = Literal["premium", "medium"]
Share = Annotated[float, Field(allow_inf_nan=False)]
Attributes = Annotated[dict[Text, bool | int | Share | Text | None], Field(max_length=30)]
Rupiah = Annotated[int, Field(ge=1, le=1_000_000_000)]
Grams = Annotated[int, Field(ge=1, le=1_000_000)]


class PackRequest(Request):
    sku: Text
    weight_g: Grams
    price: Rupiah

    def to_domain(self) -> Pack:
        return Pack(self.sku, self.weight_g, self.price, local=True)


Packs = Annotated[list[PackRequest], Field(min_length=1, max_length=50)]


class _ProductRequest(Request):
    def fields(self) -> dict[str, Any]:
        """The fields that were sent, but for packs."""
        return self.model_dump(exclude_unset=True, exclude={"packs"})

    @model_validator(mode="after")
    def _each_pack_once(self) -> "_ProductRequest":
        skus = [pack.sku for pack in getattr(self, "packs", None) or ()]
        if len(set(skus)) < len(skus):
            raise ValueError("packs: a sku comes twice")
        return self


class NewProduct(_ProductRequest):
    cooperative_id: Id
    name: Text
    commodity: Commodity
    packs: Packs
    grade: Grade | None = None
    origin: Text | None = None
    attributes: Attributes = Field(default_factory=dict)


class ProductEdit(_ProductRequest):
    cooperative_id: Id | None = None
    name: Text | None = None
    commodity: Commodity | None = None
    packs: Packs | None = None
    grade: Grade | None = None
    origin: Text | None = None
    attributes: Attributes | None = None

    @model_validator(mode="after")
    def _is_edit(self) -> "ProductEdit":
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        needed = self.model_fields_set & {"cooperative_id", "name", "commodity", "packs", "attributes"}
        if empty := sorted(name for name in needed if getattr(self, name) is None):
            raise ValueError(f"{', '.join(empty)}: may not be null")
        return self


class FollowRequest(Request):
    """`name`, `grade`, … or `packs/<sku>`: what is to follow its source again."""

    fields: Annotated[list[Text], Field(min_length=1, max_length=60)]


class PriceView(View):
    at: Utc
    sku: str
    price: int
    by: str


class LocalField(View):
    """A value that was set here, by whom and when: no sync changes it."""

    field: str
    at: Utc
    by: str


class HistoryView(View):
    """`prices` oldest first, the newest sixty; `by` is a source's name or a person's id."""

    local: list[LocalField]
    prices: list[PriceView]

    @classmethod
    def of(cls, product: Product) -> "HistoryView":
        return cls(
            local=[LocalField(field=name, at=mark.at, by=mark.by) for name, mark in sorted(product.local.items())],
            prices=[PriceView(at=p.at, sku=p.sku, price=p.price, by=p.by) for p in product.prices],
        )


class PackView(View):
    sku: str
    weight_g: int
    price: int


class CooperativeView(View):
    id: str
    name: str
    regency: str


class SourceView(View):
    system: str
    external_id: str
    synced_at: Utc


class ProductView(View):
    id: str
    name: str
    commodity: str
    grade: str | None
    cooperative: CooperativeView | None
    packs: list[PackView]
    price_per_kg: int | None
    origin: str | None
    attributes: dict[str, str | int | float | bool | list[str] | None]
    source: SourceView | None
    state: str
    local_fields: list[str]

    @classmethod
    def of(cls, product: Product, owner: Cooperative | None) -> "ProductView":
        source = product.source
        packs = product.packs
        return cls(
            id=product.id,
            name=product.name,
            commodity=product.commodity,
            grade=product.grade,
            cooperative=CooperativeView(id=owner.id, name=owner.name, regency=owner.regency) if owner else None,
            packs=[PackView(sku=pack.sku, weight_g=pack.weight_g, price=pack.price) for pack in packs],
            price_per_kg=product.price_per_kg,
            origin=product.origin,
            attributes=dict(product.attributes),
            source=SourceView(system=source.system, external_id=source.external_id, synced_at=source.synced_at)
            if source
            else None,
            state=product.state,
            local_fields=sorted(product.local),
        )


class ProductList(View):
    items: list[ProductView]
    next_cursor: str | None
