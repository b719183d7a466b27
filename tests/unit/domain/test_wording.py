"""What people read: whole texts, and the rules that WhatsApp has for them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lumbung.domain.letter import Letter
from lumbung.domain.notice import Notice
from lumbung.domain.notice_texts import TEMPLATES, Template
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, Happening, OrderLine
from lumbung.domain.people import Person
from lumbung.domain.registry import Dropoff
from lumbung.domain.uncollected import Uncollected
from lumbung.domain.wave import Wave
from lumbung.domain.wording import About, letter

AT = datetime(2020, 4, 7, 3, 30, tzinfo=UTC)
WAVE = Wave(
    "wav_1", "Gelombang I", "Asia/Jakarta", AT, AT + timedelta(days=1), AT + timedelta(days=1), date(2020, 4, 10),
    ("drp_1",), (), uncollected=Uncollected(48),
)  # fmt: skip
DROPOFF = Dropoff("drp_1", "Gedung Kementerian", "Jl. H.R. Rasuna Said", -6.2, 106.8, opening_hours="09.00-15.00")


def a_line(quantity: int = 2, allocated: int | None = None, name: str = "Beras 5 kg") -> OrderLine:
    return OrderLine("off_a", name, 5_000, quantity, 55_000, "cop_1", allocated)


def an_about(**changes: object) -> About:
    """Two packs ordered by Siti, of which she gets one; Rp55.000 of Rp110.000 are paid."""
    order = Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="mem-1", placed_by="mem-1",
        lines=(a_line(),), fulfilment=Fulfilment(), courier_fee=0, payment_due_at=AT + timedelta(hours=29, minutes=30),
        placed_at=AT, request_hash="", paid=55_000, history=(Happening(AT, "placed", "mem-1"), Happening(AT, "x", "x")),
    )  # fmt: skip
    about = About(order, WAVE, DROPOFF, Person("mem-1", "Siti"), pic="Ibu Rini", receipt="KW-7")
    return replace(about, **changes)


def written(kind: str, **changes: object) -> Letter:
    return letter(Notice("ord_1", kind, 1, 55_000), an_about(**changes))


AT_THE_DESK = ("handed_partly", "collect_soon", "not_collected")
TEXTS = {
    "placed": (
        "Halo Siti, pesanan Anda di Gelombang I sudah kami terima: 2 × Beras 5 kg. Totalnya Rp110.000, mohon "
        "dibayar paling lambat Rabu, 8 April 2020 pukul 16.00 WIB. Pesanan yang belum dibayar pada waktu itu "
        "batal dengan sendirinya. Nomor pesanan ord_1, simpan sampai barang Anda terima."
    ),
    "placed_for": (
        "Halo Siti, untuk Anda telah dipesankan oleh Ibu Rini di Gelombang I barang berikut: 2 × Beras 5 kg. "
        "Totalnya Rp110.000, mohon dibayar paling lambat Rabu, 8 April 2020 pukul 16.00 WIB. Nomor pesanan ord_1."
        " Jika Anda tidak meminta pesanan ini, hubungi penanggung jawab di Gedung Kementerian sebelum membayar."
    ),
    "edited": (
        "Halo Siti, pesanan ord_1 di Gelombang I sudah diubah menjadi: 2 × Beras 5 kg. Totalnya sekarang "
        "Rp110.000, sudah dibayar Rp55.000, dan yang masih harus dibayar Rp55.000 dengan batas waktu Rabu, 8 "
        "April 2020 pukul 16.00 WIB. Jika bukan Anda yang mengubahnya, hubungi penanggung jawab titik ambil Anda."
    ),
    "payment_due": (
        "Halo Siti, pesanan ord_1 di Gelombang I belum lunas. Mohon bayar Rp55.000 paling lambat Rabu, 8 April "
        "2020 pukul 16.00 WIB. Setelah waktu itu pesanan batal dengan sendirinya, dan barangnya dapat dipesan "
        "orang lain."
    ),
    "paid": (
        "Halo Siti, pembayaran Rp55.000 untuk pesanan ord_1 kami terima pada Selasa, 7 April 2020 pukul 10.30 "
        "WIB. Pesanan Anda lunas. Barang direncanakan tiba pada Jumat, 10 April 2020, dan kami kabari lagi "
        "setelah gelombang ditutup."
    ),
    "part_paid": (
        "Halo Siti, pembayaran Rp55.000 untuk pesanan ord_1 kami terima pada Selasa, 7 April 2020 pukul 10.30 "
        "WIB. Yang masih harus dibayar Rp55.000 dengan batas waktu Rabu, 8 April 2020 pukul 16.00 WIB. Setelah "
        "waktu itu pesanan batal, dan uang Anda kami kembalikan."
    ),
    "paid_cash": (
        "Kuitansi nomor KW-7 atas nama Siti. Uang tunai Rp55.000 untuk pesanan ord_1 diterima oleh Ibu Rini di "
        "Gedung Kementerian pada Selasa, 7 April 2020 pukul 10.30 WIB. Yang masih harus dibayar Rp55.000. Simpan "
        "pesan ini sebagai bukti pembayaran Anda."
    ),
    "unowed": (
        "Halo Siti, kami menerima Rp55.000 untuk pesanan ord_1, tetapi pesanan itu tidak menunggu pembayaran "
        "lagi. Uang Anda tidak hilang: semuanya kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "reversed": (
        "Halo Siti, pembayaran untuk pesanan ord_1 ditarik kembali oleh penyedia pembayaran. Pesanan Anda "
        "menunggu pembayaran Rp55.000 lagi, paling lambat Rabu, 8 April 2020 pukul 16.00 WIB. Setelah waktu itu "
        "pesanan batal dengan sendirinya."
    ),
    "expired": (
        "Halo Siti, pesanan ord_1 di Gelombang I kedaluwarsa karena belum lunas sampai Rabu, 8 April 2020 pukul "
        "16.00 WIB. Selama gelombang masih dibuka dan barang masih ada, Anda dapat memesan lagi."
    ),
    "cancelled": (
        "Halo Siti, pesanan ord_1 di Gelombang I dibatalkan pada Selasa, 7 April 2020 pukul 10.30 WIB. Tidak ada "
        "yang perlu Anda bayar."
    ),
    "cancelled_refund": (
        "Halo Siti, pesanan ord_1 di Gelombang I dibatalkan pada Selasa, 7 April 2020 pukul 10.30 WIB. Uang Anda "
        "Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "wave_closed": (
        "Halo Siti, pemesanan Gelombang I sudah ditutup dan pesanan ord_1 dipenuhi seluruhnya: 1 × Beras 5 kg. Barang "
        "direncanakan tiba pada Jumat, 10 April 2020 di Gedung Kementerian, dan kami kabari lagi begitu siap."
    ),
    "short": (
        "Halo Siti, pemesanan Gelombang I sudah ditutup, dan pasokan koperasi tidak cukup untuk semua pesanan. Untuk "
        "pesanan ord_1 Anda menerima: 1 × Beras 5 kg. Barang direncanakan tiba pada Jumat, 10 April 2020 di "
        "Gedung Kementerian. Selisihnya Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "nothing": (
        "Halo Siti, mohon maaf, tidak ada barang yang dapat kami berikan untuk pesanan ord_1 di Gelombang I. Uang"
        " Anda Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "arrived_short": (
        "Halo Siti, mohon maaf, sebagian barang tiba kurang atau rusak. Untuk pesanan ord_1 Anda menerima: 1 × "
        "Beras 5 kg. Selisihnya Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "lost": (
        "Halo Siti, mohon maaf, sebagian barang hilang di kurir. Untuk pesanan ord_1 Anda menerima: 1 × Beras 5 "
        "kg. Selisihnya Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "ready": (
        "Halo Siti, barang untuk pesanan ord_1 siap diambil: 1 × Beras 5 kg. Tempatnya Gedung Kementerian dengan "
        "alamat Jl. H.R. Rasuna Said, jam buka 09.00-15.00. Tunjukkan kode ambil yang ada di halaman pesanan "
        "Anda."
    ),
    "pickup_instead": (
        "Halo Siti, tidak ada kurir yang dapat mengantar pesanan ord_1. Barang Anda diambil di Gedung Kementerian"
        " dengan alamat Jl. H.R. Rasuna Said, jam buka 09.00-15.00. Ongkos kirimnya tidak perlu Anda tanggung."
    ),
    "dispatched": (
        "Halo Siti, barang untuk pesanan ord_1 akan diantar kurir: 1 × Beras 5 kg. Jam perkiraan dan perjalanannya "
        "dapat dilihat di halaman pesanan Anda."
    ),
    "delivery_planned": (
        "Halo Siti, barang untuk pesanan ord_1 ada di Gedung Kementerian dan dijadwalkan diantar: 1 × Beras 5 kg. Jam "
        "perkiraannya dapat dilihat di halaman pesanan Anda, dan kami kabari begitu kurir dipanggil."
    ),
    "next_courier": (
        "Halo Siti, kurir tidak menemukan pengemudi untuk pesanan ord_1. Barang Anda aman di Gedung Kementerian, dan "
        "kami sedang mencari kurir lain. Jika tidak ada juga, kami kabari agar barangnya dapat Anda ambil sendiri."
    ),
    "came_back": (
        "Halo Siti, kurir tidak berhasil mengantar pesanan ord_1, dan barangnya kembali ke Gedung Kementerian "
        "dengan alamat Jl. H.R. Rasuna Said. Hubungi penanggung jawab di sana untuk diantar lagi atau diambil "
        "sendiri."
    ),
    "delivered": (
        "Halo Siti, barang untuk pesanan ord_1 sudah diantar pada Selasa, 7 April 2020 pukul 10.30 WIB. Terima "
        "kasih sudah membeli langsung dari petani."
    ),
    "proxy_named": (
        "Halo Siti, Anda menunjuk wakil untuk mengambil pesanan ord_1 di Gedung Kementerian. Berikan kode ambil hanya "
        "kepada wakil Anda. Jika bukan Anda yang menunjuknya, cabut wakil itu di halaman pesanan Anda."
    ),
    "by_proxy": (
        "Halo Siti, barang dari pesanan ord_1 diambil wakil Anda di Gedung Kementerian pada Selasa, 7 April 2020 pukul "
        "10.30 WIB. Jika Anda tidak menunjuk wakil, segera hubungi penanggung jawab di sana."
    ),
    "handed_offline": (
        "Halo Siti, barang dari pesanan ord_1 tercatat diserahkan tanpa jaringan di Gedung Kementerian pada Selasa, 7 "
        "April 2020 pukul 10.30 WIB. Jika Anda atau wakil Anda tidak menerimanya, segera hubungi penanggung jawab di "
        "sana."
    ),
    "handed_partly": (
        "Halo Siti, sebagian barang dari pesanan ord_1 diserahkan pada Selasa, 7 April 2020 pukul 10.30 WIB. Yang "
        "masih menunggu Anda: 1 × Beras 5 kg. Tempatnya Gedung Kementerian dengan alamat Jl. H.R. Rasuna Said, jam "
        "buka 09.00-15.00, dengan kode ambil yang sama."
    ),
    "collect_soon": (
        "Halo Siti, barang dari pesanan ord_1 masih menunggu Anda: 1 × Beras 5 kg. Mohon diambil di Gedung Kementerian "
        "paling lambat Kamis, 9 April 2020 pukul 10.30 WIB. Setelah waktu itu barang ditawarkan kepada orang lain, dan "
        "uang Anda kami kembalikan sebesar hasil penjualannya sesuai aturan gelombang ini."
    ),
    "not_collected": (
        "Halo Siti, barang dari pesanan ord_1 tidak diambil sampai Selasa, 7 April 2020 pukul 10.30 WIB, dan sekarang "
        "ditawarkan kepada orang lain: 1 × Beras 5 kg. Sesuai aturan gelombang ini uang Anda kami kembalikan sebesar "
        "hasil penjualannya. Selama barangnya masih ada di Gedung Kementerian Anda masih dapat mengambilnya."
    ),
    "not_collected_refund": (
        "Halo Siti, barang dari pesanan ord_1 tidak diambil sampai Selasa, 7 April 2020 pukul 10.30 WIB, dan sekarang "
        "ditawarkan kepada orang lain. Uang Anda Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "sold": (
        "Halo Siti, barang dari pesanan ord_1 yang tidak Anda ambil terjual kepada orang lain. Hasilnya Rp55.000 kami "
        "kembalikan kepada Anda, dan kami kabari begitu sudah dikirim."
    ),
    "refund_promised": (
        "Halo Siti, untuk pesanan ord_1 uang Anda Rp55.000 kami kembalikan, dan kami kabari begitu sudah dikirim."
    ),
    "refunded": (
        "Halo Siti, uang Anda Rp55.000 untuk pesanan ord_1 sudah dikembalikan pada Selasa, 7 April 2020 pukul "
        "10.30 WIB. Jika belum Anda terima, hubungi penanggung jawab titik ambil Anda dengan menyebut nomor "
        "pesanan itu."
    ),
}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_text_of(kind: str):
    about = an_about()
    given = ("wave_closed", "short", "arrived_short", "lost", "ready", "dispatched", "delivery_planned", *AT_THE_DESK)
    if kind in given:
        about = replace(about, order=replace(about.order, lines=(a_line(allocated=1),)))
    if kind in AT_THE_DESK:
        ready = (about.order.history[0], Happening(AT, "at_dropoff", "clock"))
        about = replace(about, order=replace(about.order, history=ready))

    assert letter(Notice("ord_1", kind, 1, 55_000), about).body == TEXTS[kind]


def test_a_letter_is_one_text_in_both_its_forms():
    made = written("refunded")

    assert made == Letter(
        template="lumbung_refunded",
        parameters=("Siti", "Rp55.000", "ord_1", "Selasa, 7 April 2020 pukul 10.30 WIB"),
        subject="Uang Anda sudah dikembalikan",
        body=TEXTS["refunded"],
        tags={"kind": "refunded", "order_id": "ord_1", "number": "1"},
    )
    filled = TEMPLATES["refunded"].numbered
    for number, value in enumerate(made.parameters, 1):
        filled = filled.replace(f"{{{{{number}}}}}", value)
    assert filled == made.body


def test_what_nobody_has_told_is_said_politely():
    made = written("paid_cash", person=Person("mem-1"), pic=None)

    assert "atas nama Bapak/Ibu." in made.body
    assert "oleh penanggung jawab titik ambil di Gedung" in made.body


def test_a_name_cannot_break_the_line_that_it_stands_in():
    made = written("cancelled", person=Person("mem-1", "Siti\n\n  Rahayu\t"))

    assert made.parameters[0] == "Siti Rahayu"


def test_a_long_order_is_told_in_short():
    order = replace(an_about().order, lines=tuple(a_line(n, name=f"Beras {n} kg") for n in range(1, 9)))

    made = letter(Notice("ord_1", "placed", 1), replace(an_about(), order=order))
    assert "6 × Beras 6 kg, dan 2 macam lagi. Totalnya" in made.body


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_whatsapp_can_approve(template: Template):
    parts = re.split(r"{{\d+}}", template.numbered)

    assert all(re.search(r"[A-Za-z]", part) for part in parts), "words before, between and after the parameters"
    assert len(set(template.parameters)) == len(template.parameters)
    assert len(" ".join(parts).split()) > 2 * len(template.parameters), "more words than parameters"
    assert len(template.numbered) <= 1024
    assert re.fullmatch(r"[a-z_]+", template.name)
