"""Labels leave as files and come back: manifest, CSV, COCO, DICOM SR and SEG."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pydicom import Dataset, dcmread
from pydicom.uid import ComprehensiveSRStorage, SegmentationStorage

from diagnosis.label_sentences import told_flaw
from diagnosis.labelling.regions import count, pixels_of, region
from diagnosis.models import Instance, Label, LabelExport, LabelImport, Marks, Study
from diagnosis.selectors.labelling import (
    label_exports_visible_to,
    label_imports_visible_to,
)
from diagnosis.services.label_exports import start_export
from diagnosis.services.label_files import text_file
from diagnosis.services.label_imports import apply_import, keep_import
from diagnosis.services.labels import labelled_rows
from diagnosis.services.sweep import named_digests
from diagnosis.training.manifest import read_manifest
from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, NotPermitted
from tests.diagnosis.dicom.synthetic import ct_slice
from tests.diagnosis.labels import Labelling, box_on, make_labelling, say
from tests.jobs import run_here
from tests.rows import make_person, make_principal, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelling() -> Labelling:
    return make_labelling()


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR)


@pytest.fixture
def study(labelling: Labelling) -> Study:
    """A study with a box on its slice, on which both readers agree."""
    study = make_study(labelling.department)
    attributes = ct_slice(StudyInstanceUID=study.study_instance_uid).to_json_dict()
    del attributes["7FE00010"]
    Instance.objects.filter(series__study=study).update(attributes=attributes)
    say(labelling, labelling.first, "COVID", box_on(study, 4, 4, 20.5, 16))
    say(labelling, labelling.second, "COVID", box_on(study, 5, 4, 21, 16))
    return study


def brought_in(
    labelling: Labelling, content: str, by: User, name: str = "labels.csv"
) -> LabelImport:
    return keep_import(
        project=labelling.project, author=by, name=name, content=content.encode()
    )


def test_the_manifest_is_one_that_training_reads(
    labelling: Labelling, study: Study, tmp_path: Path
) -> None:
    disputed = make_study(labelling.department)
    say(labelling, labelling.first, "COVID")
    say(labelling, labelling.second, "NonCOVID")
    rows = list(labelled_rows(labelling.project))
    (tmp_path / rows[0].path).parent.mkdir(parents=True)
    (tmp_path / rows[0].path).touch()
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(text_file(labelling.project, "manifest").text)

    images = read_manifest(manifest, root=tmp_path)

    assert disputed.study_instance_uid not in manifest.read_text()
    assert [(image.label, image.source) for image in images] == [
        ("COVID", labelling.department.code)
    ]


def test_the_command_writes_a_projects_manifest_or_says_there_is_none(
    labelling: Labelling, study: Study, tmp_path: Path
) -> None:
    out = tmp_path / "manifest.csv"
    project = str(labelling.project.id)

    call_command("export_labels", out=str(out), project=project)

    downloaded = text_file(labelling.project, "manifest").text
    assert out.read_text().splitlines() == downloaded.splitlines()
    with pytest.raises(SystemExit):
        call_command("export_labels", out=str(out), project="nonsense")


@pytest.mark.parametrize(
    ("form", "name"), [("table", "labels.csv"), ("coco", "labels.json")]
)
def test_what_went_out_comes_in_elsewhere_just_so(
    labelling: Labelling, study: Study, administrator: User, form: str, name: str
) -> None:
    sent = text_file(labelling.project, form).text
    again = brought_in(labelling, sent, administrator, name)
    assert apply_import(kept=again, author=administrator) == 0
    changed = sent.replace("COVID", "NonCOVID").replace("NonNonCOVID", "NonCOVID")
    if form == "coco":
        document = json.loads(sent)
        for one in document["study_labels"]:
            one["category_id"] = 2
        changed = json.dumps(document)

    kept = brought_in(labelling, changed, administrator, name)
    taken = apply_import(kept=kept, author=administrator)

    assert taken == 2
    newest = Label.objects.filter(superseded_by=None)
    assert {label.answer for label in newest} == {"NonCOVID"}
    assert {label.imported_by for label in newest} == {administrator}
    assert {label.author for label in newest} == {labelling.first, labelling.second}
    assert sorted(m.points for label in newest for m in label.marks.all()) == [
        [[4, 4], [20.5, 16]],
        [[5, 4], [21, 16]],
    ]
    with pytest.raises(Conflict):
        apply_import(kept=kept, author=administrator)


def test_a_file_with_a_flaw_is_told_by_line_and_nothing_of_it_kept(
    labelling: Labelling, study: Study, administrator: User
) -> None:
    uid, before = study.study_instance_uid, Label.objects.count()
    content = "\n".join(
        [
            "study_instance_uid,reader,label_name,marks",
            f"{uid},{labelling.first.username},NonCOVID,",
            f"{uid},nobody,COVID,",
            f"2.25.9,{labelling.first.username},COVID,",
            f"{uid},{labelling.second.username},Fracture,",
            f"{uid},{labelling.second.username},COVID,",
            f"{uid},,COVID,",
            ",x,COVID,",
        ]
    )

    kept = brought_in(labelling, content, administrator)

    told = [told_flaw(flaw) for flaw in kept.flaws]
    assert [(one.place, one.code) for one in told] == [
        ("line 3", "unknown_reader"),
        ("line 4", "unknown_study"),
        ("line 5", "unknown_label"),
        ("line 6", "twice"),
        ("line 7", "no_reader"),
        ("line 8", "empty"),
    ]
    assert "nobody is not named in this project" in told[0].told
    with pytest.raises(Conflict):
        apply_import(kept=kept, author=administrator)
    assert (kept.rows, Label.objects.count()) == ([], before)


def test_who_read_since_a_file_was_looked_over_leaves_it_no_room(
    administrator: User,
) -> None:
    labelling = make_labelling(readers=1)
    study = make_study(labelling.department)
    uid, reader = study.study_instance_uid, labelling.second.username
    content = f"study_instance_uid,reader,label_name\n{uid},{reader},NonCOVID\n"
    kept = brought_in(labelling, content, administrator)
    said = say(labelling, labelling.first, "COVID")

    with pytest.raises(Conflict, match="send the file again"):
        apply_import(kept=kept, author=administrator)

    assert (kept.flaws, list(Label.objects.all())) == ([], [said])


def test_a_third_reader_and_a_mark_beyond_its_image_do_not_come_in(
    administrator: User,
) -> None:
    labelling = make_labelling(readers=1)
    study = make_study(labelling.department)
    say(labelling, labelling.first, "COVID")
    mark = box_on(study, 0, 0, 600, 9)
    marks = [
        {
            "kind": "box",
            "label_name": "COVID",
            "sop_instance_uid": mark.sop_instance_uid,
            "points": [[0, 0], [600, 9]],
        }
    ]
    cell = json.dumps(marks).replace('"', '""')
    content = (
        "study_instance_uid,reader,label_name,marks\n"
        f'{study.study_instance_uid},{labelling.second.username},COVID,"{cell}"\n'
    )

    kept = brought_in(labelling, content, administrator)

    assert [flaw["code"] for flaw in kept.flaws] == [
        "region_outside",
        "too_many_readers",
    ]


def test_only_administrators_take_out_and_bring_in(
    labelling: Labelling, administrator: User
) -> None:
    with pytest.raises(NotPermitted):
        brought_in(labelling, "", labelling.manager)
    with pytest.raises(NotPermitted):
        start_export(project=labelling.project, form="coco", owner=labelling.first)
    kept = brought_in(labelling, "", administrator)
    row, _job = start_export(
        project=labelling.project, form="coco", owner=administrator
    )

    boss = make_principal(Role.ADMINISTRATOR)
    reader = make_principal(Role.CLINICIAN, labelling.department)

    assert list(label_imports_visible_to(boss)) == [kept]
    assert list(label_exports_visible_to(boss)) == [row]
    assert not label_imports_visible_to(reader).exists()
    assert not label_exports_visible_to(reader).exists()


@pytest.mark.parametrize("form", ["report", "segmentation"])
def test_a_job_writes_dicom_that_pydicom_and_checkers_read(
    labelling: Labelling,
    study: Study,
    administrator: User,
    client: Client,
    tmp_path: Path,
    form: str,
) -> None:
    row, job = start_export(project=labelling.project, form=form, owner=administrator)
    run_here(job)
    row = LabelExport.objects.get(id=row.id)
    assert row.digest
    client.force_login(administrator)

    answer = client.get(f"/labelling/exports/{row.id}/")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        (name,) = archive.namelist()
        path = Path(archive.extract(name, tmp_path))
    made = dcmread(path)
    assert made.StudyInstanceUID == study.study_instance_uid
    assert made.PatientID == "P-1"
    (check_report if form == "report" else check_masks)(made, study)
    assert errors_of("dciodvfy", path) == []
    coming_in = check_coming_in if form == "report" else check_masks_coming_in
    coming_in(labelling, administrator, answer.content)
    if form == "report" and shutil.which("dsrdump"):
        subprocess.run(["dsrdump", str(path)], check=True, capture_output=True)
    assert named_digests([row.digest]) == {row.digest}


def check_report(made: Dataset, study: Study) -> None:
    assert made.SOPClassUID == ComprehensiveSRStorage
    told = {
        item.ConceptNameCodeSequence[0].CodeMeaning: item
        for item in made.ContentSequence
    }
    answer = told["Qualitative Evaluations"].ContentSequence[0]
    assert answer.ConceptCodeSequence[0].CodeMeaning == "COVID"
    group = told["Imaging Measurements"].ContentSequence[0].ContentSequence
    outline = next(item for item in group if item.ValueType == "SCOORD")
    assert list(outline.GraphicData) == [4, 4, 20.5, 4, 20.5, 16, 4, 16, 4, 4]
    shown = outline.ContentSequence[0].ReferencedSOPSequence[0]
    image = study.series.get().instances.get()
    assert shown.ReferencedSOPInstanceUID == image.sop_instance_uid
    area = next(item for item in group if item.ValueType == "NUM")
    assert area.MeasuredValueSequence[0].NumericValue == 16.5 * 12 * 0.5 * 0.75


def check_coming_in(labelling: Labelling, by: User, archive: bytes) -> None:
    """A ZIP of reports brings just what was said; other files are told by number."""
    spoiled = io.BytesIO(archive)
    with zipfile.ZipFile(spoiled, "a") as further:
        further.writestr("notes.txt", "no report")
    sent = {"project": labelling.project, "author": by, "name": "reports.zip"}

    kept = keep_import(**sent, content=archive)
    kept.refresh_from_db()
    refused = keep_import(**sent, content=spoiled.getvalue())

    (row,) = kept.rows
    assert (row["reader"], row["answer"]) == (labelling.first.username, "COVID")
    assert [(m["kind"], m["points"]) for m in row["marks"]] == [
        ("box", [[4, 4], [20.5, 16]])
    ]
    assert apply_import(kept=kept, author=by) == 0  # it is there already, just so
    assert [told_flaw(flaw).place for flaw in refused.flaws] == ["report 2"]


def check_masks_coming_in(labelling: Labelling, by: User, archive: bytes) -> None:
    """A ZIP of segmentations brings the pixels of what was marked, and the answer."""
    sent = {"project": labelling.project, "author": by, "name": "masks.zip"}

    kept = keep_import(**sent, content=archive)
    kept.refresh_from_db()

    (row,) = kept.rows
    assert (row["reader"], row["answer"]) == (labelling.first.username, "COVID")
    assert [(m["kind"], m["points"]) for m in row["marks"]] == [
        ("box", [[4, 4], [20, 16]])  # the edge within a pixel lies at the pixel's own
    ]
    assert apply_import(kept=kept, author=by) == 1


def check_masks(made: Dataset, study: Study) -> None:
    assert made.SOPClassUID == SegmentationStorage
    assert [one.SegmentLabel for one in made.SegmentSequence] == ["COVID"]
    mask = made.pixel_array
    box = region("box", [(4, 4), (20.5, 16)], rows=512, columns=512)
    assert mask.shape == (512, 512)
    assert mask.sum() == count(pixels_of([box])) == mask[4:16, 4:20].sum()
    assert list(
        made.PerFrameFunctionalGroupsSequence[0]
        .PlanePositionSequence[0]
        .ImagePositionPatient
    ) == [0, 0, 5]


def errors_of(checker: str, path: Path) -> list[str]:
    """Return what a checker of the machine finds wrong; nothing where there is none."""
    if not shutil.which(checker):
        return []
    done = subprocess.run(
        [checker, "-new", str(path)], check=False, capture_output=True, text=True
    )
    lines = [*done.stderr.splitlines(), *done.stdout.splitlines()]
    return [line for line in lines if line.startswith("Error")]


def test_a_project_of_studies_alone_takes_no_marks_in(administrator: User) -> None:
    labelling = make_labelling(marks=Marks.STUDY)
    study = make_study(labelling.department)
    mark = box_on(study, 1, 1, 9, 9)
    document = {
        "categories": [{"id": 1, "name": "COVID"}],
        "images": [
            {
                "id": 1,
                "study_instance_uid": study.study_instance_uid,
                "sop_instance_uid": mark.sop_instance_uid,
            }
        ],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 1, 8, 8]}],
    }

    kept = keep_import(
        project=labelling.project,
        author=administrator,
        name="x.json",
        content=json.dumps(document).encode(),
        reader=labelling.first.username,
    )

    assert [flaw["code"] for flaw in kept.flaws] == ["no_marks"]
