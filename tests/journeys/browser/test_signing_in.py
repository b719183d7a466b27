"""Coming in, staying in over a reload and a token that has run out, and leaving nothing behind."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market


def test_a_member_signs_in_by_the_page_and_is_still_in_after_a_reload(visit: Visit, market: Market) -> None:
    page = visit("/saya")
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.get_by_role("link", name="Siti Aminah").click()
    expect(page).to_have_url(f"{market.stack.url}/saya")
    expect(page.get_by_text("Siti Aminah").first).to_be_visible()

    page.reload()

    expect(page.get_by_text("Siti Aminah").first).to_be_visible()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "eyJ" not in kept and "lumbung-session" not in kept  # neither a token nor what renews one


def test_a_token_that_has_run_out_in_the_middle_is_renewed_unseen(visit: Visit, market: Market) -> None:
    page = visit("/pesanan", sub="lama", name="Lama Sekali")
    market.stack.move_clock(market.stack.now() + timedelta(hours=2))

    page.reload()

    expect(page.get_by_text("Lama Sekali").first).to_be_visible()


def test_whoever_signs_out_leaves_nothing_on_the_device(visit: Visit) -> None:
    page = visit("/", sub="tamu", name="Tamu")
    page.evaluate("localStorage.setItem('lumbung.kept.note', '\"rahasia\"')")
    page.get_by_role("button", name="Keluar").click()

    expect(page.get_by_role("button", name="Masuk").first).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key !== 'lumbung.language')") == []


def test_the_shell_speaks_english_by_one_tap_and_axe_finds_nothing(visit: Visit) -> None:
    page: Page = visit("/")
    assert faults(page) == []

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Shopping waves")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.emulate_media(color_scheme="dark")
    assert faults(page) == []
