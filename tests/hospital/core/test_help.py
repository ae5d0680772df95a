"""Help: every article in both languages, safe to show, every code explained."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from rest_framework import exceptions

from hospital.accounts.models import Role
from hospital.core.help import (
    HELP_DIR,
    PATIENT_ARTICLES,
    STAFF_ARTICLES,
    help_article,
    help_articles,
    to_html,
)
from hospital.env import BASE_DIR
from tests.rows import make_person

LANGUAGES = ["en", "zh-hans"]
CLASS = re.compile(r"^class (\w+)\((\w+)[,)]", re.MULTILINE)
WORD = re.compile(r'"(\w+)"')


def codes_in(language: str) -> set[str]:
    return set(re.findall(r'<code id="(\w+)">', errors(language)))


def source() -> list[str]:
    """Return every file of every app."""
    return [
        path.read_text()
        for app in ("hospital", "diagnosis", "consult", "scheduling")
        for path in (BASE_DIR / app).rglob("*.py")
    ]


def raised_codes() -> Iterator[str]:
    """Yield every code that refuses a request, or fails a job, as it is written."""
    files = source()
    classes = [found for text in files for found in CLASS.findall(text)]
    raised = {"DomainError", "JobFailed", "bad_request", "problem", "__init__"}
    while more := {name for name, base in classes if base in raised} - raised:
        raised |= more
    for text in files:
        for node in ast.walk(ast.parse(text)) if 'code="' in text else ():
            if isinstance(node, ast.Call) and _name(node.func) in raised:
                yield from _codes(node)


def _name(called: ast.expr) -> str:
    return str(getattr(called, "attr", getattr(called, "id", "")))


def _codes(call: ast.Call) -> Iterator[str]:
    for one in call.keywords:
        if one.arg == "code" and isinstance(one.value, ast.Constant):
            yield one.value.value


def errors(language: str) -> str:
    with translation.override(language):
        return str(help_article("errors").html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_article_is_there_and_listed(language) -> None:
    written = {path.stem for path in (HELP_DIR / language).glob("*.md")}

    assert written == {*STAFF_ARTICLES, *PATIENT_ARTICLES}


def test_articles_speak_the_readers_language() -> None:
    with translation.override("zh-hans"):
        titles = [article.title for article in help_articles(role="clinician")]

    assert titles[:2] == ["从这里开始", "上传检查"]


def test_both_languages_explain_the_same_codes() -> None:
    assert codes_in("en") == codes_in("zh-hans")
    assert "report_changed" in codes_in("en")


def test_every_code_that_is_raised_is_explained() -> None:
    raised = set(raised_codes())

    assert len(raised) > 150
    assert raised - codes_in("en") == set()


def test_every_code_that_is_explained_is_there() -> None:
    """Rest framework has codes of its own; those of speech are put together."""
    words = set(WORD.findall("\n".join(source())))
    framework = {getattr(one, "default_code", "") for one in vars(exceptions).values()}

    unknown = {
        code
        for code in codes_in("en") - words - framework
        if code.removeprefix("speech_") not in words
    }

    assert unknown == set()


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
    ],
)
def test_nothing_that_runs_comes_through(markdown) -> None:
    html = to_html(markdown)

    assert "<script" not in html
    assert "onerror" not in html
    assert 'href="javascript' not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "first"), [(Role.CLINICIAN, "Start here"), (Role.PATIENT, "My record")]
)
def test_each_role_finds_its_articles(role, first) -> None:
    client = Client()
    client.force_login(make_person(role))

    page = client.get("/help/start/").content.decode()

    assert f">{first}</a>" in page


@pytest.mark.django_db
def test_unknown_article_is_not_found() -> None:
    client = Client()
    client.force_login(make_person(Role.CLINICIAN))

    assert client.get("/help/no-such-article/").status_code == 404
    assert client.get("/help/%2e%2e/").status_code == 404
