"""A person in charge serves a queue in a browser: orders, cash, goods, hand-overs, also where there is no network."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market

PIC = {"sub": "pic-setiabudi", "name": "Ibu Rini", "role": "pic", "phone": "+6281211110001"}


def desk(wave: dict[str, Any], page: str) -> str:
    return f"/loket/{wave['dropoff_ids'][0]}/{wave['id']}/{page}"


def close_and_supply(market: Market, wave: dict[str, Any], packs: int) -> None:
    market.stack.move_clock(market.stack.now() + timedelta(days=1, hours=2, minutes=2))
    supplied = {"lines": [{"offer_id": wave["offers"][0]["id"], "packs": packs}]}
    market.programme.cooperative.post(f"/v1/waves/{wave['id']}/supply", supplied)
    market.stack.idle()


def ordered(market: Market, wave: dict[str, Any], sub: str, packs: int, receipt: str | None = None) -> str:
    order = market.member(sub).post("/v1/orders", market.asked(wave, packs=packs))
    if receipt:
        body = {"amount": order["total"], "receipt_number": receipt}
        market.programme.pics[0].post(f"/v1/orders/{order['id']}/cash-receipts", body)
    return str(order["id"])


def brought(market: Market, packs: dict[str, int]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a wave whose goods lie at its drop-off, and the code by which each member fetches theirs."""
    wave = market.wave({5: 20})
    orders = {sub: ordered(market, wave, sub, count, f"KL-{sub}") for sub, count in packs.items()}
    close_and_supply(market, wave, sum(packs.values()))
    [truck] = [c for c in market.programme.pics[0].everything(f"/v1/waves/{wave['id']}/consignments") if c["packs"]]
    counted = {"lines": [{"offer_id": wave["offers"][0]["id"], "received": sum(packs.values()), "damaged": 0}]}
    market.programme.pics[0].post(f"/v1/consignments/{truck['id']}/receipt", counted)
    market.stack.idle()
    return wave, {sub: code_of(market, sub, order_id) for sub, order_id in orders.items()}


def code_of(market: Market, sub: str, order_id: str) -> str:
    return str(market.member(sub).get(f"/v1/orders/{order_id}/pickup-code")["code"])


CAMERA = """png => {
    const image = new Image(), canvas = document.createElement("canvas");
    [canvas.width, canvas.height, image.src] = [640, 480, `data:image/png;base64,${png}`];
    setInterval(() => canvas.getContext("2d").drawImage(image, 120, 40, 400, 400), 50);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
}"""


def show_to_camera(page: Page, shown: Locator) -> None:
    """Let the page's camera see what another page shows."""
    page.evaluate(CAMERA, b64encode(shown.screenshot()).decode())


def hand(page: Page, name: str, code: str) -> None:
    page.get_by_role("button", name=f"Serahkan kepada {name}").click()
    page.get_by_label("Kode pengambilan").fill(code)
    page.get_by_role("button", name="Serahkan barang").click()


