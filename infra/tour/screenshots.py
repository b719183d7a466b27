"""Pictures of the main pages, phone and desktop, bright and dark, in a folder to look at."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize

from infra.replay.client import Stack
from infra.tour.browser import chromium, go, sign_in
from infra.tour.scene import Scene
from infra.tour.stops import STOPS

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1280, "height": 800},
}
Look = Literal["light", "dark"]
LOOKS: tuple[Look, ...] = ("light", "dark")


def take(stack: Stack, scene: Scene, folder: Path, only: str) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for size in SIZES:
            for look in LOOKS:
                _take(browser, stack, scene, folder, size, look, only)
    return 0


def _take(browser: Browser, stack: Stack, scene: Scene, folder: Path, size: str, look: Look, only: str) -> None:
    """Take one size's and look's pictures; a person keeps one browser, so that a basket is there at the checkout."""
    contexts = {}
    for stop in (stop for stop in STOPS if only in stop.name):
        if stop.person not in contexts:
            contexts[stop.person] = browser.new_context(
                base_url=stack.url, viewport=SIZES[size], color_scheme=look, locale="id-ID", device_scale_factor=1
            )
            if stop.person:
                sign_in(contexts[stop.person], stop.person)
        page = contexts[stop.person].new_page()
        go(page, stop, scene)
        page.screenshot(path=folder / f"{stop.name}-{size}-{look}.png", full_page=True)
        page.close()
    for context in contexts.values():
        context.close()
