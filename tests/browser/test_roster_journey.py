"""A ward of forty from its workbook to a swap in a nurse's calendar, in one sitting."""

import re
from datetime import date, timedelta
from itertools import product

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import (
    OpenPage,
    violations,
    violations_in_the_dark,
)
from tests.browser.test_roster import TELL_SOLVED
from tests.running import RunningPlatform
from tests.scheduling.importing.books import PEOPLE, ward_of_forty

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}
AHEAD = timedelta(weeks=4)  # where the demo has published nothing yet
# Several whom the nurse may ask: not every roster lets her swap with each of them.
ACCOUNTS = {
    "W00": "nurse",
    "W01": "clinician",
    "W02": "manager",
    "W04": "administrator",
}
PATIENCE_MS = 90_000  # a search on a busy machine
# The first night after which a day comes that is free or a night too.
NIGHT_BEFORE = """cells => cells.findIndex((cell, at) => cell.dataset.shift === "N"
  && cells[at + 1]?.dataset.row === cell.dataset.row
  && ["", "N"].includes(cells[at + 1].dataset.shift))"""


def test_a_ward_is_imported_solved_mended_published_and_swapped_in(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    page = open_page("/rosters/new/", person="manager")
    nurse = open_page("/my-shifts/", person="nurse", **PHONE)

    import_ward(page)
    solve_and_stop(page)
    break_a_rule_and_take_it_back(page)
    publish(page)
    address = page.url.removeprefix(platform.url)
    nurse.get_by_role("button", name="Make a new address").click()
    feed = nurse.locator("code.secret").inner_text()
    before = events(nurse, feed)
    published_roster_is_hers(open_page(address, person="nurse"))
    colleague, taken = ask_for_a_swap(nurse, platform, roster=address)
    accepted_and_approved(open_page, colleague=colleague)
    search_ways_on_and_past_look_well(page, platform)

    nurse.goto(f"{platform.url}/my-shifts/swaps/")
    expect(nurse.get_by_text("Swapped", exact=True)).to_be_visible()
    after = events(nurse, feed)
    assert (len(before - after), len(after - before)) == (1, taken)


def looks_well(page: Page) -> None:
    """The page has no barrier in either language and theme, and fits a phone."""
    for language in ("zh-hans", "en"):
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": page.url}]
        )
        page.reload()
        has_no_barrier(page)


def has_no_barrier(page: Page) -> None:
    """Axe finds nothing in either theme, and nothing is wider than a phone."""
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    size = page.viewport_size
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    page.set_viewport_size(size or LAPTOP)


def import_ward(page: Page) -> None:
    monday = date.today() + AHEAD  # noqa: DTZ011 (any Monday after the published roster)
    monday -= timedelta(days=monday.weekday())
    page.locator("#ward_name").fill("Forty of nobody")
    page.locator("#ward_start").fill(monday.isoformat())

    send(page, ward_of_forty(contract="night only"))
    flaws = page.locator(".told")
    expect(flaws).to_contain_text("People · row 2 · Contract")
    expect(flaws).to_contain_text("There is no contract night only.")
    expect(page.get_by_role("button", name="Create the roster")).to_have_count(0)
    expect(page.locator("#ward_name")).to_have_value("Forty of nobody")
    looks_well(page)
    send(page, ward_of_forty(start=monday, accounts=ACCOUNTS))
    people = page.get_by_role("region", name="People")
    expect(people).to_contain_text(f"Nobody {PEOPLE - 1}")
    looks_well(page)
    page.get_by_role("button", name="Create the roster").press("Enter")
    expect(page.locator(".roster tbody tr")).to_have_count(PEOPLE)


def send(page: Page, content: bytes) -> None:
    book = FilePayload(name="ward.xlsx", mimeType=XLSX, buffer=content)
    page.get_by_label("Workbook, or CSV files").set_input_files(book)
    page.get_by_role("button", name="Look it over").press("Enter")


