"""A real browser: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gansynth_live.panel.server import PanelServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIZES = {
    "desktop": (1280, 800),
    "small": (1024, 700),
    "tablet": (820, 1180),
    "phone": (390, 844),
    "lying phone": (844, 390),
}
TOUCHED = ("tablet", "phone", "lying phone")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """The panel's page in a window of some size, and all that it complained of.

    Attributes:
        page: as Playwright drives it.
        complaints: messages of the console, errors, requests to other places.
    """

    def __init__(self, context: BrowserContext, server: PanelServer) -> None:
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        place = server.link.split("/#")[0]
        self.page.on(
            "request",
            lambda request: (
                None if request.url.startswith(place) else self.complaints.append(request.url)
            ),
        )
        self.page.goto(server.link)
        self.page.locator("body[data-link=open]").wait_for(state="attached")


@contextmanager
def visit(
    browser: Browser, server: PanelServer, size: str = "desktop", scheme: str = "dark"
) -> Iterator[Visit]:
    """Open the panel in a window of one of SIZES, in a scheme of colours."""
    width, height = SIZES[size]
    touched = size in TOUCHED
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="light" if scheme == "light" else "dark",
        has_touch=touched,
        is_mobile=touched,
    )
    try:
        yield Visit(context, server)
    finally:
        context.close()
