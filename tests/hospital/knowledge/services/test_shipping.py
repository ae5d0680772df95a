import shutil
from pathlib import Path

import pytest
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.knowledge.models import Entry
from hospital.knowledge.reading.files import read_file
from hospital.knowledge.reading.incoming import Flaw
from hospital.knowledge.services.reviewing import REVIEW_HOLDS
from hospital.knowledge.services.shipping import (
    FOLDER,
    keep_shipped_library,
    shipped_library_is_current,
)
from tests.rows import make_person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for topic in ("cough", "asthma"):
        shutil.copytree(FOLDER / topic, tmp_path / topic)
    return tmp_path


def test_every_file_that_is_shipped_can_be_kept() -> None:
    entries = list(read_file(FOLDER, lambda share: None))

    assert len(entries) >= 160
    assert [one for one in entries if isinstance(one, Flaw)] == []


@pytest.mark.django_db
def test_the_shipped_library_follows_its_files_and_spares_edits(folder: Path) -> None:
    assert not shipped_library_is_current(folder)
    assert keep_shipped_library(folder).created == 4
    assert shipped_library_is_current(folder)
    Entry.objects.filter(external_id="cough", lang="en").update(edited=timezone.now())
    for lang in ("en", "zh"):
        path = folder / "cough" / f"{lang}.md"
        path.write_text(path.read_text().replace('licence = "', 'licence = "Now: '))
    shutil.rmtree(folder / "asthma")
    assert not shipped_library_is_current(folder)

    tally = keep_shipped_library(folder)

    assert (tally.updated, tally.left_aside) == (1, 1)
    assert shipped_library_is_current(folder)
    versions = Entry.objects.filter(external_id="cough").order_by("lang")
    assert [entry.version for entry in versions] == [1, 2]
    asthma = Entry.objects.filter(external_id="asthma")
    assert {entry.state for entry in asthma} == {"retired"}


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_retires_nothing(folder: Path) -> None:
    keep_shipped_library(folder)
    (folder / "cough" / "en.md").write_text("+++")

    tally = keep_shipped_library(folder)

    assert [flaw.code for flaw in tally.quarantined] == ["bad_document"]
    assert not Entry.objects.filter(state="retired").exists()


@pytest.mark.django_db
def test_what_nobody_here_reviewed_is_quoted_for_two_years_from_its_writing(
    folder: Path,
) -> None:
    keep_shipped_library(folder)
    signed = Entry.objects.filter(external_id="cough", lang="en")
    signed.update(expires=None, reviewer=make_person(Role.CLINICIAN))
    Entry.objects.filter(external_id="cough", lang="zh").update(expires=None)
    assert not shipped_library_is_current(folder)

    keep_shipped_library(folder)

    assert shipped_library_is_current(folder)
    assert signed.get().expires is None
    others = Entry.objects.filter(reviewer=None)
    assert others.count() == 3
    assert {one.expires - one.written for one in others} == {REVIEW_HOLDS}
