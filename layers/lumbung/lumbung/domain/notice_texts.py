"""What notices say, in Bahasa Indonesia: one text for WhatsApp and e-mail.

WhatsApp lets a business begin only with texts that were approved before, whose parameters are numbered: `numbered`
is what is registered, under `name`. So a text begins and ends with words of its own, keeps words between any two
parameters, and names each parameter once.
"""

import re
from dataclasses import dataclass

LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class Template:
    kind: str
    subject: str
    text: str

    @property
    def name(self) -> str:
        return f"lumbung_{self.kind}"

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.text))

    @property
    def numbered(self) -> str:
        """Return the text with ``{{1}}`` for its first parameter, and so on."""
        return self.text.format(**{name: f"{{{{{n}}}}}" for n, name in enumerate(self.parameters, 1)})


def _template(kind: str, subject: str, text: str) -> Template:
    return Template(kind, subject, " ".join(text.split()))


_ALL = (
    _template("placed", "Pesanan Anda sudah kami terima", """
        Halo {name}, pesanan Anda di {wave} sudah kami terima: {items}.
        Totalnya {total}, mohon dibayar paling lambat {due}.
        Pesanan yang belum dibayar pada waktu itu batal dengan sendirinya.
        Nomor pesanan {order}, simpan sampai barang Anda terima.
    """),
    _template("placed_for", "Ada pesanan atas nama Anda", """
        Halo {name}, untuk Anda telah dipesankan oleh {pic} di {wave} barang berikut: {items}.
        Totalnya {total}, mohon dibayar paling lambat {due}.
        Nomor pesanan {order}.
        Jika Anda tidak meminta pesanan ini, hubungi penanggung jawab di {dropoff} sebelum membayar.
    """),
    _template("edited", "Pesanan Anda sudah diubah", """
        Halo {name}, pesanan {order} di {wave} sudah diubah menjadi: {items}.
        Totalnya sekarang {total}, sudah dibayar {paid}, dan yang masih harus dibayar {balance} dengan batas
        waktu {due}.
        Jika bukan Anda yang mengubahnya, hubungi penanggung jawab titik ambil Anda.
    """),
    _template("payment_due", "Pesanan Anda belum dibayar", """
        Halo {name}, pesanan {order} di {wave} belum lunas.
        Mohon bayar {balance} paling lambat {due}.
        Setelah waktu itu pesanan batal dengan sendirinya, dan barangnya dapat dipesan orang lain.
    """),
    _template("paid", "Pembayaran Anda sudah kami terima", """
        Halo {name}, pembayaran {amount} untuk pesanan {order} kami terima pada {when}.
        Pesanan Anda lunas.
        Barang direncanakan tiba pada {delivery}, dan kami kabari lagi setelah gelombang ditutup.
    """),
    _template("part_paid", "Pembayaran Anda belum lunas", """
        Halo {name}, pembayaran {amount} untuk pesanan {order} kami terima pada {when}.
        Yang masih harus dibayar {balance} dengan batas waktu {due}.
        Setelah waktu itu pesanan batal, dan uang Anda kami kembalikan.
    """),
    _template("paid_cash", "Kuitansi pembayaran tunai", """
        Kuitansi nomor {receipt} atas nama {name}.
        Uang tunai {amount} untuk pesanan {order} diterima oleh {pic} di {dropoff} pada {when}.
        Yang masih harus dibayar {balance}.
        Simpan pesan ini sebagai bukti pembayaran Anda.
    """),
    _template("unowed", "Pembayaran Anda kami kembalikan", """
        Halo {name}, kami menerima {amount} untuk pesanan {order}, tetapi pesanan itu tidak menunggu pembayaran
        lagi.
        Uang Anda tidak hilang: semuanya kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("reversed", "Pembayaran Anda ditarik kembali", """
        Halo {name}, pembayaran untuk pesanan {order} ditarik kembali oleh penyedia pembayaran.
        Pesanan Anda menunggu pembayaran {balance} lagi, paling lambat {due}.
        Setelah waktu itu pesanan batal dengan sendirinya.
    """),
    _template("expired", "Pesanan Anda kedaluwarsa", """
        Halo {name}, pesanan {order} di {wave} kedaluwarsa karena belum lunas sampai {due}.
        Selama gelombang masih dibuka dan barang masih ada, Anda dapat memesan lagi.
    """),
    _template("cancelled", "Pesanan Anda dibatalkan", """
        Halo {name}, pesanan {order} di {wave} dibatalkan pada {when}.
        Tidak ada yang perlu Anda bayar.
    """),
    _template("cancelled_refund", "Pesanan Anda dibatalkan, uang Anda kembali", """
        Halo {name}, pesanan {order} di {wave} dibatalkan pada {when}.
        Uang Anda {amount} kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("wave_closed", "Gelombang ditutup, pesanan Anda dipenuhi", """
        Halo {name}, pemesanan {wave} sudah ditutup dan pesanan {order} dipenuhi seluruhnya: {granted}.
        Barang direncanakan tiba pada {delivery} di {dropoff}, dan kami kabari lagi begitu siap.
    """),
    _template("short", "Gelombang ditutup, pesanan Anda dipenuhi sebagian", """
        Halo {name}, pemesanan {wave} sudah ditutup, dan pasokan koperasi tidak cukup untuk semua pesanan.
        Untuk pesanan {order} Anda menerima: {granted}.
        Barang direncanakan tiba pada {delivery} di {dropoff}.
        Selisihnya {amount} kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("nothing", "Pesanan Anda tidak dapat dipenuhi", """
        Halo {name}, mohon maaf, tidak ada barang yang dapat kami berikan untuk pesanan {order} di {wave}.
        Uang Anda {amount} kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("arrived_short", "Barang Anda kurang", """
        Halo {name}, mohon maaf, sebagian barang tiba kurang atau rusak.
        Untuk pesanan {order} Anda menerima: {granted}.
        Selisihnya {amount} kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("lost", "Sebagian barang Anda hilang di jalan", """
        Halo {name}, mohon maaf, sebagian barang hilang di kurir.
        Untuk pesanan {order} Anda menerima: {granted}.
        Selisihnya {amount} kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("ready", "Barang Anda siap diambil", """
        Halo {name}, barang untuk pesanan {order} siap diambil: {granted}.
        Tempatnya {dropoff} dengan alamat {address}, jam buka {hours}.
        Tunjukkan kode ambil yang ada di halaman pesanan Anda.
    """),
    _template("pickup_instead", "Barang Anda diambil, bukan diantar", """
        Halo {name}, tidak ada kurir yang dapat mengantar pesanan {order}.
        Barang Anda diambil di {dropoff} dengan alamat {address}, jam buka {hours}.
        Ongkos kirimnya tidak perlu Anda tanggung.
    """),
    _template("dispatched", "Barang Anda akan diantar", """
        Halo {name}, barang untuk pesanan {order} akan diantar kurir: {granted}.
        Jam perkiraan dan perjalanannya dapat dilihat di halaman pesanan Anda.
    """),
    _template("delivery_planned", "Barang Anda dijadwalkan diantar", """
        Halo {name}, barang untuk pesanan {order} ada di {dropoff} dan dijadwalkan diantar: {granted}.
        Jam perkiraannya dapat dilihat di halaman pesanan Anda, dan kami kabari begitu kurir dipanggil.
    """),
    _template("next_courier", "Kami mencari kurir lain untuk Anda", """
        Halo {name}, kurir tidak menemukan pengemudi untuk pesanan {order}.
        Barang Anda aman di {dropoff}, dan kami sedang mencari kurir lain.
        Jika tidak ada juga, kami kabari agar barangnya dapat Anda ambil sendiri.
    """),
    _template("came_back", "Barang Anda belum dapat diantar", """
        Halo {name}, kurir tidak berhasil mengantar pesanan {order}, dan barangnya kembali ke {dropoff} dengan
        alamat {address}.
        Hubungi penanggung jawab di sana untuk diantar lagi atau diambil sendiri.
    """),
    _template("delivered", "Barang Anda sudah diantar", """
        Halo {name}, barang untuk pesanan {order} sudah diantar pada {when}.
        Terima kasih sudah membeli langsung dari petani.
    """),
    _template("proxy_named", "Wakil Anda sudah dicatat", """
        Halo {name}, Anda menunjuk wakil untuk mengambil pesanan {order} di {dropoff}.
        Berikan kode ambil hanya kepada wakil Anda.
        Jika bukan Anda yang menunjuknya, cabut wakil itu di halaman pesanan Anda.
    """),
    _template("by_proxy", "Barang Anda diambil wakil Anda", """
        Halo {name}, barang dari pesanan {order} diambil wakil Anda di {dropoff} pada {when}.
        Jika Anda tidak menunjuk wakil, segera hubungi penanggung jawab di sana.
    """),
    _template("handed_offline", "Barang Anda tercatat sudah diserahkan", """
        Halo {name}, barang dari pesanan {order} tercatat diserahkan tanpa jaringan di {dropoff} pada {when}.
        Jika Anda atau wakil Anda tidak menerimanya, segera hubungi penanggung jawab di sana.
    """),
    _template("handed_partly", "Sebagian barang Anda sudah diserahkan", """
        Halo {name}, sebagian barang dari pesanan {order} diserahkan pada {when}.
        Yang masih menunggu Anda: {left}.
        Tempatnya {dropoff} dengan alamat {address}, jam buka {hours}, dengan kode ambil yang sama.
    """),
    _template("collect_soon", "Barang Anda belum diambil", """
        Halo {name}, barang dari pesanan {order} masih menunggu Anda: {left}.
        Mohon diambil di {dropoff} paling lambat {until}.
        Setelah waktu itu barang ditawarkan kepada orang lain, dan {rule} sesuai aturan gelombang ini.
    """),
    _template("not_collected", "Waktu pengambilan barang Anda sudah lewat", """
        Halo {name}, barang dari pesanan {order} tidak diambil sampai {when}, dan sekarang ditawarkan kepada orang
        lain: {left}.
        Sesuai aturan gelombang ini {rule}.
        Selama barangnya masih ada di {dropoff} Anda masih dapat mengambilnya.
    """),
    _template("not_collected_refund", "Barang Anda tidak diambil, uang Anda kembali", """
        Halo {name}, barang dari pesanan {order} tidak diambil sampai {when}, dan sekarang ditawarkan kepada orang
        lain.
        Uang Anda {amount} kami kembalikan, dan kami kabari begitu sudah dikirim.
    """),
    _template("sold", "Barang yang tidak Anda ambil terjual", """
        Halo {name}, barang dari pesanan {order} yang tidak Anda ambil terjual kepada orang lain.
        Hasilnya {amount} kami kembalikan kepada Anda, dan kami kabari begitu sudah dikirim.
    """),
    _template("refund_promised", "Uang Anda kami kembalikan", """
        Halo {name}, untuk pesanan {order} uang Anda {amount} kami kembalikan, dan kami kabari begitu sudah
        dikirim.
    """),
    _template("refunded", "Uang Anda sudah dikembalikan", """
        Halo {name}, uang Anda {amount} untuk pesanan {order} sudah dikembalikan pada {when}.
        Jika belum Anda terima, hubungi penanggung jawab titik ambil Anda dengan menyebut nomor pesanan itu.
    """),
)  # fmt: skip

TEMPLATES = {template.kind: template for template in _ALL}
