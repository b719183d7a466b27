"""A member's way in a browser: from the wave to the pick-up code, and what may come between."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market

HOSTILE = (
    "<script>alert(1)</script> \u202egnalo\u202c \U0001f33e\U0001f468\u200d\U0001f33e Z\u0300\u0301\u0302\u0303 "
    + "a" * 400
)


def order_by_hand(page: Page, wave: dict[str, Any], packs: int = 1, note: str = "") -> None:
    """Choose *packs* of the first offer and a drop-off, and order."""
    page.goto(f"/gelombang/{wave['id']}")
    for _ in range(packs):
        page.get_by_role("button", name="Tambah").first.click()
    page.get_by_role("link", name="Lanjut").click()
    page.get_by_role("radio").first.check()
    if note:
        page.get_by_label("Catatan").fill(note)
    page.get_by_role("button", name="Pesan sekarang").click()


def look_again(page: Page) -> None:
    """Let the page ask at once what it would ask within seconds."""
    page.evaluate("dispatchEvent(new Event('online'))")


def test_a_member_orders_pays_by_qris_and_has_the_code_without_a_network(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 100, 10: 50})
    page = visit("/gelombang", sub="hp-siti", name="Siti Aminah", phone="+6281255550001")
    page.get_by_role("link", name=wave["name"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wave["name"])
    assert faults(page) == []
    page.get_by_role("button", name="Tambah").first.click()
    page.reload()  # nothing is lost
    page.get_by_role("link", name="Lanjut").click()
    page.get_by_role("radio").first.check()
    assert faults(page) == []
    page.get_by_role("button", name="Pesan sekarang").click()
    expect(page.get_by_text("Menunggu pembayaran").first).to_be_visible()
    assert faults(page) == []

    page.get_by_role("button", name="Tampilkan cara membayar").click()
    expect(page.get_by_role("img", name="Kode QRIS")).to_be_visible()
    assert faults(page) == []
    order_id = page.url.rpartition("/")[2]
    [payment] = market.member("hp-siti").everything(f"/v1/orders/{order_id}/payments")
    market.stack.simulate("midtrans", order_id=payment["id"], transaction_status="settlement", notify=1)

    look_again(page)
    expect(page.get_by_text("Lunas").first).to_be_visible()
    code = market.member("hp-siti").get(f"/v1/orders/{order_id}/pickup-code")["code"]
    expect(page.get_by_text(code)).to_be_visible()
    assert faults(page) == []
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text(code)).to_be_visible()
    expect(page.get_by_text("Tanpa jaringan")).to_be_visible()


def test_an_order_is_changed_and_cancelled_while_the_wave_is_open(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 100})
    page = visit("/", sub="hp-edit", name="Edit", phone="+6281255550002")
    order_by_hand(page, wave)
    page.get_by_role("link", name="Ubah pesanan").click()
    page.get_by_role("button", name="Tambah").first.click()
    assert faults(page) == []
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.get_by_text("2 × ").first).to_be_visible()

    page.get_by_role("button", name="Batalkan pesanan").click()
    page.get_by_role("button", name="Ya, batalkan").click()

    expect(page.get_by_text("Pesanan ini dibatalkan")).to_be_visible()
    assert faults(page) == []


def test_who_pays_nothing_in_time_is_told_and_can_order_again(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 100}, payment_window_s=1800)
    page = visit("/", sub="hp-lupa", name="Lupa", phone="+6281255550003")
    order_by_hand(page, wave)
    expect(page.get_by_text("Menunggu pembayaran").first).to_be_visible()

    market.stack.move_clock(market.stack.now() + timedelta(minutes=32))

    look_again(page)
    expect(page.get_by_text("tidak dibayar sampai batas waktunya")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Pesan lagi").click()
    expect(page.get_by_role("button", name="Tambah").first).to_be_visible()


def test_sold_out_at_checkout_says_what_to_do_and_keeps_the_basket(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 2, 10: 5})
    page = visit("/", sub="hp-habis", name="Habis", phone="+6281255550004")
    page.goto(f"/gelombang/{wave['id']}")
    small = page.get_by_role("button", name="Tambah").first
    small.click()
    small.click()
    page.get_by_role("link", name="Lanjut").click()
    page.get_by_role("radio").first.check()
    market.member("hp-cepat").post("/v1/orders", market.asked(wave, packs=1))

    page.get_by_role("button", name="Pesan sekarang").click()

    expect(page.get_by_role("alert")).to_contain_text("sudah habis")
    assert faults(page) == []
    assert market.member("hp-habis").everything("/v1/orders") == []


def test_a_wave_that_closes_while_the_basket_is_open_takes_no_order(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 10})
    page = visit("/", sub="hp-telat", name="Telat", phone="+6281255550005")
    page.goto(f"/gelombang/{wave['id']}")
    page.get_by_role("button", name="Tambah").first.click()
    page.get_by_role("link", name="Lanjut").click()
    page.get_by_role("radio").first.check()

    market.stack.move_clock(market.stack.now() + timedelta(days=1, minutes=1))

    look_again(page)
    expect(page.get_by_text("Gelombang ini sudah ditutup").first).to_be_visible()
    expect(page.get_by_role("button", name="Pesan sekarang")).to_have_attribute("aria-disabled", "true")
    assert faults(page) == []


def test_two_tabs_make_one_order(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 10}, orders_per_member=None)
    one = visit("/", sub="hp-dua", name="Dua", phone="+6281255550006")
    one.goto(f"/gelombang/{wave['id']}")
    one.get_by_role("button", name="Tambah").first.click()
    one.get_by_role("link", name="Lanjut").click()
    one.get_by_role("radio").first.check()
    other = one.context.new_page()
    other.goto(f"/gelombang/{wave['id']}/pesan")
    expect(other.get_by_role("radio").first).to_be_checked()

    for tab in (one, other):
        tab.evaluate("[...document.querySelectorAll('form')].at(-1).requestSubmit()")

    expect(one.get_by_text("Menunggu pembayaran").first).to_be_visible()
    assert len(market.member("hp-dua").everything("/v1/orders")) == 1


def test_hostile_names_and_notes_are_shown_and_do_nothing(visit: Visit, market: Market) -> None:
    wave = market.wave({5: 10})
    page = visit("/", sub="hp-jahat", name=HOSTILE[:100], phone="+6281255550007")
    order_by_hand(page, wave, note=HOSTILE)

    expect(page.locator("main").get_by_text("<script>alert(1)</script>")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/saya")
    expect(page.get_by_label("Nama", exact=True)).to_have_value(HOSTILE[:100])
    assert faults(page) == []


def test_the_wave_page_comes_the_first_time_in_less_than_100_kilobytes(visit: Visit, market: Market) -> None:
    page = visit(f"/gelombang/{market.wave({5: 10})['id']}", service_workers="block")

    sizes = page.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".map(entry => entry.transferSize)"
    )

    assert len(sizes) > 4 and sum(sizes) <= 100 * 1024
