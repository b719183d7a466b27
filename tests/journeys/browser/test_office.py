"""The programme office's way in a browser: a wave from its draft to its report."""

from datetime import timedelta, timezone

from playwright.sync_api import expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market

OFFICE = {"sub": "op-kantor", "name": "Kantor Program", "role": "operator"}
WIB = timezone(timedelta(hours=7))
TYPED = "%Y-%m-%dT%H:%M"


def test_a_wave_goes_from_draft_to_report(visit: Visit, market: Market) -> None:
    page = visit("/kantor/gelombang", **OFFICE)
    assert faults(page) == []
    page.get_by_role("link", name="Rancang gelombang").click()
    now = market.stack.now().astimezone(WIB)
    page.get_by_label("Nama").fill("Gelombang dari layar")
    page.get_by_label("Dibuka").fill((now - timedelta(minutes=1)).strftime(TYPED))
    page.get_by_label("Ditutup").fill((now + timedelta(hours=4)).strftime(TYPED))
    page.get_by_label("Batas pembayaran").fill((now + timedelta(hours=6)).strftime(TYPED))
    page.get_by_label("Barang dibawa").fill((now + timedelta(days=2)).strftime("%Y-%m-%d"))
    page.get_by_label("Beras Premium Tani Mulus 5 kg").check()
    page.get_by_label("Kuota (kemasan)").fill("40")
    page.get_by_label("Gedung Kementerian Koperasi dan UKM").check()
    page.reload()  # nothing is lost
    expect(page.get_by_label("Kuota (kemasan)")).to_have_value("40")
    assert faults(page) == []
    page.get_by_role("button", name="Simpan rancangan").click()
    page.get_by_role("button", name="Terbitkan").click()
    assert faults(page) == []
    page.get_by_role("button", name="Ya, terbitkan").click()
    expect(page.get_by_text("Belum ada pesanan lunas")).to_be_visible()

    wave_id = page.url.rpartition("/")[2]
    wave = market.programme.operator.get(f"/v1/waves/{wave_id}")
    order = market.member("kantor-siti").post("/v1/orders", market.asked(wave, packs=2))
    receipt = {"amount": order["total"], "receipt_number": "kantor-1"}
    market.programme.pics[0].post(f"/v1/orders/{order['id']}/cash-receipts", receipt)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("100%").first).to_be_visible()
    assert faults(page) == []

    page.get_by_role("button", name="Tutup sekarang").click()
    page.get_by_role("button", name="Ya, tutup").click()
    expect(page.get_by_text("Ditutup", exact=True).first).to_be_visible()
    market.stack.move_clock(market.stack.now() + timedelta(hours=7))
    market.stack.idle()
    page.reload()
    with page.expect_response(f"**/v1/waves/{wave_id}/supply"):
        page.get_by_role("button", name="Konfirmasi pasokan").click()
    market.stack.idle()
    page.reload()
    expect(page.get_by_role("region", name="Pembagian pasokan")).to_contain_text("Beras")
    assert faults(page) == []

    page.get_by_role("link", name="Laporan").click()
    expect(page.get_by_role("region", name="Menurut titik ambil")).to_contain_text("Rp110.000")
    assert faults(page) == []
    with page.expect_download() as report:
        page.get_by_role("button", name="Unduh untuk lembar kerja").click()
    assert "by_dropoff" in report.value.path().read_text()


PARTS = [
    *(f"uang/{part}" for part in ("pengembalian", "rekonsiliasi", "neraca", "koperasi", "setoran", "tertahan")),
    *(f"katalog/{part}" for part in ("sinkronisasi", "karantina", "pemasok", "harga")),
    *(f"daftar/{part}" for part in ("titik", "instansi", "koperasi")),
]


def test_money_catalogue_and_registers_are_looked_through_and_a_remittance_is_counted(
    visit: Visit, market: Market
) -> None:
    wave = market.wave({5: 10})
    pic, dropoff_id = market.programme.pics[0], market.programme.dropoff_ids[0]
    order = market.member("uang-siti").post("/v1/orders", market.asked(wave))
    pic.post(f"/v1/orders/{order['id']}/cash-receipts", {"amount": order["total"], "receipt_number": "uang-1"})
    pic.post(f"/v1/dropoffs/{dropoff_id}/remittances", {"amount": order["total"], "method": "cash"})
    page = visit("/kantor", **OFFICE)
    assert faults(page) == []
    for part in PARTS:
        page.goto(f"/kantor/{part}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        assert (part, faults(page)) == (part, [])

    page.goto("/kantor/uang/setoran")
    page.get_by_role("button", name="Terima: Gedung Kementerian").click()
    page.get_by_label("Jumlah yang dihitung").fill(str(order["total"] - 5_000))
    assert faults(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Terima", exact=True).click()

    expect(page.get_by_role("region", name="Setoran: Gedung Kementerian")).to_contain_text("Rp5.000")
    assert faults(page) == []


def test_a_drop_off_is_added_and_stands_on_the_map(visit: Visit, market: Market) -> None:
    page = visit("/kantor/daftar/titik", **OFFICE)
    page.get_by_role("button", name="Tambah titik ambil").click()
    page.get_by_label("Nama").fill("Kantor Wali Kota")
    page.get_by_label("Alamat").fill("Jl. Prapanca Raya 9")
    page.get_by_label("Lintang").fill("-6.2607")
    page.get_by_label("Bujur").fill("106.8106")
    page.get_by_label("Penanggung jawab").fill("pic-walikota")
    assert faults(page) == []
    page.get_by_role("button", name="Simpan").click()

    expect(page.get_by_role("button", name="Ubah: Kantor Wali Kota")).to_be_visible()
    expect(page.get_by_role("img", name="Peta")).to_be_visible()
    assert "Kantor Wali Kota" in [dropoff["name"] for dropoff in market.programme.operator.everything("/v1/dropoffs")]


def test_a_wave_is_extended_and_called_off_with_a_reason(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 10})
    page = visit(f"/kantor/gelombang/{wave['id']}", **OFFICE)
    closes = (market.stack.now() + timedelta(days=1, hours=1)).astimezone(WIB)
    page.get_by_role("button", name="Perpanjang").click()
    dialog = page.get_by_role("dialog", name="Perpanjang gelombang")
    dialog.get_by_label("Ditutup").fill(closes.strftime(TYPED))
    assert faults(page) == []
    dialog.get_by_role("button", name="Perpanjang").click()
    expect(dialog).to_be_hidden()

    page.get_by_role("button", name="Batalkan gelombang").click()
    sure = page.get_by_role("button", name="Ya, batalkan gelombang")
    expect(sure).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Alasan untuk anggota").fill("Panen terlambat")
    sure.click()

    expect(page.get_by_text("Dibatalkan: Panen terlambat")).to_be_visible()
    assert faults(page) == []
