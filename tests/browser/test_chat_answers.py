"""An answer while it is written: lost and resumed, stopped, made anew, rated, heard."""

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, violations, violations_in_the_dark
from tests.browser.test_chat import PATIENCE_MS, PHONE, write
from tests.consult.language.generators.service import Service
from tests.consult.speech.service import Listener
from tests.running import RunningPlatform

QUESTION = "What can I do myself against hay fever?"
ONLY_IN_ENGLISH = {
    "id": "huntington",
    "question": "What is Huntington disease?",
    "answer": "Huntington disease is a condition in which nerve cells of the brain die. "
    "Most people notice the first signs of Huntington disease between 30 and 50 years.",
    "focus": "Huntington disease",
    "qtype": "information",
    "lang": "en",
}
# The voices of a machine without a sound device, and what they are given to say.
VOICES = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "en-US", localService: true }],
  addEventListener: () => {},
  speak: (utterance) => said.push(utterance.text),
  cancel: () => said.push(""),
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def passages_own_words(asked: str) -> list[str]:
    """Return a draft of the first two sentences of the first passage, in two pieces."""
    text = re.search(r"<<passage 1: (.*?)>>", asked)
    assert text
    first, second = re.findall(r"[^.]+\.", text[1])[:2]
    return [f"{first.strip()} [1] {second.strip()}", " [1]"]


def choose_generator(page: Page, name: str) -> None:
    page.goto(page.url.split("/admin/")[0] + "/admin/consult/generatorchoice/add/")
    page.select_option("[name=name]", name)
    page.fill("[name=reason]", "a trial")
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.fixture
def written(open_page: OpenPage, generator: Service) -> Iterator[Service]:
    """A generator in service that stops after its first sentence."""
    generator.writes = passages_own_words
    generator.goes_on.clear()
    administrator = open_page("/admin/", person="administrator")
    choose_generator(administrator, "endpoint")
    yield generator
    generator.goes_on.set()
    choose_generator(administrator, "extractive")


def sentences(page: Page) -> list[str]:
    return page.locator("[data-author=bot] .cite").all_inner_texts()


def kill_the_web_process(platform: RunningPlatform) -> None:
    """End the process that holds every stream, without a word; another one is started."""
    children = Path(
        f"/proc/{platform.process.pid}/task/{platform.process.pid}/children"
    )
    for pid in map(int, children.read_text().split()):
        if b"hospital.asgi" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
            return
    pytest.fail("The platform has no web process.")


def test_an_answer_is_lost_in_the_middle_and_resumed_then_stopped_anew_and_rated(
    open_page: OpenPage, platform: RunningPlatform, written: Service
) -> None:
    page = open_page("/chat/", person="", **PHONE)
    write(page, QUESTION)
    cites = page.locator("[data-author=bot] .cite")
    expect(cites).to_have_count(1, timeout=PATIENCE_MS)

    kill_the_web_process(platform)
    expect(page.locator("[data-connection]")).to_be_visible(timeout=PATIENCE_MS)
    written.goes_on.set()
    expect(page.locator("[data-connection]")).to_be_hidden(timeout=PATIENCE_MS)
    expect(cites).to_have_count(2, timeout=PATIENCE_MS)
    again = page.get_by_role("button", name="Answer again")
    expect(again).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-author=patient]")).to_have_count(1)

    written.goes_on.clear()
    again.click()
    stop = page.get_by_role("button", name="Stop the answer")
    expect(cites).to_have_count(1, timeout=PATIENCE_MS)
    stop.click()
    expect(page.locator("[data-author=bot]")).to_contain_text(
        "You stopped this answer", timeout=PATIENCE_MS
    )
    expect(stop).to_be_hidden()
    written.goes_on.set()
    again.click()
    expect(cites).to_have_count(2, timeout=PATIENCE_MS)  # all of the new answer
    helpful = page.get_by_role("button", name="Helpful", exact=True)
    expect(helpful).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-author=bot]")).to_have_count(1)
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    page.get_by_label("What was good or wrong?", exact=False).fill("Short and clear")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".rating-form")).to_have_count(0)
    page.reload()
    expect(helpful).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    assert violations(page) == []


