"""The models page: cards, trouble in words, and who may put what into service."""

from pathlib import Path

import pytest
from django.test import Client

from diagnosis.evaluation.kept import DATA, keep_beside
from diagnosis.evaluation.measure import curves_of
from diagnosis.inference.store import load_entry
from diagnosis.models import ModelActivation
from diagnosis.services.activation import activate_model
from hospital.accounts.models import Role
from hospital.jobs.models import Job, JobState
from tests.diagnosis.evaluation.test_curves import ANSWERS
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db


def signed_in(client: Client, role: Role) -> Client:
    client.force_login(make_person(role, make_department()))
    return client


def test_every_model_is_listed_with_its_notice(
    client: Client, model_store: Path
) -> None:
    activate_model(name="tiny", version="2", activated_by=None)

    page = signed_in(client, Role.NURSE).get("/models/").content.decode()

    assert 'id="tiny-1"' in page
    assert 'id="tiny-2"' in page
    assert page.count("In service") == 1
    assert "Research use only" in page
    assert "into service</" not in page  # a nurse has no button


def test_a_damaged_model_says_that_it_does_not_start(
    client: Client, model_store: Path
) -> None:
    (model_store / "tiny" / "1" / "model.onnx").write_bytes(b"other weights")

    client = signed_in(client, Role.CLINICIAN)
    page = client.get("/models/").content.decode()
    card = client.get("/models/tiny/1/").content.decode()

    for text in (page, card):
        assert "This model does not start" in text
        assert "model.onnx" in text


def test_what_stops_a_model_is_told_in_the_language_of_the_page(
    client: Client, model_store: Path
) -> None:
    (model_store / "tiny" / "1" / "model.onnx").write_bytes(b"other weights")
    signed_in(client, Role.CLINICIAN)

    for place in ("/models/", "/models/tiny/1/"):
        page = client.get(place, headers={"accept-language": "zh-hans"})

        text = page.content.decode()
        assert "tiny/1 的文件 model.onnx 与封存时的不同" in text
        assert "was sealed" not in text


def test_the_page_says_which_answers_are_calibrated(
    client: Client, model_store: Path
) -> None:
    calibration = """{"temperature": 2.0, "grey_low": 0.5, "grey_high": 0.5,
        "is_calibrated": true, "series": {"temperature": 3.0, "grey_low": 0.5,
        "grey_high": 0.5, "is_calibrated": true, "fitted_on": 44, "conformal":
        {"coverage": 0.9, "limit": 0.7, "achieved": 0.9, "patients": 42}}}"""
    from tests.diagnosis.inference.entries import (  # noqa: PLC0415 (loads torch)
        write_tiny_entry,
    )

    write_tiny_entry(model_store, version="9", calibration=calibration)
    signed_in(client, Role.CLINICIAN)

    answers = [told_of_answers(client, version) for version in ("1", "9")]

    assert answers[0] == ["Calibrated", "Not calibrated"]
    assert answers[1] == ["Calibrated", "Calibrated on 44 series of 42 patients"]


def told_of_answers(client: Client, version: str) -> list[str]:
    page = client.get(f"/models/tiny/{version}/").content.decode()
    return [
        page.split(f"<dt>Answers for {kind}</dt><dd>")[1].split("</dd>")[0].strip()
        for kind in ("single slices", "whole series")
    ]


def test_the_card_is_rendered_without_its_scripts(
    client: Client, model_store: Path
) -> None:
    page = signed_in(client, Role.CLINICIAN).get("/models/tiny/1/").content.decode()

    assert "<h1>Tiny</h1>" in page
    assert "Research use only." in page


