"""A manager works in the ward's grid: keys, ranges, locks, and who may no longer."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.conftest import (
    OpenPage,
    quiet_console,
    violations,
    violations_in_the_dark,
)
from tests.running import RunningPlatform

PEOPLE, DAYS = 20, 28
POLL_MS = 50
LONG = "Half a year"  # the draft that one test adds
PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const pasted = { clipboardData, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
}"""
TELL_SOLVED = """() => {
  const roster = document.getElementById("roster");
  const data = { roster: roster.dataset.roster, version: 0 };
  roster.dispatchEvent(new CustomEvent("anji:event", { detail: { event: "solved", data } }));
}"""


def cell(page: Page, row: int, day: int) -> Locator:
    return page.locator(f'.cell[data-row="{row}"][data-day="{day}"]')


def open_draft(open_page: OpenPage) -> Page:
    page = open_page("/rosters/?state=draft", person="manager")
    page.locator("tbody a", has_not_text=LONG).first.click()
    expect(page.locator(".cell")).to_have_count(PEOPLE * DAYS)
    expect(page.locator("[data-roster-tools]")).to_be_visible()
    return page


def status(page: Page) -> Locator:
    return page.locator("[data-roster-status]")


def test_what_was_done_is_taken_back_from_another_week_and_done_again(
    open_page: OpenPage,
) -> None:
    page = open_draft(open_page)
    whole = page.url

    cell(page, 1, 1).focus()
    press_and_save(page, "n")
    page.goto(f"{whole}?week=3")
    expect(page.locator("[data-roster-tools]")).to_be_visible()
    expect(cell(page, 1, 1)).to_have_count(0)
    cell(page, 1, 14).focus()
    press_and_save(page, "Control+z")
    page.goto(whole)
    expect(page.locator("[data-roster-tools]")).to_be_visible()
    expect(cell(page, 1, 1)).to_have_attribute("data-shift", "")
    cell(page, 1, 1).focus()
    press_and_save(page, "Control+Shift+z")
    expect(cell(page, 1, 1)).to_have_attribute("data-shift", "N")
    press_and_save(page, "Delete")
    expect(cell(page, 1, 1)).to_have_attribute("data-shift", "")


