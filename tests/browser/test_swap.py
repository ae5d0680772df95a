"""A nurse swaps a shift on her phone: found, agreed, approved, and in her calendar."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, violations
from tests.running import RunningPlatform

PHONE = {"width": 390, "height": 844}
TRIED = 10  # coming shifts, until one can be swapped for another


def test_a_swap_goes_from_a_phone_into_the_calendar(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    nurse = open_page("/my-shifts/", person="nurse", **PHONE)
    nurse.get_by_role("button", name="Make a new address").click()
    feed = nurse.locator("code.secret").inner_text()
    before = nurse.request.get(feed).text()

    given, taken = offer_a_swap(nurse, platform)
    colleague = open_page("/my-shifts/swaps/", person="clinician", **PHONE)
    colleague.get_by_role("button", name="Accept").click()
    expect(colleague.get_by_text("the ward's manager decides now")).to_be_visible()
    manager = open_page("/rosters/requests/", person="manager")
    manager.get_by_role("button", name="Approve and publish").click()
    expect(manager.get_by_text("the new roster is published")).to_be_visible()

    after = nurse.request.get(feed).text()
    nurse.goto(f"{platform.url}/my-shifts/swaps/")
    expect(nurse.get_by_text("Swapped", exact=True)).to_be_visible()
    assert given != taken
    assert before.count("BEGIN:VEVENT") == after.count("BEGIN:VEVENT")
    assert before != after


def offer_a_swap(page: Page, platform: RunningPlatform) -> tuple[str, str]:
    """Offer the first coming shift that can be swapped; return both shifts' words."""
    for place in range(TRIED):
        page.goto(f"{platform.url}/my-shifts/")
        page.locator("a[href*='swaps/partners']").nth(place).click()
        page.wait_for_url("**/swaps/partners/**")
        way = page.locator(".partners li").filter(has=page.locator("[name=in_return]"))
        if way.count():
            break
    assert violations(page) == []
    given = page.locator("#swap-title + p").inner_text()
    taken = way.first.locator("p").first.inner_text()
    way.first.get_by_role("button").click()
    expect(page.get_by_text("Your colleague is asked")).to_be_visible()
    return given, taken
