"""Help: every article in both languages, safe to show, every code explained."""

import re

import pytest
from django.test import Client
from django.utils import translation

from hospital.accounts.models import Role
from hospital.core.help import (
    HELP_DIR,
    PATIENT_ARTICLES,
    STAFF_ARTICLES,
    help_article,
    help_articles,
    to_html,
)
from tests.rows import make_person

LANGUAGES = ["en", "zh-hans"]


def codes_in(language: str) -> set[str]:
    return set(re.findall(r'<code id="(\w+)">', errors(language)))


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
