"""Segmentations of other creators come in as labels, or say why they do not."""

import io
import zipfile
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from diagnosis.label_sentences import told_flaw
from diagnosis.models import Instance, LabelImport, Study
from diagnosis.services import label_objects
from diagnosis.services.label_imports import apply_import, keep_import
from hospital.accounts.models import Role, User
from tests.diagnosis.dicom.segmentations import foreign_segmentation
from tests.diagnosis.dicom.synthetic import ct_slice, saved
from tests.diagnosis.labels import Labelling, make_labelling
from tests.rows import make_person, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelling() -> Labelling:
    return make_labelling()


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR)


@pytest.fixture
def study(labelling: Labelling) -> Study:
    return make_study(labelling.department)


def mask_of(
    study: Study, *, side: int = 512, segments: tuple[int, ...] = (1,)
) -> Dataset:
    """Return a foreign segmentation: a frame for each segment on the study's image."""
    masks = np.zeros((len(segments), side, side), np.uint8)
    masks[:, 4:9, 10:30] = 1
    image = study.series.get().instances.get().sop_instance_uid
    made = foreign_segmentation(
        masks, segments=list(segments), images=[image] * len(segments)
    )
    made.StudyInstanceUID = study.study_instance_uid
    return made


def brought_in(
    labelling: Labelling, by: User, folder: Path, *objects: Dataset
) -> LabelImport:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for number, made in enumerate(objects):
            packed.write(saved(made, folder / f"{number}.dcm"), f"{number}.dcm")
    return keep_import(
        project=labelling.project,
        author=by,
        name="masks.zip",
        content=archive.getvalue(),
        reader=labelling.first.username,
    )


def test_masks_of_elsewhere_become_one_label_of_whom_the_administrator_names(
    labelling: Labelling, study: Study, administrator: User, tmp_path: Path
) -> None:
    further = mask_of(study)
    further.PixelData = np.packbits(
        np.eye(512, dtype=np.uint8).ravel(), bitorder="little"
    ).tobytes()

    kept = brought_in(labelling, administrator, tmp_path, mask_of(study), further)

    assert kept.flaws == []
    kept.refresh_from_db()
    (row,) = kept.rows
    assert (row["reader"], row["answer"]) == (labelling.first.username, "COVID")
    assert row["marks"][0]["points"] == [[10, 4], [30, 9]]
    assert len(row["marks"]) == 1 + 512
    assert apply_import(kept=kept, author=administrator) == 1


def test_what_is_wrong_is_told_by_segmentation(
    labelling: Labelling, study: Study, administrator: User, tmp_path: Path
) -> None:
    stranger, unlike, empty = mask_of(study), mask_of(study, side=64), mask_of(study)
    stranger.StudyInstanceUID = "2.25.9"
    unlike.ContentCreatorName = "Roe^Jane"
    empty.PixelData = bytes(len(empty.PixelData))
    several = mask_of(study, segments=(1, 2))
    several.ContentCreatorName = "Poe^Ann"

    kept = brought_in(
        labelling, administrator, tmp_path, stranger, unlike, empty, several
    )

    told = [told_flaw(flaw) for flaw in kept.flaws]
    assert {(one.place, one.code) for one in told} == {
        ("segmentation 1", "unknown_study"),
        ("segmentation 2", "region_size"),
        ("segmentation 3", "no_frames"),
        ("segmentation 4", "several_answers"),
    }
    assert kept.rows == []


def test_a_mask_in_another_plane_than_its_image_is_refused(
    labelling: Labelling, study: Study, administrator: User, tmp_path: Path
) -> None:
    attributes = ct_slice().to_json_dict()
    del attributes["7FE00010"]
    Instance.objects.filter(series__study=study).update(attributes=attributes)
    same = mask_of(study)
    position, orientation, shared = Dataset(), Dataset(), Dataset()
    position.ImagePositionPatient = [0, 0, 5.01]
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    shared.PlaneOrientationSequence = [orientation]
    same.SharedFunctionalGroupsSequence = [shared]
    same.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence = [position]
    turned = deepcopy(same)
    flipped = turned.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0]
    flipped.ImageOrientationPatient = [-1, 0, 0, 0, 1, 0]

    kept = brought_in(labelling, administrator, tmp_path, same)
    refused = brought_in(labelling, administrator, tmp_path, turned)

    assert kept.flaws == []
    assert [told_flaw(flaw).code for flaw in refused.flaws] == ["region_plane"]


def test_reading_ends_when_its_time_is_up(
    labelling: Labelling,
    study: Study,
    administrator: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_objects, "MOST_SECONDS", 0.0)

    kept = brought_in(labelling, administrator, tmp_path, mask_of(study))

    assert [told_flaw(flaw).code for flaw in kept.flaws] == ["too_slow"]
