"""A cooperative's way in a browser: what is asked of it, what it brings, what it sends off, what it is paid."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market

COOPERATIVE = {"sub": "coop-tani-mulus", "name": "Koperasi Tani Mulus", "role": "cooperative"}


def test_a_cooperative_confirms_its_supply_sends_it_off_and_sees_what_it_is_owed(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 100})
    office, pic = market.programme.operator, market.programme.pics[0]
    order = market.member("kop-siti").post("/v1/orders", market.asked(wave, packs=3))
    pic.post(f"/v1/orders/{order['id']}/cash-receipts", {"amount": order["total"], "receipt_number": "kop-1"})
    office.post(f"/v1/waves/{wave['id']}/closing")
    page = visit("/koperasi", **COOPERATIVE)
    assert faults(page) == []
    page.get_by_role("link", name=wave["name"], exact=True).click()
    expect(page.get_by_text("Permintaan diketahui setelah")).to_be_visible()

    market.stack.move_clock(market.stack.now() + timedelta(days=1, hours=3))
    market.stack.idle()
    page.reload()

    expect(page.get_by_role("region", name="Permintaan")).to_contain_text("Rp165.000")
    assert faults(page) == []
    page.get_by_role("button", name="Konfirmasi pasokan").click()
    expect(page.get_by_text("Pasokan Anda sudah dikonfirmasi")).to_be_visible()
    market.stack.idle()
    page.reload()
    with page.expect_download() as order_note:
        page.get_by_role("button", name="Unduh untuk lembar kerja").click()
    assert order_note.value.suggested_filename.endswith(".csv")
    page.get_by_role("button", name="Berangkatkan").click()
    page.get_by_label("Kendaraan").fill("E 1234 AB")
    assert faults(page) == []
    page.get_by_role("button", name="Ya, sudah berangkat").click()
    expect(page.get_by_text("Di jalan")).to_be_visible()

    [sent] = market.programme.cooperative.everything(f"/v1/waves/{wave['id']}/consignments")
    counted = [{"offer_id": line["offer_id"], "received": line["expected"]} for line in sent["lines"]]
    pic.post(f"/v1/consignments/{sent['id']}/receipt", {"lines": counted, "final": True})
    market.stack.idle()
    page.get_by_role("link", name="Pembayaran").click()
    expect(page.get_by_text("Rp165.000").first).to_be_visible()
    assert faults(page) == []


def test_a_product_that_is_changed_by_hand_says_so_and_can_follow_its_catalogue_again(
    visit: Visit, market: Market
) -> None:
    page = visit("/koperasi/produk", **COOPERATIVE)
    assert faults(page) == []
    page.get_by_role("link", name="Beras Premium Tani Mulus").click()
    page.get_by_label("Asal").fill("Cikedung, Indramayu")
    page.get_by_role("button", name="Simpan", exact=True).click()

    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    origin = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Asal", exact=True))
    expect(origin).to_contain_text("diubah di sini")
    assert faults(page) == []
    origin.get_by_role("button").click()

    expect(origin).to_contain_text("katalog")
    expect(origin.get_by_role("button")).to_have_count(0)
