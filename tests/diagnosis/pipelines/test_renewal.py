"""From signed reports to a candidate in shadow, each step a job."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from diagnosis.evaluation.changes import CHANGES
from diagnosis.evaluation.kept import data_check_of, evaluation_of
from diagnosis.files import store_bytes
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.store import load_entry
from diagnosis.models import (
    LabelProject,
    ModelActivation,
    ModelEvaluation,
    ModelRenewal,
    Study,
    VerdictKind,
)
from diagnosis.renewals import newest_renewal
from diagnosis.services.activation import activate_model
from diagnosis.services.label_projects import close_label_project
from diagnosis.services.renewal import (
    STEPS,
    enqueue_step,
    images_root,
    jobs_of,
    start_renewal,
)
from diagnosis.services.shadow import running_shadow
from diagnosis.training.manifest import read_manifest
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_for
from hospital.core.errors import Conflict, InvalidInput
from hospital.jobs.models import Job, JobState
from hospital.jobs.runner import run_job
from hospital.records.models import Patient
from tests.diagnosis.labels import make_labelling, say
from tests.rows import (
    make_department,
    make_finding,
    make_person,
    make_principal,
    make_report,
    make_study,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENTS, SIDE = 48, 72  # of whom five fall into the test split: a group to tell of
GATE = """
[[conditions]]
figure = "figures.n"
at_least = 1000

[[conditions]]
figure = "figures.ece"
at_most = 1.0

[comparison]
not_worse_by = 0.9
"""
KIDNEYS = """
title = "Kidney CT slice classifier"
notice = "Research use only."
reads = "axial kidney CT slice"

[aggregation]
max_slices = 16

[limits]
min_side = 48

[[rules]]
code = "kidney_not_named"
fact = "region"
check = "mentions_one_of"
values = ["KIDNEY"]
sentence = "Nothing in the series says that it shows a kidney."
"""
KIDNEY_RECIPE = """
[network]
slices = 3

