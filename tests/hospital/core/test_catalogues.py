from pathlib import Path

import pytest
from django.core.management import call_command

from hospital.core import catalogues
from hospital.env import BASE_DIR

TEMPLATE = """{% load i18n %}
<c-card title="{% translate 'Hello (there)' %}">
  {% blocktranslate count n=1 %}{{ n }} study{% plural %}{{ n }} studies{% endblocktranslate %}
</c-card>
"""
MODULE = 'from x import _, pgettext\nA = _("Plain")\nB = pgettext("place", "Ward")\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "hospital").mkdir()
    (tmp_path / "hospital" / "words.py").write_text(MODULE)
    return tmp_path


def translate(tree: Path, text: str, words: str) -> None:
    path = catalogues.catalogue_path(tree, "zh_Hans")
    source = path.read_text()
    path.write_text(
        source.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\n{words}')
    )


def test_strings_of_modules_and_templates_are_found(tree: Path) -> None:
    found = {(text.ids, text.context) for text in catalogues.texts(tree)}

    assert found == {
        ("Plain", None),
        ("Ward", "place"),
        ("Hello (there)", None),
        (("%(n)s study", "%(n)s studies"), None),
    }


def test_the_sentences_of_a_pure_package_are_found(tree: Path) -> None:
    words = tree / "scheduling" / "verify" / "words.py"
    words.parent.mkdir(parents=True)
    words.write_text('"""Told."""\n\nLEAVE = "%(person)s is" " away."\nLIMIT = 3\n')

    found = [text.ids for text in catalogues.texts(tree) if "verify" in text.place]

    assert found == ["%(person)s is away."]


def test_an_untranslated_string_is_a_flaw(tree: Path) -> None:
    catalogues.update(tree)

    flaws = catalogues.check(tree)

    assert len(flaws) == 4
    assert flaws[0].why == "is not translated"


def test_a_fuzzy_string_is_a_flaw(tree: Path) -> None:
    catalogues.update(tree)
    path = catalogues.catalogue_path(tree, "zh_Hans")
    path.write_text(
        path.read_text().replace('msgid "Plain"', '#, fuzzy\nmsgid "Plain"')
    )
    translate(tree, "Plain", 'msgstr "普通"')

    whys = {flaw.text: flaw.why for flaw in catalogues.check(tree)}

    assert whys["Plain"] == "is fuzzy"


def test_updating_keeps_translations_and_drops_what_is_gone(tree: Path) -> None:
    catalogues.update(tree)
    translate(tree, "Plain", 'msgstr "普通"')
    translate(tree, "Hello (there)", 'msgstr "你好"')
    (tree / "templates" / "page.html").unlink()

    catalogues.update(tree)

    source = catalogues.catalogue_path(tree, "zh_Hans").read_text()
    assert "普通" in source
    assert "你好" not in source
    assert catalogues.catalogue_path(tree, "zh_Hans").with_suffix(".mo").exists()


def test_every_string_of_the_platform_is_translated() -> None:
    assert catalogues.check(BASE_DIR) == []


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("主管", ["病区主管", "科室主管", "排班主管", "管理人员", "管理者"]),
        ("编辑版本", ["工作副本", "工作稿"]),
        ("求解", ["的搜索", "次搜索", "搜索排班", "搜索结束", "搜索已"]),
    ],
)
def test_one_thing_has_one_word_in_chinese(word: str, others: list[str]) -> None:
    """What people and the help call a manager, a working copy, a roster's search."""
    catalogue = catalogues._read(
        catalogues.catalogue_path(BASE_DIR, "zh_Hans"), "zh_Hans"
    )
    said = [str(message.string) for message in catalogue if message.id]
    told = [path.read_text() for path in (BASE_DIR / "docs/help/zh-hans").glob("*.md")]

    assert any(word in text for text in said)
    assert [text for text in said + told if any(one in text for one in others)] == []


def test_the_source_tree_compiles() -> None:
    call_command("translations", "--compile")

    assert (BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.mo").exists()
