"""A product as a supplier's row of the government e-catalogue's fifth version (protocol notes, F.3)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lumbung.domain.product import Pack, Product

RUPIAH = 1  # the e-catalogue's number of the currency
WIB = ZoneInfo("Asia/Jakarta")  # the e-catalogue's times carry no zone
_LABELS = {"sni": "SNI", "halal": "Halal"}


def to_produk(product: Product, pack: Pack) -> dict[str, Any]:
    """Return the row of one pack: rupiah, and sizes in words as the e-catalogue writes them."""
    changed = written(product.changed_at)
    size = f"{pack.weight_g / 1000:g} kg"
    return {
        "informasi": {
            "nama_produk": f"{product.name} {size}",
            "no_produk_penyedia": pack.sku,
            "deskripsi_singkat": product.name,
            "deskripsi_lengkap": product.name,
            "berlaku_sampai": None,
            "kuantitas_stok": None,
            "tanggal_update": changed,
            "tkdn_produk": product.attributes.get("tkdn", 0),
            "produk_aktif": int(pack.active),
            "apakah_produk_lokal": int(product.attributes.get("pdn", True)),
        },
        "spesifikasi": {
            "item": [{"label": k, "deskripsi": v} for k, v in _told(product, size)],
            "tanggal_update": changed,
        },
        "image": {"item": [], "tanggal_update": changed},
        "harga": {
            "harga_retail": pack.price,
            "harga_pemerintah": pack.price,
            "ongkos_kirim": 0,
            "kurs_id": RUPIAH,
            "tanggal_update": changed,
        },
        "lampiran": {"item": [], "tanggal_update": changed},
    }


def written(at: datetime) -> str:
    """Return *at* as the e-catalogue writes it, e.g. 2026-09-30 08:00:00."""
    return at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")


def _told(product: Product, size: str) -> list[tuple[str, str]]:
    told = [("Berat", size)]
    if product.origin:
        told.append(("Asal", product.origin))
    if product.grade:
        told.append(("Mutu", product.grade))
    return told + [
        (label, _words(product.attributes[name])) for name, label in _LABELS.items() if product.attributes.get(name)
    ]


def _words(value: Any) -> str:
    return "Ya" if value is True else str(value)
