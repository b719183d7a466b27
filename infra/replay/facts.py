"""What is known of April 2020. Only quotas and prices are fed in; every other figure must come out.

Press of the time: wave I was ordered on 7 and 8 April by four ministries, and 2.9 t were handed out on
10 April at two drop-offs; both waves together were 4.4 t at Rp 11,000 a kilogram, Rp 48.4 million. When wave
II was ordered was not published; here it is from the evening of the 10th to the noon of the 12th.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
PRICE_PER_KG = 11_000
PACKS_KG = (5, 10, 20)


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of April 2020, Jakarta time, in UTC."""
    return datetime(2020, 4, day, hour, minute, tzinfo=WIB).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """A wave as it was planned. `quotas`: packs by kilograms, all that the cooperative has."""

    name: str
    opens: datetime
    closes: datetime
    delivery_date: str
    departs: datetime
    people: int
    quotas: dict[int, int]

    @property
    def payment_due(self) -> datetime:
        return self.closes + timedelta(hours=2)

    @property
    def no_more_absent_minds(self) -> datetime:
        """Who orders after this pays: what is abandoned before it is ordered by others until closing."""
        return self.closes - timedelta(hours=3)


WAVES = (
    WaveFacts("Gelombang I", wib(7, 8), wib(8, 16), "2020-04-10", wib(10, 4), 350, {5: 180, 10: 120, 20: 40}),
    WaveFacts("Gelombang II", wib(10, 18), wib(12, 12), "2020-04-13", wib(13, 4), 190, {5: 100, 10: 60, 20: 20}),
)

INSTITUTIONS = (
    ("K48", "Kementerian Koperasi dan UKM"),
    ("K63", "Kementerian Desa, Pembangunan Daerah Tertinggal, dan Transmigrasi"),
    ("K3", "Kementerian Dalam Negeri"),
    ("K25", "Kementerian PPN/Bappenas"),
)

DROPOFFS = (
    {"name": "Gedung Kementerian Koperasi dan UKM", "address": "Setiabudi, Jakarta Selatan",
     "lat": -6.219622, "lng": 106.829985, "pic_ids": ["pic-setiabudi"], "opening_hours": "Jumat 08.00-16.00",
     "cash_limit": 50_000_000},
    {"name": "Lenteng Agung", "address": "Lenteng Agung, Jagakarsa, Jakarta Selatan",
     "lat": -6.325644, "lng": 106.836900, "pic_ids": ["pic-lenteng"], "opening_hours": "Jumat 08.00-16.00",
     "cash_limit": 50_000_000},
)  # fmt: skip

COOPERATIVE = {
    "name": "Koperasi Tani Mulus",
    "regency": "Kabupaten Indramayu",
    "operator_ids": ["coop-tani-mulus"],
    "bank": {"bank": "bri", "account_number": "004501000123456", "account_name": "Koperasi Tani Mulus"},
}

# Orders by hour, Jakarta time: how civil servants' purchases spread over a day (e-catalogue, 2025).
HOURS = {
    "weekday": (20, 10, 9, 9, 13, 27, 54, 197, 479, 887, 956, 915, 637, 852, 992, 885, 620, 275, 172, 150, 132, 132,
                107, 72),
    "weekend": (25, 6, 1, 2, 2, 14, 29, 34, 49, 90, 113, 96, 101, 106, 82, 87, 82, 45, 34, 43, 46, 38, 44, 36),
}  # fmt: skip

# Villages near each drop-off that goods go home to: code, postal code, latitude, longitude.
VILLAGES = (
    (("31.74.02.1005", "12940", -6.2262, 106.8231), ("31.74.01.1004", "12810", -6.2311, 106.8466),
     ("31.71.06.1001", "10310", -6.1966, 106.8310)),
    (("31.74.09.1004", "12630", -6.3300, 106.8330), ("31.74.04.1003", "12520", -6.3061, 106.8304),
     ("31.74.09.1002", "12620", -6.3357, 106.8206)),
)  # fmt: skip


def feed() -> list[dict[str, object]]:
    """Return the cooperative's supplier feed: one row per pack, as the e-catalogue's v5 format writes it."""
    return [
        {
            "informasi": {
                "unspsc": 50221101,
                "id_kategori_produk_lkpp": 4321,
                "nama_produk": f"Beras Premium Tani Mulus {kg} kg",
                "no_produk_penyedia": f"TM-BERAS-{kg}KG",
                "id_manufaktur": 1,
                "berlaku_sampai": "2020-12-31",
                "id_unit_pengukuran_lkpp": 3,
                "deskripsi_singkat": "Beras premium",
                "deskripsi_lengkap": "Beras premium dari sawah anggota di Kecamatan Cikedung, Indramayu",
                "kuantitas_stok": 1000,
                "tanggal_update": "2020-04-06 08:00:00",
                "tkdn_produk": 100,
                "produk_aktif": 1,
                "apakah_produk_lokal": 1,
            },
            "spesifikasi": {"item": [{"label": "Berat", "deskripsi": f"{kg} kg"}]},
            "image": {"item": []},
            "harga": {
                "harga_retail": kg * (PRICE_PER_KG + 1_800),
                "harga_pemerintah": kg * PRICE_PER_KG,
                "ongkos_kirim": 0,
                "kurs_id": 1,
                "tanggal_update": "2020-04-06 08:00:00",
            },
            "lampiran": {"item": []},
        }
        for kg in PACKS_KG
    ]
