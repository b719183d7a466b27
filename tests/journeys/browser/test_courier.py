"""Having rice brought home: what it honestly costs, before it is ordered."""

from playwright.sync_api import expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market

VILLAGES = "village_code,village,postal_code,lat,lng\n31.74.02.1005,Karet Kuningan,12940,-6.2262,106.8231\n"


def test_a_member_sees_what_delivery_does_to_the_price_and_orders(visit: Visit, market: Market) -> None:
    operator = market.programme.operator
    answer = market.stack.http.put("/v1/villages", content=VILLAGES, headers=operator._headers())
    assert answer.status_code == 200, answer.text
    wave = market.wave({5: 100})
    page = visit("/", sub="hp-antar", name="Antar", phone="+6281255550011")
    page.goto(f"/gelombang/{wave['id']}")
    page.get_by_role("button", name="Tambah").first.click()
    page.get_by_role("link", name="Lanjut").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("radio", name="Diantar kurir").check()
    page.get_by_label("Alamat", exact=True).fill("Jalan Setiabudi Tengah 5")
    page.get_by_label("Kode kelurahan/desa").fill("3174021005")
    page.get_by_label("Kode pos").fill("12940")
    page.get_by_label("Nama penerima").fill("Antar")
    page.get_by_label("Nomor telepon penerima").fill("081255550011")
    page.get_by_role("button", name="Hitung ongkos kirim").click()

    expect(page.get_by_text("harga barang Rp11.000/kg menjadi")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Pesan sekarang").click()

    expect(page.get_by_text("Menunggu pembayaran").first).to_be_visible()
    [order] = market.member("hp-antar").everything("/v1/orders")
    assert order["fulfilment"]["method"] == "courier" and order["courier_fee"] > 0
