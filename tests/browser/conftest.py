"""A real browser on the real platform, signed in as its demo people."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.running import ROOT, RunningPlatform

# Software WebGL: the viewer draws the same pixels on a machine without a display.
ARGUMENTS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    # A microphone that hums, and is allowed.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIGNED_IN_MS = 15_000
SHOWN_MS = 15_000  # another process of tests may keep the machine busy
# What a theme can change; the rest of a page is the same in the dark.
COLOR_RULES = ("color-contrast", "link-in-text-block")
# Nothing is fetched any more, and nothing moves: the stock admin's links, for example,
# fade from one colour to the next.
SETTLE = """async () => {
  const busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added";
  do await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  while (document.getAnimations().length || document.querySelector(busy));
}"""
DARKEN = """() => { document.documentElement.dataset.theme = "dark"; }"""
LIGHTEN = """() => { document.documentElement.dataset.theme = "light"; }"""

OpenPage = Callable[..., Page]
Rest = Callable[[str], dict[str, Any]]  # Any: JSON as the contracts describe it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(600))


def chromium() -> str:
    """Return Debian's Chromium; skip where there is none, except in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=SHOWN_MS)
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def rest(playwright: Playwright, platform: RunningPlatform) -> Iterator[Rest]:
    """Ask the REST interface as the demo's clinician."""
    context = playwright.request.new_context(
        base_url=platform.url, extra_http_headers=platform.headers("clinician")
    )
    yield lambda path: context.get(path).json()
    context.dispose()


@pytest.fixture(scope="package")
def signed_in(
    browser: Browser, platform: RunningPlatform
) -> Callable[[str], list[dict[str, object]]]:
    """Return the cookies of a demo person, who signs in once a test run."""
    kept: dict[str, list[dict[str, object]]] = {}

    def cookies(person: str) -> list[dict[str, object]]:
        if person not in kept:
            account = platform.demo["users"][person]
            with browser.new_context() as context:
                page = context.new_page()
                page.goto(f"{platform.url}/accounts/login/")
                page.fill("input[name=login]", account["username"])
                page.fill("input[name=password]", account["password"])
                page.keyboard.press("Enter")
                page.wait_for_url(
                    lambda url: "/accounts/login/" not in url, timeout=SIGNED_IN_MS
                )
                kept[person] = context.cookies()
        return kept[person]

    return cookies


@pytest.fixture
def open_page(
    browser: Browser,
    platform: RunningPlatform,
    signed_in: Callable[[str], list[dict[str, object]]],
) -> Iterator[OpenPage]:
    """Open a path as a person; fails on any request that leaves loopback.

    Keyword arguments: person (empty for a stranger), theme, language, width, height.
    """
    foreign: list[str] = []
    contexts: list[BrowserContext] = []

    def opener(
        path: str,
        *,
        person: str = "clinician",
        theme: str = "light",
        language: str = "en",
        width: int = 1440,
        height: int = 900,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        if person:
            context.add_cookies(signed_in(person))  # type: ignore[arg-type]
        context.add_cookies(
            [
                {"name": "theme", "value": theme, "url": platform.url},
                {"name": "django_language", "value": language, "url": platform.url},
            ]
        )
        page = context.new_page()
        page.on("request", lambda request: _note_foreign(request.url, foreign))
        page.goto(f"{platform.url}{path}")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert foreign == []


def _note_foreign(url: str, foreign: list[str]) -> None:
    parts = urlsplit(url)
    if (
        parts.scheme in {"http", "https", "ws", "wss"}
        and parts.hostname not in LOOPBACK
    ):
        foreign.append(url)


def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds on a page, one line a rule with its first element.

    Args:
        rules: Ids of the only rules to ask; every one of the standards where empty.
    """
    if not AXE.exists():
        pytest.fail("axe-core is missing: run `npm ci`")
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        """(only) => axe.run(document, { resultTypes: ["violations"], runOnly: only })""",
        list(rules) or STANDARDS,
    )
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"][:2]
    ]


def violations_in_the_dark(page: Page) -> list[str]:
    """Return what axe finds wrong with the colours of the dark theme; light after."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(DARKEN)
    page.evaluate(SETTLE)
    found = violations(page, rules=COLOR_RULES)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(LIGHTEN)
    return found


def tab_to(page: Page, selector: str, *, at_most: int = 40) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(at_most):
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    message = f"{selector} is not reached by {at_most} tabs"
    raise AssertionError(message)


@contextmanager
def quiet_console(page: Page) -> Iterator[None]:
    """Fail when the page's console tells an error meanwhile."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" else None
        ),
    )
    yield
    assert errors == []
