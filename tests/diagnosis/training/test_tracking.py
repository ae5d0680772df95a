"""Curves: what TensorBoard and MLflow are told, and that nobody else is."""

from pathlib import Path

import pytest

from diagnosis.training.recipe import Step
from diagnosis.training.tracking import tracked

STEPS = [
    Step("reading train", 0.5),
    Step("epoch 1 of 2", 0.5, "training, seed 1", 1, {"loss": 0.75}),
    Step("epoch 2 of 2", 1.0, "training, seed 1", 2, {"loss": 0.5}),
]


def test_nothing_is_written_before_there_is_a_figure(tmp_path: Path) -> None:
    with tracked("name/1", folder=tmp_path) as told:
        told(STEPS[0])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_curves_are_drawn_for_tensorboard(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import (  # noqa: PLC0415 (seconds to import)
        EventAccumulator,
    )

    with tracked("name/1", folder=tmp_path) as told:
        for step in STEPS:
            told(step)

    read = EventAccumulator(str(tmp_path / "name" / "1"))
    read.Reload()
    curve = read.Scalars("training/seed 1/loss")
    assert [(point.step, point.value) for point in curve] == [(1, 0.75), (2, 0.5)]


@pytest.mark.slow
def test_curves_are_told_to_mlflow_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a server without a server
    address = f"file:{tmp_path / 'mlflow'}"
    with tracked("name/1", folder=tmp_path / "curves", mlflow=address) as told:
        for step in STEPS:
            told(step)

    from mlflow import MlflowClient  # noqa: PLC0415 (seconds to import)

    client = MlflowClient(tracking_uri=address)
    experiment = client.get_experiment_by_name("anji")
    assert experiment is not None
    (run,) = client.search_runs([experiment.experiment_id])
    curve = client.get_metric_history(run.info.run_id, "training/seed 1/loss")
    assert (run.info.run_name, run.info.status) == ("name/1", "FINISHED")
    assert [(point.step, point.value) for point in curve] == [(1, 0.75), (2, 0.5)]
