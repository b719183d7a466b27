"""One's own data: what is allowed, all that is kept, and being forgotten."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.browser.conftest import Visit, faults
from tests.journeys.conftest import Market


def test_a_member_withdraws_a_consent_takes_a_copy_and_is_forgotten(visit: Visit, market: Market) -> None:
    page = visit("/saya", sub="hp-data", name="Rahasia Sekali", phone="+6281255550021")
    reminders = page.get_by_role("checkbox", name="Saya diingatkan")
    reminders.uncheck()
    expect(page.get_by_text("Keputusan Anda")).to_be_visible()
    assert faults(page) == []

    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh data saya").click()
    assert "Rahasia Sekali" in json.dumps(json.loads(Path(download.value.path()).read_text()))

    page.get_by_role("button", name="Hapus data saya").click()
    assert faults(page) == []
    page.get_by_role("checkbox", name="Saya mengerti").check()
    page.get_by_role("button", name="Hapus untuk selamanya").click()

    expect(page.get_by_text("Data pribadi Anda sudah dihapus")).to_be_visible()
    [reminding] = [c for c in market.member("hp-data").get("/v1/me/consents")["items"] if "diingatkan" in c["text"]]
    assert reminding["granted"] is False


def test_an_address_is_kept_and_offered_and_what_is_wrong_is_said_beside_the_field(visit: Visit) -> None:
    page = visit("/saya", sub="hp-alamat", name="Alamat", phone="+6281255550022")
    page.get_by_label("NIP (18 angka)").fill("123")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_label("NIP (18 angka)")).to_have_attribute("aria-invalid", "true")
    assert faults(page) == []

    page.get_by_role("button", name="Tambah alamat").click()
    assert faults(page) == []
    page.goto("/pesanan")
    expect(page.get_by_text("Belum ada pesanan")).to_be_visible()
    assert faults(page) == []
