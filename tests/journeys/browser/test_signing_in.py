"""Coming in, staying in over a reload and a token that has run out, and leaving nothing behind."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market, Stack


def test_a_member_signs_in_by_the_page_and_is_still_in_after_a_reload(visit: Visit, market: Market) -> None:
    page = visit("/saya")
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.get_by_role("link", name="Siti Aminah").click()
    expect(page).to_have_url(f"{market.stack.url}/saya")
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Siti Aminah")

    page.reload()

    expect(page.get_by_label("Nama", exact=True)).to_have_value("Siti Aminah")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "eyJ" not in kept and "lumbung-session" not in kept  # neither a token nor what renews one


def test_a_token_that_has_run_out_in_the_middle_is_renewed_unseen(visit: Visit, market: Market) -> None:
    page = visit("/saya", sub="lama", name="Lama Sekali")
    market.stack.move_clock(market.stack.now() + timedelta(hours=2))

    page.get_by_role("textbox", name="Surel").fill("lama@example.go.id")
    page.get_by_role("button", name="Simpan", exact=True).click()

    expect(page.get_by_text("Tersimpan.")).to_be_visible()


def test_whoever_signs_out_leaves_nothing_on_the_device(visit: Visit) -> None:
    page = visit("/", sub="tamu", name="Tamu")
    page.evaluate("localStorage.setItem('lumbung.kept.note', '\"rahasia\"')")
    page.get_by_role("button", name="Keluar").click()

    expect(page.get_by_role("button", name="Masuk").first).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key !== 'lumbung.language')") == []


@pytest.mark.parametrize(
    ("sub", "role", "section"),
    [
        ("pic-setiabudi", "pic", "/loket"),
        ("coop-tani-mulus", "cooperative", "/koperasi"),
        ("op-kantor", "operator", "/kantor"),
    ],
)
def test_everybody_starts_where_they_work_and_sees_no_other_s_pages(
    visit: Visit, stack: Stack, sub: str, role: str, section: str
) -> None:
    page = visit("/", sub=sub, name="Orang Kerja", role=role)
    expect(page).to_have_url(f"{stack.url}{section}")
    expect(page.get_by_role("navigation", name="Navigasi utama").locator(f"a[href='{section}']")).to_have_attribute(
        "aria-current", "page"
    )

    page.goto("/kantor" if role != "operator" else "/loket")

    expect(page.get_by_role("heading", level=1)).to_have_text("Halaman ini untuk peran lain")


def test_the_shell_speaks_english_by_one_tap_and_axe_finds_nothing(visit: Visit) -> None:
    page: Page = visit("/")
    assert faults(page) == []

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Shopping waves")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.emulate_media(color_scheme="dark")
    assert faults(page) == []