def solve_and_stop(page: Page) -> None:
    page.get_by_label("Time for the search").select_option(label="5 minutes")
    page.get_by_role("button", name="Search for a better roster").press("Enter")
    best = page.locator("#roster-run [data-figure=objective]")
    expect(best).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    expect(page.locator("#roster-run polyline").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Stop and keep the best").press("Enter")
    expect(page.locator(".cell .shift").nth(300)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#roster-verdict")).to_contain_text("Every rule kept")


def break_a_rule_and_take_it_back(page: Page) -> None:
    cells = page.locator(".cell")
    at = cells.evaluate_all(NIGHT_BEFORE)
    next_day: Locator = cells.nth(at + 1)
    shift = next_day.get_attribute("data-shift") or ""

    cells.nth(at).focus()
    page.keyboard.press("ArrowRight")
    expect(next_day).to_be_focused()
    page.keyboard.press("e")
    expect(next_day).to_have_attribute("data-shift", "E")
    expect(page.locator("#roster-verdict")).to_contain_text("broken")
    expect(next_day).to_have_attribute("data-broken", "")
    looks_well(page)
    expect(page.locator("[data-roster-tools]")).to_be_visible()
    page.locator("#roster-verdict [data-cell-day]").first.press("Enter")
    expect(page.locator(".cell:focus")).to_have_count(1)
    page.keyboard.press("Control+z")  # of a step from before the page was loaded anew
    expect(next_day).to_have_attribute("data-shift", shift)
    expect(page.locator("#roster-verdict")).to_contain_text("Every rule kept")


def publish(page: Page) -> None:
    note = page.get_by_label("Note for the staff")
    note.fill("As agreed")
    with page.expect_response(page.url):
        page.evaluate(TELL_SOLVED)  # the page looks again, and leaves the note alone
    expect(page.locator("#roster [data-roster-tools]")).to_be_visible()
    expect(note).to_have_value("As agreed")
    page.get_by_role("button", name="Publish to the staff").press("Enter")
    expect(page.locator(".notices")).to_contain_text("The roster is published")


def published_roster_is_hers(page: Page) -> None:
    expect(page.locator("tr[data-own]")).to_be_visible()
    expect(page.locator(".shift").nth(300)).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("As agreed")


def ask_for_a_swap(
    nurse: Page, platform: RunningPlatform, *, roster: str
) -> tuple[str, int]:
    """Offer a shift, for another where the roster found lets any.

    Returns:
        Who is asked, and how many shifts she takes in return.
    """
    own = f".own-shifts li:has(a[href='{roster}']) a[href*='swaps/partners']"
    nurse.goto(f"{platform.url}/my-shifts/")
    partners = nurse.locator(".partners li")
    ways = (partners.filter(has=nurse.locator("[name=in_return]")), partners)
    addresses = nurse.locator(own).evaluate_all("links => links.map(a => a.href)")
    for way, address in product(ways, addresses):
        nurse.goto(address)
        if way.count():
            break
    taken = way.first.locator("[name=in_return]").count()
    number = int(way.first.locator("bdi").first.inner_text().removeprefix("Nobody "))
    looks_well(nurse)
    way.first.get_by_role("button").press("Enter")
    expect(nurse.get_by_text("Your colleague is asked")).to_be_visible()
    return ACCOUNTS[f"W{number:02d}"], taken


def accepted_and_approved(open_page: OpenPage, *, colleague: str) -> None:
    page = open_page("/my-shifts/swaps/", person=colleague, **PHONE)
    page.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_text("the ward's manager decides now")).to_be_visible()
    manager = open_page("/rosters/requests/", person="manager")
    looks_well(manager)
    manager.get_by_role("button", name="Approve and publish").press("Enter")
    expect(manager.get_by_text("the new roster is published")).to_be_visible()


def search_ways_on_and_past_look_well(page: Page, platform: RunningPlatform) -> None:
    """The pages around a roster that only one with a search and a past has, by keyboard."""
    roster = page.url
    page.locator("a[href*='/searches/']").first.press("Enter")
    expect(page.locator("#roster-run polyline").first).to_be_visible()
    looks_well(page)
    page.goto(roster)
    call_two_in_sick(page)
    expect(page.get_by_role("button", name="Take way 1")).to_be_visible(
        timeout=PATIENCE_MS
    )
    has_no_barrier(page)
    page.goto(f"{platform.url}/rosters/history/")
    page.get_by_role("button", name="Learn from them").press("Enter")
    expect(page.get_by_role("heading", name="What people swap away")).to_be_visible()
    looks_well(page)


def call_two_in_sick(page: Page) -> None:
    """Name one twice, which is refused, then another: the second row opens by key."""
    page.locator("#away-0-person").select_option(label="Nobody 2")
    page.locator("#away-0-last").select_option(index=6)
    more = page.locator("summary", has_text="Another person").filter(visible=True)
    expect(more).to_have_count(1)
    more.press("Enter")
    second = page.get_by_role("group", name="Person 2")
    second.get_by_label("Who is away").select_option(label="Nobody 2")
    expect(more).to_have_count(2)  # and the next
    page.get_by_role("button", name="Find ways on").press("Enter")
    expect(second).to_contain_text("This person is named above")
    has_no_barrier(page)
    second.get_by_label("Who is away").select_option(label="Nobody 3")
    page.get_by_role("button", name="Find ways on").press("Enter")
    told = page.locator(".told").first
    expect(told).to_contain_text("Nobody 2", timeout=PATIENCE_MS)
    expect(told).to_contain_text("Nobody 3")


def events(page: Page, feed: str) -> set[str]:
    """Return when each of the feed's shifts begins."""
    return set(re.findall(r"DTSTART[^\r\n]*", page.request.get(feed).text()))
