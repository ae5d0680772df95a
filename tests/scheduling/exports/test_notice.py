"""The roster on paper, read back as a PDF reader does."""

import subprocess
import time
from pathlib import Path

import pytest
from django.utils import translation

from hospital.core.errors import InvalidInput
from scheduling.exports import export_of
from scheduling.models import Roster
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import to_json
from tests.rows import make_department
from tests.scheduling.wards import DAY, NIGHT, assign, make_published, make_roster, ward

pytestmark = pytest.mark.django_db


def pdf_text(data: bytes) -> str:
    if not Path("/usr/share/poppler/cidToUnicode").exists():
        pytest.skip("pdftotext with poppler-data is not installed")
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return done.stdout.decode()


def printed(roster: Roster, *, is_published: bool, paper: str = "a4") -> str:
    made = export_of(
        roster, ending="pdf", person=None, is_published=is_published, paper=paper
    )
    assert made.name.endswith(".pdf")
    return pdf_text(made.content)


def large(*, people: int, days: int) -> Roster:
    first = make_roster(make_department())
    assert first.created_by is not None
    return create_roster(
        author=first.created_by,
        department=first.department,
        name="大病房 June",
        problem=Problem("anji", data=to_json(ward(people=people, days=days))),
    )


def test_what_is_published_says_so_with_its_shifts_and_legend() -> None:
    roster = make_published(make_department())
    roster.people.filter(key="P0").update(name="王小明 Müller")
    assign(roster, {("P2", 3): DAY})  # not published

    with translation.override("zh-hans"):
        text = printed(roster, is_published=True)

    assert "王小明 Müller" in text
    assert "第 1 次发布" in text
    assert "Night 22:00–07:00" in text
    assert "第 1 页，共 1 页" in text
    assert text.split().count("D") == 2  # one worked, one in the legend


def test_what_is_uncovered_stands_below_the_people() -> None:
    roster = make_roster(make_department(), days=2)
    assign(roster, {("P0", 0): DAY, ("P1", 0): NIGHT, ("P0", 1): DAY})

    made = export_of(
        roster, ending="pdf", person=None, is_published=False, tells_gaps=True
    )

    lines = [line for line in pdf_text(made.content).splitlines() if "Uncov" in line]
    assert [line.split() for line in lines] == [["Uncovered:", "N", "−1"]]


def test_a_working_copy_says_so() -> None:
    text = printed(make_roster(make_department()), is_published=False, paper="a3")

    assert "Working copy, version 1: not published" in text


def test_a_long_ward_takes_pages_with_their_heads_repeated_at_once() -> None:
    roster = large(people=60, days=56)
    started = time.monotonic()

    made = export_of(roster, ending="pdf", person=None, is_published=False)
    spent_s = time.monotonic() - started

    pages = pdf_text(made.content).split("\f")[:-1]
    assert len(pages) == 3 * 2  # three groups of people, twice four weeks
    assert all("大病房 June" in page and "Day 07:00–15:00" in page for page in pages)
    assert "Person 59" in pages[2]
    assert "Page 6 of 6" in pages[5]
    assert spent_s < 3  # it is made while somebody waits


@pytest.mark.parametrize(
    ("paper", "people", "message"),
    [
        ("a9", 3, "There is paper in the sizes a4, a3."),
        ("a4", 900, "take the workbook"),
    ],
)
def test_paper_that_cannot_be_is_refused(paper: str, people: int, message: str) -> None:
    roster = large(people=people, days=56)

    with pytest.raises(InvalidInput, match=message):
        export_of(roster, ending="pdf", person=None, is_published=False, paper=paper)