def test_large_text_is_kept_and_an_answer_is_read_aloud_until_it_is_hushed(
    open_page: OpenPage,
) -> None:
    page = open_page("/chat/", person="", **PHONE)
    page.add_init_script(VOICES)
    page.reload()
    size = "() => parseFloat(getComputedStyle(document.querySelector('#message')).fontSize)"
    small = page.evaluate(size)

    large = page.get_by_role("button", name="Large text")
    large.click()
    write(page, QUESTION)
    aloud = page.get_by_role("button", name="Read aloud")
    expect(aloud).to_be_visible(timeout=PATIENCE_MS)
    aloud.click()
    expect(aloud).to_have_attribute("aria-pressed", "true")
    said = page.evaluate("() => said.at(-1)")
    aloud.click()

    expect(aloud).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("() => said.at(-1)") == ""
    shown = page.locator("[data-author=bot] [data-body]").inner_text()
    assert said.split(".")[0] in shown
    page.reload()
    expect(large).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(size) > small
    assert page.evaluate("() => document.body.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_spoken_words_count_once_they_are_checked_and_sent(
    open_page: OpenPage, transcriptions: Listener
) -> None:
    page = open_page("/chat/", person="", **PHONE)
    speak = page.get_by_role("button", name="Speak")

    speak.click()
    expect(speak).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-note]")).to_contain_text("Listening")
    page.evaluate("() => new Promise((heard) => setTimeout(heard, 400))")
    speak.click()
    field = page.locator("#message")
    expect(field).to_have_value("I have a cough.", timeout=PATIENCE_MS)

    expect(page.locator("[data-note]")).to_contain_text("Check the words")
    expect(page.locator("[data-author=patient]")).to_have_count(0)
    assert b"\x1a\x45\xdf\xa3" in transcriptions.heard[-1][2]  # a WebM of the browser's
    with page.expect_request(re.compile("/messages/$")) as sent:
        field.press("Enter")
    body = sent.value.post_data_json
    assert (body["text"], body["spoken"]) == ("I have a cough.", True)
    expect(page.locator("[data-author=patient] [data-body]")).to_have_text(
        "I have a cough.", timeout=PATIENCE_MS
    )


def test_a_source_in_another_language_is_said_before_what_it_says(
    open_page: OpenPage, platform: RunningPlatform, tmp_path: Path
) -> None:
    rows = tmp_path / "rare.jsonl"
    rows.write_text(json.dumps(ONLY_IN_ENGLISH))
    platform.manage("import_knowledge", str(rows), "--library", "rare")
    page = open_page("/chat/", person="", language="zh-hans", **PHONE)
    answers = page.locator("[data-author=bot]")
    note = answers.get_by_role("note").filter(has_text="资料库里没有")

    write(page, "高血压平时要注意什么？")
    expect(page.locator(".source").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".turn-status")).to_have_count(0, timeout=PATIENCE_MS)
    assert note.count() == 0
    assert page.get_by_text("出处为另一种语言").filter(visible=True).count() == 0

    write(page, "亨廷顿是什么病")
    expect(note).to_be_visible(timeout=PATIENCE_MS)
    answer = answers.last
    quoted = answer.locator(".turn-answer [lang]")
    source = answer.locator(".source")

    assert "".join(quoted.first.inner_text().split()) in "".join(
        ONLY_IN_ENGLISH["answer"].split()
    )
    assert quoted.first.get_attribute("lang") == "en"
    expect(answer.locator(".notice + .turn-answer .cite").first).to_be_visible()
    expect(source).to_have_count(1)
    expect(source.locator("[data-title]")).to_have_attribute("lang", "en")
    expect(source).to_contain_text("出处为另一种语言")
    heard = page.locator("[data-announce]").inner_text()
    assert heard.count(note.inner_text()) == 1
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
