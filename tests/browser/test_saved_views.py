"""Views of a list are kept, opened and forgotten, by keyboard and on a phone too."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    SETTLE,
    OpenPage,
    tab_to,
    violations,
    violations_in_the_dark,
)

MENU = "#saved-views summary"
LONG = "Everything that I look at before the ward round begins today"  # 60


def keep(page: Page, name: str) -> None:
    tab_to(page, MENU)
    page.keyboard.press("Enter")
    tab_to(page, "#view-name", at_most=3)
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator(".view[aria-current]")).to_have_text(name)


def forget(page: Page, name: str) -> None:
    tab_to(page, MENU)
    page.keyboard.press("Enter")
    tab_to(page, "#saved-views .menu-item", at_most=6)
    expect(page.locator(":focus")).to_have_text(f"Forget “{name}”")
    page.keyboard.press("Enter")
    expect(page.locator(".view", has_text=name)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "person"),
    [
        ("/rosters/?period=past", "manager"),
        ("/patients/?ordering=birth_date", "nurse"),
        ("/knowledge/?kind=pointer", "clinician"),
        ("/jobs/?state=succeeded", "clinician"),
        ("/worklist/?status=signed&modality=CT", "clinician"),
    ],
)
def test_a_view_is_kept_and_forgotten_by_keyboard(
    open_page: OpenPage, path: str, person: str
) -> None:
    page = open_page(path, person=person)

    keep(page, LONG)
    page.locator(MENU).click()
    page.evaluate(SETTLE)
    assert violations(page) == violations_in_the_dark(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    panel = page.locator("#saved-views .menu-panel").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 390
    page.locator(MENU).click()
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator(".view[aria-current]")).to_have_text("All")
    page.get_by_role("link", name=LONG).click()
    expect(page.locator(".view[aria-current]")).to_have_text(LONG)
    forget(page, LONG)


def test_what_is_typed_into_the_search_of_patients_is_what_is_kept(
    open_page: OpenPage,
) -> None:
    page = open_page("/patients/?ordering=birth_date", person="nurse")

    page.get_by_label("Name or number").press_sequentially("a")
    page.wait_for_url(lambda url: "search=a" in url)
    keep(page, "Named a")

    assert page.url.endswith("/patients/?ordering=birth_date&search=a")
    forget(page, "Named a")
