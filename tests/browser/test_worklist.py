"""The worklist stays live, keeps its state in the address, and takes uploads."""

import re
from pathlib import Path

import pydicom
from playwright.sync_api import Page, Route, expect
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

from tests.browser.conftest import OpenPage, Rest, quiet_console
from tests.running import RunningPlatform

PATIENCE_MS = 60_000  # a busy machine


def new_study(folder: Path, description: str) -> Path:
    """Write a CT study of one image that the platform has not seen."""
    image = pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))
    image.StudyInstanceUID = generate_uid()
    image.SeriesInstanceUID = generate_uid()
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    image.StudyDescription = description
    path = folder / "image.dcm"
    image.save_as(path)
    return path


def upload(page: Page, path: Path) -> None:
    page.set_input_files("input[name=files]", str(path))
    expect(page.locator("[data-upload-summary]")).to_contain_text(
        "1 studies taken in, 0 files not taken", timeout=PATIENCE_MS
    )


def test_an_uploaded_study_appears_on_an_open_worklist(
    open_page: OpenPage, tmp_path: Path
) -> None:
    worklist = open_page("/worklist/?status=&ordering=-age")
    page = open_page("/studies/upload/")

    with quiet_console(page), quiet_console(worklist):
        upload(page, new_study(tmp_path, "Arrived while looking"))

        row = worklist.locator("tr[data-row]", has_text="Arrived while looking")
        expect(row).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".upload-file")).to_have_attribute("data-state", "taken")
    expect(page.get_by_role("link", name="Open the study")).to_be_visible()


def test_news_between_the_page_and_its_stream_is_not_lost(
    open_page: OpenPage, platform: RunningPlatform, rest: Rest, tmp_path: Path
) -> None:
    page = open_page("/help/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/js/events\."), hold)
    page.goto(f"{platform.url}/worklist/?status=&ordering=-age", wait_until="commit")
    expect(page.locator("#rows")).to_be_attached(timeout=PATIENCE_MS)
    path = new_study(tmp_path, "Arrived before the stream")

    answer = page.request.post(
        f"{platform.url}/api/v1/studies/",
        headers=platform.headers("clinician"),
        multipart={"files": path},
    )
    assert answer.status == 202
    while rest(answer.headers["location"])["state"] in {"queued", "running"}:
        page.wait_for_timeout(200)
    page.wait_for_timeout(1500)  # longer ago than clocks may differ
    held.pop(0).continue_()

    row = page.locator("tr[data-row]", has_text="Arrived before the stream")
    expect(row).to_be_visible(timeout=PATIENCE_MS)


def test_a_file_that_cannot_be_taken_is_named_with_its_reason(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "letter.dcm"
    path.write_text("Dear colleague")
    page = open_page("/studies/upload/")

    page.set_input_files("input[name=files]", str(path))

    refused = page.locator(".upload-file[data-state=rejected]")
    expect(refused).to_contain_text("letter.dcm", timeout=PATIENCE_MS)
    expect(refused).to_contain_text("neither DICOM")


def test_filters_and_order_live_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/worklist/?status=")

    page.get_by_label("Priority").select_option("stat")
    page.wait_for_url(lambda url: "priority=stat" in url, timeout=PATIENCE_MS)
    page.get_by_role("link", name="Patient", exact=True).click()
    page.wait_for_url(lambda url: "ordering=patient" in url, timeout=PATIENCE_MS)

    assert "priority=stat" in page.url
    head = page.locator("th", has_text="Patient").first
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_a_row_opens_onto_its_series_by_key(open_page: OpenPage) -> None:
    page = open_page("/worklist/?status=")

    page.keyboard.press("j")
    page.keyboard.press("e")

    expect(page.locator(".series-tile").first).to_be_visible(timeout=PATIENCE_MS)


def test_theme_and_language_are_chosen_without_losing_the_place(
    open_page: OpenPage,
) -> None:
    page = open_page("/worklist/?status=&modality=CT")

    page.get_by_label("Appearance").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Language").click()
    page.get_by_role("button", name="简体中文").click()

    expect(page.locator("h1")).to_have_text("工作列表")
    assert "modality=CT" in page.url
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
