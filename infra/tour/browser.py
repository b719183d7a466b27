"""A Chromium on the scene, with whom is wanted signed in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from infra.local.ready_people import PEOPLE
from infra.tour.scene import Scene
from infra.tour.stops import Stop

NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(LookupError):
    """No Chromium is on the PATH."""


def program() -> str:
    """Return the path of a Chromium; NoBrowser."""
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    raise NoBrowser("no Chromium on the PATH (Debian: apt-get install chromium)")


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox", *arguments])
        yield browser
        browser.close()


def sign_in(context: BrowserContext, sub: str) -> None:
    """Sign a ready-made person in, as the local sign-in's page does."""
    [person] = [person for person in PEOPLE if person.sub == sub]
    page = context.new_page()
    page.goto("/app.webmanifest")
    page.evaluate("localStorage.setItem('lumbung.signed-in', '1')")
    page.goto(f"/session/start?to={quote('/app.webmanifest')}")
    who = {"sub": sub, "name": person.name, "role": person.role, "phone": person.phone or "",
           "institution": person.institution or ""}  # fmt: skip
    page.goto(f"/oauth2/person?{urlsplit(page.url).query}&{urlencode(who)}")
    page.close()


def go(page: Page, stop: Stop, scene: Scene) -> None:
    """Go to *stop*, with what it wants in the basket."""
    page.goto(stop.path(scene), wait_until="networkidle")
    for _ in range(stop.packs):
        page.get_by_role("button", name="Tambah").first.click()