[training]
batch_size = 8
optimizer = "sgd"
"""


@pytest.fixture
def administrator() -> User:
    return make_person(Role.ADMINISTRATOR)


@pytest.fixture
def active(model_store: Path, settings: LazySettings) -> ModelActivation:
    (model_store / "tiny" / "gate.toml").write_text(GATE)
    return activate_model(name="tiny", version="1", activated_by=None, note="first")


@pytest.fixture
def of_kidneys(active: ModelActivation, model_store: Path) -> ModelActivation:
    """A model with a recipe, a title and rules of its own is in service."""
    from tests.diagnosis.inference.entries import (  # noqa: PLC0415 (loads torch)
        write_tiny_entry,
    )

    write_tiny_entry(
        model_store, version="kidneys", template=KIDNEYS, recipe=KIDNEY_RECIPE
    )
    return activate_model(
        name="tiny", version="kidneys", activated_by=None, note="to begin with"
    )


def signed_study(number: int, reader: User, department: object) -> Study:
    """Make a study whose report says what its picture shows: bright, or dark.

    The patient's id decides the split; of these each split gets both kinds.
    """
    is_found = number % 2 == 0
    grey = np.random.default_rng(number).integers(0, 80, (SIDE, SIDE))
    buffer = io.BytesIO()
    Image.fromarray((grey + 150 * is_found).astype(np.uint8)).save(buffer, "PNG")
    patient = Patient.objects.create(pk=UUID(int=number))
    study = make_study(department, patient=patient)
    instance = study.series.get().instances.get()
    instance.digest, instance.media_type = store_bytes(buffer.getvalue()), "image/png"
    instance.save()
    finding = make_finding(study)
    finding.verdicts.create(
        reader=reader,
        verdict=VerdictKind.ACCEPTED if is_found else VerdictKind.CORRECTED,
        label="" if is_found else "NonCOVID",
    )
    make_report(study, reader, is_signed=True)
    return study


def run_all() -> None:
    while job := Job.objects.filter(state=JobState.QUEUED, kind__in=STEPS).first():
        run_job(job.id)


def test_signed_reports_become_a_candidate_in_shadow(
    of_kidneys: ModelActivation,
    administrator: User,
    model_store: Path,
    client: Client,
) -> None:
    department = make_department("radiology")
    reader = make_person(Role.CLINICIAN, department)
    for number in range(PATIENTS):
        signed_study(number, reader, department)

    renewal = start_renewal(started_by=administrator, epochs=1)
    with pytest.raises(Conflict, match="let it end first"):
        start_renewal(started_by=administrator)
    run_all()

    jobs = jobs_of(renewal)
    assert [(job.kind, job.state, job.error) for job in jobs] == [
        (kind, JobState.SUCCEEDED, "") for kind in STEPS
    ]
    assert jobs[0].result == {"labels": PATIENTS}
    assert jobs[3].result == {"holds": 2, "conditions": 3}
    evaluation = ModelEvaluation.objects.get()
    assert (str(evaluation), evaluation.against) == ("tiny/3", "tiny/kidneys")
    assert len(evaluation.comparison["ci95"]) == 2
    assert not (images_root() / str(renewal.id)).exists()  # patients' images lay there
    entry = load_entry(model_store, "tiny", "3")
    measured = evaluation_of(model_store, entry)
    assert measured is not None
    assert is_whole(measured, evaluation)
    client.force_login(administrator)
    page = client.get("/models/tiny/3/evaluation/").content.decode()
    for shown_there in (
        "tiny/3 on signed reports, split test:",
        "Without the lungs",
        "Images that differ as scanners do",
        "What the maps are worth",
        "Source: radiology",
        "Beside tiny/kidneys",
    ):
        assert shown_there in page
    assert learned_as_its_forerunner(entry)
    found = data_check_of(model_store, entry)
    assert found is not None
    assert (found["data"], found["images"]) == ("signed reports", PATIENTS)
    shadow = running_shadow()
    assert shadow is not None
    assert shadow.digest == ModelRenewal.objects.get().digest
    assert str(ModelActivation.objects.latest()) == "tiny/kidneys"  # a person decides
    made = activate_model(
        name="tiny", version="3", activated_by=administrator, note="yes"
    )
    assert made.is_override
    assert [(each["figure"], each["holds"]) for each in made.gate] == [
        ("figures.n", False),  # a handful of patients, measured
        ("figures.ece", True),
        ("comparison", True),
    ]
    assert made.gate[0]["found"] == entry.metrics["figures"]["n"]
    shown = newest_renewal(principal_for(administrator))
    assert shown is not None
    assert {step.state for step in shown.steps} == {"succeeded"}


def is_whole(measured: Mapping[str, Any], evaluation: ModelEvaluation) -> bool:
    """Return whether what is kept has every part, on the images that were compared."""
    assert measured["figures"] == evaluation.figures
    assert measured["comparison"] == {
        "against": "tiny/kidneys",
        "against_digest": evaluation.against_digest,
        **evaluation.comparison,
    }
    assert measured["data_digest"] == evaluation.data_digest
    assert len(measured["covered"]["own_ci95"]) == 2
    assert [each["change"] for each in measured["changes"]] == list(CHANGES)
    assert measured["maps"]["n"] == measured["n"]
    assert ("source", "radiology", measured["n"]) in {
        (each["by"], each["name"], each["n"]) for each in measured["parts"]
    }
    return True


def learned_as_its_forerunner(entry: ModelEntry) -> bool:
    """Return whether network, learning, words, limits and rules are of the recipe."""
    facts = entry.metrics["training"]
    assert isinstance(facts, dict)
    config = facts["config"]
    assert (entry.shape.architecture, entry.shape.slices) == ("slice-residual", 3)
    assert (config["optimizer"], config["batch_size"], config["epochs"]) == (
        "sgd",
        8,
        1,
    )
    assert (entry.folder / "training.toml").read_text() == KIDNEY_RECIPE
    assert (entry.title, entry.limits.min_side) == ("Kidney CT slice classifier", 48)
    codes = {rule.code for rule in entry.rules}
    assert "kidney_not_named" in codes
    assert "chest_not_named" not in codes
    assert "one axial kidney CT slice" in entry.card
    return True


def test_labels_of_a_closed_project_are_learned_from_in_the_place_of_reports(
    active: ModelActivation, administrator: User
) -> None:
    labelling = make_labelling(readers=1)
    said = [
        (signed_study(number, labelling.first, labelling.department), answer)
        for number, answer in ((0, "NonCOVID"), (1, "NonCOVID"))
    ]
    for _study, answer in said:
        say(labelling, labelling.second, answer)
    signed_study(2, labelling.first, labelling.department)
    with pytest.raises(InvalidInput, match="is no closed project"):
        start_renewal(started_by=administrator, projects=[labelling.project])
    project = close_label_project(
        project=labelling.project, author=labelling.manager, is_closed=True
    )

    renewal = start_renewal(started_by=administrator, epochs=1, projects=[project])
    run_job(jobs_of(renewal)[0].id)

    exported = jobs_of(renewal)[0]
    assert (exported.state, exported.result) == (JobState.SUCCEEDED, {"labels": 3})
    rows = read_manifest(
        images_root() / str(renewal.id) / "manifest.csv",
        root=images_root() / str(renewal.id),
        is_strict=False,
    )
    assert sorted(row.label for row in rows) == ["COVID", "NonCOVID", "NonCOVID"]


def test_a_project_of_other_labels_is_refused(
    active: ModelActivation, administrator: User
) -> None:
    project = make_labelling(readers=1).project
    LabelProject.objects.filter(id=project.id).update(
        labels=["stone", "none"], closed=timezone.now()
    )
    project.refresh_from_db()

    with pytest.raises(InvalidInput) as refused:
        start_renewal(started_by=administrator, projects=[project])

    assert refused.value.code == "unfit_project"
    assert "COVID, NonCOVID" in str(refused.value.message)
    assert not ModelRenewal.objects.exists()


def test_an_administrator_chooses_among_closed_projects_on_the_page(
    active: ModelActivation, administrator: User, client: Client
) -> None:
    labelling = make_labelling(readers=1)
    client.force_login(administrator)
    page = "/models/monitoring/"
    before = client.get(page).content.decode()
    chosen = {"projects": [str(labelling.project.id)]}
    client.post("/models/renewals/", chosen)
    assert not ModelRenewal.objects.exists()  # it is open
    close_label_project(
        project=labelling.project, author=labelling.manager, is_closed=True
    )

    after = client.get(page).content.decode()
    client.post("/models/renewals/", chosen)

    assert "Viral pneumonia" not in before
    assert "Viral pneumonia" in after
    assert Job.objects.get(kind=STEPS[0]).payload["projects"] == chosen["projects"]


def test_a_page_says_why_two_models_could_not_be_compared(
    active: ModelActivation, administrator: User
) -> None:
    renewal = start_renewal(started_by=administrator)
    measured = enqueue_step(renewal, "diagnosis.evaluate_model", payload={})
    Job.objects.filter(id=measured.id).update(
        state=JobState.SUCCEEDED,
        result={"auroc": None, "against_auroc": None, "n": 7, "labels": ["COVID"]},
    )

    shown = newest_renewal(principal_for(administrator))

    assert shown is not None
    assert shown.steps[2].words == "No comparison"
    assert [step.opens for step in shown.steps] == [True, False, True, *[False] * 3]
    nobodys = newest_renewal(make_principal(Role.MANAGER, make_department()))
    assert nobodys is not None
    assert nobodys.steps[2].words == "No comparison"
    assert not any(step.opens for step in nobodys.steps)
    assert "7 images held out show COVID alone" in shown.not_compared


def test_too_few_labels_end_in_words(
    active: ModelActivation, administrator: User
) -> None:
    start_renewal(started_by=administrator, epochs=1)

    run_all()

    shown = newest_renewal(principal_for(administrator))
    assert shown is not None
    assert [step.state for step in shown.steps[:3]] == [
        "succeeded",
        "failed",
        "waiting",
    ]
    assert "do not suffice to learn from" in shown.steps[1].words


def test_why_a_step_failed_is_told_in_the_language_of_who_asked(
    active: ModelActivation, administrator: User, client: Client
) -> None:
    with override("zh-hans"):
        start_renewal(started_by=administrator, epochs=1)

    run_all()

    client.force_login(administrator)
    page = client.get("/models/monitoring/", headers={"accept-language": "zh-hans"})
    assert "标注不足，无法学习：manifest.csv 没有任何行" in page.content.decode()


def test_a_network_that_answers_otherwise_once_exported_is_told_as_that(
    active: ModelActivation,
    administrator: User,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("diagnosis.training.engine_files.MAX_EXPORT_SHIFT", -1.0)
    department = make_department("radiology")
    for number in range(PATIENTS):
        signed_study(number, administrator, department)
    with override("zh-hans"):
        renewal = start_renewal(started_by=administrator, epochs=1)

    run_all()

    client.force_login(administrator)
    page = client.get("/models/monitoring/", headers={"accept-language": "zh-hans"})
    assert "导出为 ONNX 的网络与所学网络的回答不同" in page.content.decode()
    assert "标注不足" not in page.content.decode()
    assert not ModelRenewal.objects.get(id=renewal.id).digest
