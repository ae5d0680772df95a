"""A reader labels a study: a box by keys, a box and a polygon by pointer, one key to end."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    OpenPage,
    Rest,
    quiet_console,
    violations,
    violations_in_the_dark,
)

READY_MS = 60_000  # software WebGL on a busy machine


def marks(page: Page) -> list[list[list[float]]]:
    """Return the points of each mark as the form would send them."""
    sent = page.locator("[data-part=marks]").input_value()
    return [mark["points"] for mark in json.loads(sent)]


def test_a_reader_marks_by_keys_and_by_pointer_and_says_what_it_is(
    open_page: OpenPage, rest: Rest
) -> None:
    page = open_page("/labelling/")
    page.get_by_role("button", name="Label the next").first.click()
    expect(page.locator("[data-viewer][data-ready]")).to_be_visible(timeout=READY_MS)
    listed = page.locator("[data-part=list] li")

    with quiet_console(page):
        page.keyboard.press("b")
        page.keyboard.press("Enter")
        (first,) = marks(page)
        for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight"):
            page.keyboard.press(key)
        (left, top), (right, bottom) = first
        assert marks(page) == [[[left + 1, top + 1], [right + 2, bottom + 1]]]

        stage = page.locator("[data-part=stage]").bounding_box()
        assert stage
        x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
        page.keyboard.press("b")
        page.mouse.move(x - 150, y - 120)
        page.mouse.down()
        page.mouse.move(x - 60, y - 40, steps=4)
        page.mouse.up()
        page.keyboard.press("n")
        for across, down in ((100, -100), (180, -90), (160, 0)):
            page.mouse.click(x + across, y + down)
        page.keyboard.press("Enter")
        expect(listed).to_have_count(3)
        assert [len(points) for points in marks(page)] == [2, 2, 3]

        listed.nth(1).get_by_role("button").first.click()
        page.keyboard.press("Delete")
        expect(listed).to_have_count(2)
        kept = marks(page)
        page.locator("body").press("1")
        expect(page.get_by_text("Kept: COVID.")).to_be_visible()

    page.go_back()
    assert violations(page) == violations_in_the_dark(page) == []

    (project,) = rest("/api/v1/labelling-projects/")["results"]
    (label,) = rest(f"/api/v1/labelling-projects/{project['id']}/labels/")["results"]
    assert label["answer"] == "COVID"
    assert [mark["points"] for mark in label["marks"]] == kept
