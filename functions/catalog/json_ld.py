"""A product as search engines read it: schema.org, one Product per pack (protocol notes, F.6)."""

from typing import Any

from lumbung.domain.product import Pack, Product
from lumbung.domain.registry import Cooperative

MEDIA_TYPE = "application/ld+json"


def document(product: Product, owner: Cooperative | None) -> dict[str, Any]:
    """Return the linked-data document of a product: all its packs, as related products of one group."""
    return {
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "productGroupID": product.id,
        "name": product.name,
        "variesBy": ["https://schema.org/weight"],
        "hasVariant": [_variant(product, pack, owner) for pack in product.packs],
    }


def _variant(product: Product, pack: Pack, owner: Cooperative | None) -> dict[str, Any]:
    told = {
        "@type": "Product",
        "sku": pack.sku,
        "gtin14": product.gtin,
        "name": f"{product.name} {pack.weight_g / 1000:g} kg",
        "category": product.commodity,
        "brand": _named("Brand", product.attributes.get("brand")),
        "countryOfOrigin": "ID" if product.attributes.get("pdn") else None,
        "weight": {"@type": "QuantitativeValue", "value": pack.weight_g / 1000, "unitCode": "KGM"},
        "offers": {
            "@type": "Offer",
            "price": str(pack.price),
            "priceCurrency": "IDR",
            "availability": f"https://schema.org/{'InStock' if pack.active else 'Discontinued'}",
            **({"seller": _named("Organization", owner.name)} if owner else {}),
        },
    }
    return {name: value for name, value in told.items() if value is not None}


def _named(kind: str, name: Any) -> dict[str, Any] | None:
    return {"@type": kind, "name": name} if name else None
