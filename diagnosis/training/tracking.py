"""Curves of a run, for whoever watches it: TensorBoard's files, or MLflow's server.

TensorBoard is written where it is installed, into a folder of this machine. MLflow is
told only where somebody names a server for it. Neither is needed.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any  # Any: TensorBoard comes without types

from diagnosis.training.manifest import ManifestError
from diagnosis.training.recipe import Report, Step

EXPERIMENT = "anji"


@contextmanager
def tracked(name: str, *, folder: Path, mlflow: str = "") -> Iterator[Report]:
    """Give the function that is told every step of a run.

    Args:
        name: NAME/VERSION of what is being made.
        folder: Where TensorBoard's files go, a folder for each name.
        mlflow: Address of MLflow; empty leaves it alone.

    Raises:
        ManifestError: MLflow is asked for and not installed.
    """
    with ExitStack() as stack:
        writers = []
        if find_spec("tensorboard"):
            writers.append(stack.enter_context(_tensorboard(folder / name)))
        if mlflow:
            writers.append(stack.enter_context(_mlflow(name, mlflow)))

        def told(step: Step) -> None:
            for key, value in step.scalars.items():
                for write in writers:
                    write(f"{step.run.replace(', ', '/')}/{key}", value, step.number)

        yield told


Write = Callable[[str, float, int], None]


@contextmanager
def _tensorboard(folder: Path) -> Iterator[Write]:
    opened: list[Any] = []

    def write(key: str, value: float, number: int) -> None:
        if not opened:  # seconds to import: not before there is something to write
            from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415

            opened.append(SummaryWriter(str(folder)))
        opened[0].add_scalar(key, value, number)

    try:
        yield write
    finally:
        for writer in opened:
            writer.close()


@contextmanager
def _mlflow(name: str, address: str) -> Iterator[Write]:
    if not find_spec("mlflow"):
        message = "MLFLOW_TRACKING_URI is set, but mlflow is not installed"
        raise ManifestError(message)
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # nothing leaves but the curves
    from mlflow import MlflowClient  # noqa: PLC0415 (seconds to import)

    client = MlflowClient(tracking_uri=address)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    where = (
        experiment.experiment_id if experiment else client.create_experiment(EXPERIMENT)
    )
    run = client.create_run(where, run_name=name).info.run_id
    status = "FAILED"

    def write(key: str, value: float, number: int) -> None:
        client.log_metric(run, key, value, step=number)

    try:
        yield write
        status = "FINISHED"
    finally:
        client.set_terminated(run, status)
