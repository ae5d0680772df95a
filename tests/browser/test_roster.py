"""A manager makes the ward's roster by keyboard and search; a nurse finds her shifts."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, quiet_console

TELL_SOLVED = """() => {
  const roster = document.getElementById("roster");
  const data = { roster: roster.dataset.roster, version: 0 };
  roster.dispatchEvent(new CustomEvent("anji:event", { detail: { event: "solved", data } }));
}"""
PATIENCE_MS = 90_000  # a search on a busy machine
PEOPLE, DAYS = 20, 28


def cell(page: Page, row: int, day: int) -> Locator:
    return page.locator(f'.cell[data-row="{row}"][data-day="{day}"]')


def open_draft(open_page: OpenPage) -> Page:
    page = open_page("/rosters/?state=draft", person="manager")
    page.locator("tbody a").first.click()
    expect(page.locator(".cell")).to_have_count(PEOPLE * DAYS)
    expect(page.locator("[data-roster-tools]")).to_be_visible()
    return page


def status(page: Page) -> Locator:
    return page.locator("[data-roster-status]")


def test_cells_change_by_keyboard_with_the_verdict_and_are_taken_back(
    open_page: OpenPage,
) -> None:
    page = open_draft(open_page)

    with quiet_console(page):
        cell(page, 0, 0).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(cell(page, 1, 1)).to_be_focused()
        page.keyboard.press("n")
        expect(cell(page, 1, 1)).to_have_attribute("data-shift", "N")
        expect(status(page)).to_contain_text("Cost")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("e")
        expect(status(page)).to_contain_text("One rule is broken.")
        expect(page.locator(".cell[data-broken]")).to_have_count(2)

        page.locator("#roster-verdict [data-cell-day]").first.click()
        expect(cell(page, 1, 1)).to_be_focused()
        page.keyboard.press("Control+z")
        expect(page.locator(".cell[data-broken]")).to_have_count(0)
        page.keyboard.press("Control+z")
        expect(cell(page, 1, 1)).to_have_attribute("data-shift", "")
        page.keyboard.press("Control+Shift+z")
        expect(cell(page, 1, 1)).to_have_attribute("data-shift", "N")
        page.keyboard.press("Delete")
        expect(cell(page, 1, 1)).to_have_attribute("data-shift", "")


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

        for _step in range(4):
            with page.expect_response("**/cells/*"):
                page.keyboard.press("Control+z")
        expect(page.locator(".cell[data-locked]")).to_have_count(0)
        for row, day in ((1, 7), (2, 8), (4, 10), (1, 10)):
            expect(cell(page, row, day)).to_have_attribute("data-shift", "")


def test_a_locked_cell_is_left_alone(open_page: OpenPage) -> None:
    page = open_draft(open_page)

    cell(page, 2, 3).focus()
    page.keyboard.press(" ")
    expect(cell(page, 2, 3)).to_have_attribute("data-locked", "")
    page.keyboard.press("n")
    expect(status(page)).to_contain_text("locked")
    expect(cell(page, 2, 3)).to_have_attribute("data-shift", "")
    page.reload()
    expect(cell(page, 2, 3)).to_have_attribute("data-locked", "")
    cell(page, 2, 3).focus()
    page.keyboard.press(" ")
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


def test_a_search_is_followed_stopped_and_published_to_the_nurse(
    open_page: OpenPage,
) -> None:
    page = open_draft(open_page)

    page.get_by_label("Time for the search").select_option(label="5 minutes")
    page.get_by_role("button", name="Search for a better roster").click()
    best = page.locator("#roster-run [data-figure=objective]")
    expect(best).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    expect(page.locator("#roster-run polyline").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Stop and keep the best").click()
    expect(page.locator(".cell .shift").nth(150)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#roster-verdict")).to_contain_text("Every rule kept")
    note = page.get_by_label("Note for the staff")
    note.fill("As agreed")
    with page.expect_response(page.url):
        page.evaluate(TELL_SOLVED)  # the page looks again, and leaves the note alone
    expect(page.locator("#roster [data-roster-tools]")).to_be_visible()
    expect(note).to_have_value("As agreed")
    page.get_by_role("button", name="Publish to the staff").click()
    expect(page.locator(".notices")).to_contain_text("The roster is published")

    nurse = open_page("/my-shifts/", person="nurse")
    expect(nurse.locator(".own-shifts li").nth(10)).to_be_visible()
    roster = open_page(
        page.url.removeprefix(nurse.url.partition("/my-shifts")[0]), person="nurse"
    )
    expect(roster.locator("tr[data-own]")).to_be_visible()
    expect(roster.locator(".shift").nth(150)).to_be_visible()
    expect(roster.locator(".notice")).to_contain_text("As agreed")