def test_on_a_phone_the_downloads_open_within_the_page(open_page: OpenPage) -> None:
    page = open_draft(open_page)
    page.set_viewport_size({"width": 390, "height": 844})

    for language in ("zh-hans", "en"):  # the button stands at one edge or the other
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": page.url}]
        )
        page.reload()
        page.locator(".page-head .menu summary").click()
        box = page.locator(".page-head .menu-panel").bounding_box()

        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_half_a_year_is_read_month_by_month_with_the_keys(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    page = open_draft(open_page)
    draft = urlsplit(page.url).path
    answer = page.request.post(
        f"{platform.url}/api/v1{draft}next-period/",
        headers=platform.headers("manager"),
        data={"name": LONG, "weeks": 26},
    )
    page.goto(f"{platform.url}/rosters/{answer.json()['id']}/")

    page.get_by_role("link", name="One month").click()
    shown = page.get_by_role("navigation", name="Shown days")
    served = page.locator("[data-roster-tools]")
    month = shown.locator(".nowrap").inner_text()
    expect(served).to_be_visible()  # keys do nothing before
    page.keyboard.press("]")
    expect(shown.locator(".nowrap")).not_to_have_text(month)
    expect(served).to_be_visible()
    days = page.locator('.cell[data-row="0"]')
    assert 28 <= days.count() <= 31
    days.first.focus()
    first = days.first.get_attribute("data-day")
    press_and_save(page, "n")
    page.keyboard.press("[")

    expect(shown.locator(".nowrap")).to_have_text(month)
    expect(served).to_be_visible()
    page.keyboard.press("]")
    expect(page.locator(f'.cell[data-row="0"][data-day="{first}"]')).to_have_attribute(
        "data-shift", "N"
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()  # asked for, a month stays on a narrow page too
    expect(shown.get_by_role("link", name="One month")).to_have_attribute(
        "aria-current", "true"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert violations(page) == violations_in_the_dark(page) == []


def press_and_save(page: Page, key: str) -> None:
    """Press a key and wait until the page has taken the server's answer."""
    with page.expect_request("**/cells/*") as sent:
        page.keyboard.press(key)
    assert sent.value.response() is not None
    expect(status(page)).to_contain_text("Cost")


def drag(page: Page, start: Locator, end: Locator) -> None:
    for place, act in ((start, page.mouse.down), (end, page.mouse.up)):
        box = place.bounding_box()
        assert box is not None
        page.mouse.move(
            box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5
        )
        act()


def test_ranges_are_set_dragged_locked_and_taken_back_in_one_step_each(
    open_page: OpenPage,
) -> None:
    page = open_draft(open_page)
    chosen = page.locator('.cell[aria-selected="true"]')
    sent: list[str] = []
    page.on(
        "request",
        lambda asked: sent.append(asked.url) if asked.method == "POST" else None,
    )

    with quiet_console(page):
        page.locator(".roster-bar").evaluate("bar => bar.scrollIntoView()")
        cell(page, 1, 7).focus()
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
        expect(chosen).to_have_count(4)
        with page.expect_response("**/cells/*"):
            page.keyboard.press("n")
        expect(status(page)).to_contain_text("Cost")
        assert len(sent) == 1
        page.keyboard.press("Control+c")
        cell(page, 3, 9).click()
        with page.expect_response("**/cells/*"):
            page.keyboard.press("Control+v")
        expect(cell(page, 4, 10)).to_have_attribute("data-shift", "N")

        with page.expect_response("**/cells/*"):
            drag(page, cell(page, 1, 7), cell(page, 1, 10))
        expect(cell(page, 1, 10)).to_have_attribute("data-shift", "N")
        expect(cell(page, 1, 7)).to_have_attribute("data-shift", "")
        with page.expect_response("**/cells/*"):
            page.locator('[data-head][data-row="1"]').click()
        expect(page.locator('.cell[data-row="1"][data-locked]')).to_have_count(DAYS)
        expect(status(page)).to_contain_text("(±0)")
        drag(page, cell(page, 1, 10), cell(page, 2, 10))
        expect(status(page)).to_contain_text("locked cell does not move")
        with page.expect_response("**/cells/*"):
            page.locator('[data-head][data-day="10"]').click()
        expect(page.locator('.cell[data-day="10"][data-locked]')).to_have_count(PEOPLE)
        expect(page.locator(".cell[data-locked]")).to_have_count(DAYS + PEOPLE - 1)

        for _step in range(5):
            with page.expect_response("**/cells/*"):
                page.keyboard.press("Control+z")
        expect(page.locator(".cell[data-locked]")).to_have_count(0)
        for row, day in ((1, 7), (2, 8), (4, 10), (1, 10)):
            expect(cell(page, row, day)).to_have_attribute("data-shift", "")


def test_a_week_is_pasted_as_people_write_it_elsewhere(open_page: OpenPage) -> None:
    page = open_draft(open_page)
    before = [cell(page, 8, day).get_attribute("data-shift") for day in range(7)]

    cell(page, 8, 0).focus()
    page.evaluate(PASTE, "E\te\tconstructor")
    expect(status(page)).to_contain_text("no shift constructor")
    assert cell(page, 8, 1).get_attribute("data-shift") == before[1]
    with page.expect_response("**/cells/*"):
        page.evaluate(PASTE, "e\t休\tnight\tOff\t晚班\t-\tN\r\n")
    expect(status(page)).to_contain_text("Cost")
    for day, shift in enumerate(["E", "", "N", "", "L", "", "N"]):
        expect(cell(page, 8, day)).to_have_attribute("data-shift", shift)

    press_and_save(page, "Control+z")
    for day, shift in enumerate(before):
        expect(cell(page, 8, day)).to_have_attribute("data-shift", shift or "")


def test_what_is_set_while_the_page_looks_again_stays_shown(
    open_page: OpenPage,
) -> None:
    page = open_draft(open_page)
    seen: list[tuple[Route, APIResponse]] = []
    page.route(page.url, lambda route: seen.append((route, route.fetch())), times=1)

    page.evaluate(TELL_SOLVED)
    while not seen:  # until the answer is there that is held back
        page.wait_for_timeout(POLL_MS)
    cell(page, 4, 4).focus()
    page.keyboard.press("n")
    expect(cell(page, 4, 4)).to_have_attribute("data-shift", "N")
    with page.expect_response("**/cells/*"):
        for route, before in seen:
            route.fulfill(response=before)

    expect(status(page)).to_contain_text("Cost")
    expect(cell(page, 4, 4)).to_have_attribute("data-shift", "N")
    press_and_save(page, "Control+z")
    expect(cell(page, 4, 4)).to_have_attribute("data-shift", "")


def test_what_a_colleague_did_since_is_not_taken_back(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    page = open_draft(open_page)

    cell(page, 5, 5).focus()
    press_and_save(page, "n")
    for day in (6, 7):
        cell(page, 5, day).focus()
        press_and_save(page, "n")
    change_elsewhere(page, platform, cell(page, 5, 6), "E")
    expect(cell(page, 5, 6)).to_have_attribute("data-shift", "E")
    expect(status(page)).to_contain_text("some of your steps can no longer")
    for day in (7, 5):  # what is still as it was left goes back
        press_and_save(page, "Control+z")
        expect(cell(page, 5, day)).to_have_attribute("data-shift", "")
    page.keyboard.press("Control+z")
    expect(status(page)).to_contain_text("some of your steps can no longer")

    page.reload()
    expect(cell(page, 5, 6)).to_have_attribute("data-shift", "E")
    change_elsewhere(page, platform, cell(page, 5, 6), "")
    expect(cell(page, 5, 6)).to_have_attribute("data-shift", "")


def test_what_is_set_where_a_colleague_was_first_is_not_sent(
    open_page: OpenPage, platform: RunningPlatform
) -> None:
    page = open_draft(open_page)
    seen: list[tuple[Route, APIResponse]] = []
    page.route(page.url, lambda route: seen.append((route, route.fetch())))

    with page.expect_request(page.url):
        change_elsewhere(page, platform, cell(page, 6, 6), "E")
    cell(page, 6, 6).focus()
    page.keyboard.press("n")
    expect(cell(page, 6, 6)).to_have_attribute("data-shift", "N")
    page.unroute(page.url)
    for route, newest in seen:
        route.fulfill(response=newest)

    expect(status(page)).to_contain_text("Yours was not kept")
    expect(cell(page, 6, 6)).to_have_attribute("data-shift", "E")
    page.reload()
    expect(cell(page, 6, 6)).to_have_attribute("data-shift", "E")
    change_elsewhere(page, platform, cell(page, 6, 6), "")
    expect(cell(page, 6, 6)).to_have_attribute("data-shift", "")


def change_elsewhere(
    page: Page, platform: RunningPlatform, at: Locator, shift: str
) -> None:
    """Set a cell of the page's roster as somebody else does, over REST."""
    person, day = (at.get_attribute(f"data-{name}") for name in ("person", "day"))
    answer = page.request.patch(
        f"{platform.url}/api/v1{urlsplit(page.url).path}assignments/",
        headers={**platform.headers("manager"), "If-Match": "*"},
        data={"cells": [{"person": person, "day": int(day or 0), "shift": shift}]},
    )
    assert answer.ok


def test_tools_are_offered_only_once_they_work(open_page: OpenPage) -> None:
    page = open_draft(open_page)
    waiting: list[Route] = []
    page.route("**/js/roster.*.js", lambda route, _asked: waiting.append(route))

    page.reload(wait_until="commit")
    expect(cell(page, 1, 1)).to_be_visible()
    expect(page.locator("[data-roster-tools]")).to_be_hidden()
    for route in waiting:
        route.continue_()

    expect(page.locator("[data-roster-tools]")).to_be_visible()


def test_a_locked_cell_is_left_alone(open_page: OpenPage) -> None:
    page = open_draft(open_page)

    cell(page, 2, 3).focus()
    press_and_save(page, " ")
    expect(cell(page, 2, 3)).to_have_attribute("data-locked", "")
    page.keyboard.press("n")
    expect(status(page)).to_contain_text("locked")
    expect(cell(page, 2, 3)).to_have_attribute("data-shift", "")
    page.reload()
    expect(cell(page, 2, 3)).to_have_attribute("data-locked", "")
    cell(page, 2, 3).focus()
    press_and_save(page, " ")
    expect(cell(page, 2, 3)).not_to_have_attribute("data-locked", "")


def test_the_grid_leaves_when_nobody_is_signed_in_any_more(
    open_page: OpenPage,
) -> None:
    page = open_draft(open_page)

    page.context.clear_cookies(name="sessionid")
    cell(page, 3, 3).focus()
    page.keyboard.press("n")

    page.wait_for_url(re.compile("/accounts/login/"))


def test_the_grid_leaves_when_the_workstation_is_locked(open_page: OpenPage) -> None:
    page = open_draft(open_page)
    at = page.url.partition("/rosters/")[2]

    page.route(
        "**/cells/*",
        lambda route: route.fulfill(
            status=204, headers={"HX-Redirect": f"/rosters/{at}?was=locked"}
        ),
    )
    cell(page, 3, 3).focus()
    page.keyboard.press("n")

    page.wait_for_url(re.compile("was=locked"))
    expect(cell(page, 3, 3)).to_have_attribute("data-shift", "")
