"""A real browser on the local stack: Chromium, driven by Playwright. Without one these journeys are skipped."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.conftest import ROOT, Stack

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "functions" / "storefront" / "built" / "index.html"
PHONE = {"width": 320, "height": 740}  # where WCAG wants no scrolling to the side (1.4.10), as at 400 % on a desktop
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE_MS = 20_000  # on a machine that does other things beside
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = "no Chromium on the PATH (Debian: chromium)" if not CHROMIUM else None
    missing = missing or (None if BUILT.exists() else "the web client is not built: make storefront")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="module")  # no longer: while it lives, nothing else in this process may run an event loop
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Visit]:
    """Open pages, each in a browser of its own: `visit("/saya", sub="siti", name="Siti", role="member")`.

    At the end every page must have been free of script errors and of anything that the policy of content refused.
    """
    contexts, complaints = [], []

    def open_page(path: str = "/", *, service_workers: Any = "allow", **person: str) -> Page:
        context = browser.new_context(
            base_url=stack.url, viewport=PHONE, locale="id-ID", timezone_id="Asia/Jakarta",
            service_workers=service_workers,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text) if "Content Security" in told.text else None)
        if person:
            sign_in(page, path, **person)
        else:
            page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, back_to: str, **person: str) -> None:
    """Sign somebody in as the storefront does, and answer the sign-in's question."""
    page.goto("/")
    page.evaluate("localStorage.setItem('lumbung.signed-in', '1')")
    page.goto(f"/session/start?to={quote(back_to)}")
    page.goto(f"/oauth2/person?{urlsplit(page.url).query}&{urlencode({'role': 'member', **person})}")


def faults(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds against WCAG 2.2 AA on the page as it is now, and whether it scrolls to the side."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(result => result.violations)", WCAG)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [{"id": fault["id"], "where": [node["html"] for node in fault["nodes"]]} for fault in found] + (
        [{"id": "reflow", "where": [f"{wide} px too wide"]}] if wide > 0 else []
    )