def test_a_person_in_charge_orders_for_others_takes_cash_counts_goods_and_hands_them_over(
    visit: Visit, market: Market
) -> None:
    wave = market.wave({5: 20})
    mine = ordered(market, wave, "loket-lina", 2)
    page = visit("/loket", **PIC)
    expect(page.get_by_role("heading", name=wave["name"])).to_be_visible()
    assert faults(page) == []

    page.goto(desk(wave, "pesan"))
    page.get_by_role("button", name="Buat pesanan dan terima uang").click()
    expect(page.get_by_text("Isi namanya.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Nama lengkap").fill("Pak Wira")
    page.get_by_label("Nomor ponsel").fill("0812 5566 7788")
    page.get_by_label("Instansi").select_option(index=1)
    page.get_by_role("button", name="Tambah").first.click()
    page.get_by_role("button", name="Buat pesanan dan terima uang").click()
    expect(page.get_by_text("Pesanan Pak Wira dibuat")).to_be_visible()
    assert faults(page) == []

    page.goto(desk(wave, "pesanan"))
    page.get_by_role("button", name="Terima tunai dari Anggota loket-lina").click()
    assert faults(page) == []
    page.get_by_role("button", name="Uang sudah saya terima").click()
    expect(page.get_by_text("diterima. Kuitansi KW-")).to_be_visible()
    expect(page.get_by_text("Lunas")).to_have_count(2)
    assert faults(page) == []

    page.goto(f"/loket/{wave['dropoff_ids'][0]}/kas")
    page.get_by_label("Jumlah").fill("100000")
    page.get_by_role("button", name="Buat surat setoran").click()
    expect(page.get_by_text("Belum dihitung").first).to_be_visible()
    assert faults(page) == []

    close_and_supply(market, wave, 3)
    page.goto(desk(wave, "terima"))
    page.get_by_role("button", name="Isi sesuai yang ditunggu").click()
    page.get_by_role("button", name="Kurangi: Baik").click()
    page.get_by_role("button", name="Tambah: Rusak").click()
    assert faults(page) == []
    page.get_by_role("button", name="Selesai menghitung").click()
    expect(page.get_by_text("Yang kurang:")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Ya, hitungan lengkap").click()
    expect(page.get_by_text("2 baik, 1 rusak, dari 3")).to_be_visible()
    assert faults(page) == []
    market.stack.idle()

    right = code_of(market, "loket-lina", mine)
    page.goto(desk(wave, "serah"))
    expect(page.get_by_text("Siap tanpa jaringan")).to_be_visible()
    page.get_by_label("Cari nama").fill("lina")
    expect(page.get_by_role("button", name="Serahkan kepada")).to_have_count(1)
    assert faults(page) == []
    hand(page, "Anggota loket-lina", f"{(int(right) + 1) % 1_000_000:06d}")
    expect(page.get_by_role("alert")).to_contain_text("Kode pengambilan tidak cocok")
    assert faults(page) == []
    page.get_by_role("button", name="Batal").click()
    page.get_by_role("button", name="Pindai kode anggota").click()
    expect(page.get_by_role("alert")).to_contain_text("Kamera tidak dapat dipakai")
    assert faults(page) == []
    page.get_by_role("button", name="Ketik saja kodenya").click()
    member = visit(f"/pesanan/{mine}", sub="loket-lina", name="Lina")
    show_to_camera(page, member.locator("svg.qr"))
    page.get_by_role("button", name="Pindai kode anggota").click()
    expect(page.get_by_label("Kode pengambilan")).to_have_value(right)
    page.get_by_role("button", name="Serahkan barang").click()
    expect(page.get_by_text("Diserahkan kepada Anggota loket-lina.")).to_be_visible()
    assert market.member("loket-lina").get(f"/v1/orders/{mine}")["fulfilment_status"] == "collected"

    page.goto(desk(wave, "kirim"))
    expect(page.get_by_text("0 pesanan siap diantar")).to_be_visible()
    assert faults(page) == []


def test_cash_and_orders_without_a_network_are_booked_later_and_what_sold_out_is_told(
    visit: Visit, market: Market
) -> None:
    wave = market.wave({5: 3})
    owed = ordered(market, wave, "tunai-lina", 1)
    page = visit("/loket", **PIC)  # what is needed is taken along from here
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    page.locator("li", has=page.get_by_role("heading", name=wave["name"])).get_by_role("link", name="Pesankan").click()
    page.get_by_label("Nama lengkap").fill("Bu Sari")
    page.get_by_label("Nomor ponsel").fill("0812 5566 7799")
    page.get_by_label("Instansi").select_option(index=1)
    for _ in range(2):
        page.get_by_role("button", name="Tambah").first.click()
    page.get_by_role("button", name="Buat pesanan dan terima uang").click()
    expect(page.get_by_text("Baru pasti setelah diunggah")).to_be_visible()
    page.get_by_role("link", name="Pesanan & uang").click()
    page.get_by_role("button", name="Terima tunai dari Anggota tunai-lina").click()
    page.get_by_role("button", name="Uang sudah saya terima").click()
    expect(page.get_by_text("Tunai diterima, menunggu diunggah")).to_be_visible()
    assert faults(page) == []

    ordered(market, wave, "tunai-cepat", 1)
    market.stack.move_clock(market.stack.now() + timedelta(hours=1))
    page.context.set_offline(False)
    expect(page.get_by_text("1 perlu Anda lihat")).to_be_visible()
    page.get_by_role("link", name="Lihat").click()
    expect(page.get_by_text("Pesanan Rp110.000, dibayar tunai")).to_be_visible()
    expect(page.get_by_text("Sebagian pilihan Anda sudah habis.")).to_be_visible()
    assert faults(page) == []

    paid = market.member("tunai-lina").get(f"/v1/orders/{owed}")
    assert (paid["status"], paid["paid"]) == ("confirmed", 55_000)


def test_two_devices_serve_for_an_hour_without_a_network_and_tell_each_thing_once(visit: Visit, market: Market) -> None:
    wave, codes = brought(market, {"luar-ani": 2, "luar-budi": 1, "luar-citra": 1})
    one, two = (visit(desk(wave, "serah"), **PIC) for _ in range(2))
    for page in (one, two):
        expect(page.get_by_text("Siap tanpa jaringan")).to_be_visible()
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        page.context.set_offline(True)
    one.reload()  # nothing is lost; and this device now believes that it has a network, as on a wi-fi without internet
    expect(one.get_by_text("Siap tanpa jaringan")).to_be_visible()

    hand(one, "Anggota luar-budi", "000000" if codes["luar-budi"] != "000000" else "000001")
    expect(one.get_by_role("alert")).to_contain_text("Kode pengambilan tidak cocok")
    one.get_by_label("Kode pengambilan").fill(codes["luar-budi"])
    one.get_by_role("button", name="Serahkan barang").click()
    expect(one.get_by_text("1 hal")).to_be_visible()
    one.get_by_role("button", name="Serahkan kepada Anggota luar-ani").click()
    one.get_by_role("button", name="Kurangi").click()
    one.get_by_label("Kode pengambilan").fill(codes["luar-ani"])
    one.get_by_role("button", name="Serahkan barang").click()
    expect(one.get_by_text("2 hal")).to_be_visible()
    assert faults(one) == []
    for sub in ("luar-budi", "luar-citra"):
        hand(two, f"Anggota {sub}", codes[sub])
    expect(two.get_by_text("2 hal")).to_be_visible()

    market.stack.move_clock(market.stack.now() + timedelta(hours=1))
    one.context.set_offline(False)
    one.evaluate("dispatchEvent(new Event('online'))")  # at once what it would do within seconds
    expect(one.get_by_text("menunggu diunggah")).to_have_count(0)
    two.context.set_offline(False)
    expect(two.get_by_text("1 perlu Anda lihat")).to_be_visible()
    two.get_by_role("link", name="Lihat").click()
    expect(two.get_by_text("sudah diserahkan lewat perangkat lain")).to_be_visible()
    assert faults(two) == []
    two.get_by_role("button", name="Sudah saya bereskan").click()
    assert faults(two) == []
    two.get_by_role("button", name="Ya, hapus").click()
    expect(two.get_by_text("Tidak ada yang menunggu")).to_be_visible()

    rows = market.programme.pics[0].get(f"/v1/dropoffs/{wave['dropoff_ids'][0]}/manifest", wave_id=wave["id"])["items"]
    assert {row["member"]["name"]: (row["fulfilment_status"], row["packs"]) for row in rows} == {
        "Anggota luar-ani": ("at_dropoff", 1),
        "Anggota luar-budi": ("collected", 1),
        "Anggota luar-citra": ("collected", 1),
    }
