"""A manager sends a ward of forty as a workbook, mends it, and has its empty roster."""

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenPage, violations
from tests.scheduling.importing.books import PEOPLE, ward_of_forty

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHONE = {"width": 390, "height": 844}


def send(page: Page, content: bytes) -> None:
    book = FilePayload(name="ward.xlsx", mimeType=XLSX, buffer=content)
    page.get_by_label("Workbook, or CSV files").set_input_files(book)
    page.get_by_role("button", name="Look it over").press("Enter")


def test_a_ward_of_forty_comes_in_as_a_workbook(open_page: OpenPage) -> None:
    page = open_page("/rosters/new/", person="manager")
    page.locator("#ward_name").fill("Forty of nobody")
    page.locator("#ward_start").fill("2026-06-01")

    send(page, ward_of_forty(contract="night only"))
    flaws = page.locator(".told")
    expect(flaws).to_contain_text("People · row 2 · Contract")
    expect(flaws).to_contain_text("There is no contract night only.")
    expect(page.get_by_role("button", name="Create the roster")).to_have_count(0)
    expect(page.locator("#ward_name")).to_have_value("Forty of nobody")
    assert violations(page) == []

    send(page, ward_of_forty())
    people = page.get_by_role("region", name="People")
    expect(people).to_contain_text(f"Nobody {PEOPLE - 1}")
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Create the roster").press("Enter")
    expect(page.locator(".roster tbody tr")).to_have_count(PEOPLE)