def test_an_administrator_activates_and_rolls_back(
    client: Client, model_store: Path
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    client = signed_in(client, Role.ADMINISTRATOR)

    client.post("/models/tiny/2/activation/", {"note": "Better."})
    after_activation = str(ModelActivation.objects.latest())
    client.post("/models/rollback/")

    assert after_activation == "tiny/2"
    rows = ModelActivation.objects.order_by("created")
    assert [str(row) for row in rows] == ["tiny/1", "tiny/2", "tiny/1"]
    assert rows[1].note == "Better."
    assert rows[2].note == "Rolled back."


def test_a_model_that_misses_its_gate_is_put_into_service_only_with_a_reason(
    client: Client, model_store: Path
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    gate = model_store / "tiny" / "gate.toml"
    gate.write_text('[[conditions]]\nfigure = "figures.ece"\nat_most = 0.1')
    client = signed_in(client, Role.ADMINISTRATOR)

    card = client.get("/models/tiny/2/").content.decode()
    refused = client.post("/models/tiny/2/activation/", {"note": " "})
    unchanged = str(ModelActivation.objects.latest())
    client.post("/models/tiny/2/activation/", {"note": "Asked by the board."})
    page = client.get("/models/").content.decode()

    assert "Calibration error" in card
    assert "Not every condition holds" in card
    assert refused.status_code == 422
    assert "say why it should serve all the same" in refused.content.decode()
    assert (unchanged, str(ModelActivation.objects.latest())) == ("tiny/1", "tiny/2")
    assert "In spite of its gate" in page
    assert "Asked by the board." in page


@pytest.mark.parametrize("role", [Role.NURSE, Role.CLINICIAN, Role.MANAGER])
def test_nobody_else_activates(client: Client, model_store: Path, role: Role) -> None:
    response = signed_in(client, role).post("/models/tiny/2/activation/")

    assert response.status_code == 403
    assert not ModelActivation.objects.exists()


def test_a_damaged_model_cannot_be_activated(client: Client, model_store: Path) -> None:
    (model_store / "tiny" / "2" / "card.md").write_text("changed")

    response = signed_in(client, Role.ADMINISTRATOR).post("/models/tiny/2/activation/")

    assert response.status_code == 422
    assert not ModelActivation.objects.exists()


def test_what_was_measured_is_shown_as_curves_with_their_tables(
    client: Client, model_store: Path
) -> None:
    store = Path(model_store)
    entry = load_entry(store, "tiny", "1")
    measured = curves_of(ANSWERS, labels=entry.labels, positive=0)
    told = {"model": "tiny/1", "data": "set/manifest.csv", "split": "val"}
    told["made"] = "2026-11-27"
    keep_beside(store, entry, {"format": 1, "digest": entry.digest, **told, **measured})
    client = signed_in(client, Role.NURSE)

    card = client.get("/models/tiny/1/").content.decode()
    page = client.get("/models/tiny/1/evaluation/").content.decode()
    empty = client.get("/models/tiny/2/evaluation/").content.decode()

    assert "/models/tiny/1/evaluation/" in card
    assert "0.880" in card
    assert page.count("<svg viewBox") == 5
    assert "set/manifest.csv" in page
    assert "For a sensitivity of 90 %" in page
    assert "manage.py evaluate_ct tiny/2" in empty


def test_what_was_found_in_its_images_is_a_page(
    client: Client, model_store: Path
) -> None:
    entry = load_entry(model_store, "tiny", "1")
    copies = dict.fromkeys(("exact", "near", "across_labels", "across_patients"), 0)
    found = {
        "format": 1,
        "digest": entry.digest,
        "data": "set/manifest.csv",
        "made": "2026-11-27",
        "images": 12,
        "patients": 9,
        "has_patients": True,
        "positive": "COVID",
        "splits": [{"split": "train", "images": 12, "patients": 9, "labels": {}}],
        "copies": {**copies, "across_splits": 3},
        "pairs": [],
        "shared_patients": {"count": 0, "first": []},
        "probes": [{"probe": "borders", "auroc": 0.71, "ci95": [0.6, 0.8]}],
    }
    keep_beside(model_store, entry, found, folder=DATA)
    client = signed_in(client, Role.NURSE)

    card = client.get("/models/tiny/1/").content.decode()
    page = client.get("/models/tiny/1/data/").content.decode()
    empty = client.get("/models/tiny/2/data/").content.decode()

    assert "/models/tiny/1/data/" in card
    assert "set/manifest.csv: 12 images of 9 patients" in page
    assert "3 pairs of images in different splits" in page
    assert "0.710" in page
    assert page.count("<svg viewBox") == 1
    assert "check_data --manifest CSV --root DIR --keep tiny/2" in empty


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED])
def test_the_job_that_trained_it_leads_to_its_pages(
    client: Client, model_store: Path, state: JobState
) -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    job = Job.objects.create(
        kind="diagnosis.retrain",
        key="a renewal",
        owner=administrator,
        state=state,
        result={"model": "tiny/2"},
    )
    client.force_login(administrator)

    page = client.get(f"/jobs/{job.id}/").content.decode()

    is_done = state == JobState.SUCCEEDED
    assert ('href="/models/tiny/2/"' in page) is is_done
    assert ('href="/models/tiny/2/data/"' in page) is is_done


def test_an_unknown_model_is_not_found(client: Client, model_store: Path) -> None:
    response = signed_in(client, Role.NURSE).get("/models/tiny/9/")

    assert response.status_code == 404
