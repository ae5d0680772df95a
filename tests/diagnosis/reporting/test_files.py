"""What was measured of a model, as a file of its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.utils.translation import override

from diagnosis.evaluation.measure import curves_of
from diagnosis.inference.store import load_entry
from diagnosis.reporting.files import model_report
from diagnosis.reporting.tables import tables
from tests.diagnosis.evaluation.test_curves import ANSWERS

LABELS = ("COVID", "NonCOVID")
ONE_WITHHELD = replace(ANSWERS, abstained=np.arange(10) == 4)
TOLD = {
    "model": "tiny/1",
    "data": "set/manifest.csv",
    "split": "test",
    "made": "2026-11-27",
}


def test_the_report_in_markdown_holds_every_table_and_curve(model_store: Path) -> None:
    entry = load_entry(model_store, "tiny", "1")
    measured = {**TOLD, **curves_of(ONE_WITHHELD, labels=LABELS, positive=0)}

    text = model_report(measured, entry, suffix=".md")

    assert text.strip().startswith("# What was measured of tiny/1")
    assert f"**{entry.notice}**" in text
    assert text.count("](data:image/svg+xml;base64,") == 5
    assert (
        "| True label | COVID-19 pattern | no COVID-19 pattern | No answer |\n"
        "| --- | --- | --- | --- |\n"
        "| COVID-19 pattern | 3 | 1 | 1 |\n"
        "| no COVID-19 pattern | 1 | 4 | 0 |\n"
    ) in text
    assert "&" not in text  # what HTML escapes
    assert "{" not in text


def test_answers_by_truth_are_a_table_of_the_html_too(model_store: Path) -> None:
    entry = load_entry(model_store, "tiny", "1")
    measured = {**TOLD, **curves_of(ANSWERS, labels=LABELS, positive=0)}

    with override("zh-hans"):
        page = model_report(measured, entry, suffix=".html")

    assert "每个标签得到的回答" in page
    assert "真实标签" in page


@pytest.mark.parametrize("is_withheld", [False, True])
def test_no_answer_is_a_column_where_one_was_withheld(*, is_withheld: bool) -> None:
    answers = ONE_WITHHELD if is_withheld else ANSWERS

    heads = [
        list(panel.head)
        for panel in tables(curves_of(answers, labels=LABELS, positive=0))
        if panel.head[:1] == ["True label"]
    ]

    labels = ["True label", "COVID-19 pattern", "no COVID-19 pattern"]
    assert heads == [[*labels, "No answer"] if is_withheld else labels]


def test_what_was_kept_before_answers_were_counted_has_no_such_table() -> None:
    measured = curves_of(ANSWERS, labels=LABELS, positive=0)
    kept = {key: value for key, value in measured.items() if key != "confusion"}

    titles = [panel.title for panel in tables(kept)]

    assert "Each label against the others" in titles
    assert "What was said of each label" not in titles
