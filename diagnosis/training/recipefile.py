"""A recipe's TOML file: every key known, every value of its kind, or a clear refusal."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any  # Any: TOML of unknown shape

from diagnosis.inference.entry import ARCHITECTURES, OWN
from diagnosis.training.fit import TrainConfig
from diagnosis.training.manifest import ManifestError
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recipe import INPUT_SIZE

Table = dict[str, Any]
MAX_REPEATS, MAX_FOLDS = 20, 20


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """What a file says; what it leaves out is as it is without a file.

    Attributes:
        text: The file itself, kept in the entry.
        training: Fields of `TrainConfig`.
        probe: Fields of `ProbeConfig`; None learns every weight.
    """

    text: str = ""
    size: int = INPUT_SIZE
    cross_validate: str = ""
    control: bool = True
    architecture: str = OWN
    initial: str = ""
    training: Table = field(default_factory=dict)
    probe: Table | None = None


def read_recipe(path: Path) -> RecipeFile:
    """Return what a recipe's file says.

    Raises:
        ManifestError: It cannot be read, or a key or value makes no sense.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"cannot read {path}: {error}"
        raise ManifestError(message) from error
    network = _table(data, "network")
    training = _table(data, "training")
    probe = _table(data, "probe") if "probe" in data else None
    top = {"size": int, "cross_validate": str, "control": bool}
    names = {"architecture": str, "initial": str}
    tables = ("network", "training", "probe")
    _check(data, top, where="", besides=tables)
    _check(network, names, where="network.")
    _check(training, _kinds(TrainConfig), where="training.")
    _check(probe or {}, _kinds(ProbeConfig), where="probe.")
    if network.get("architecture", OWN) not in ARCHITECTURES:
        message = f"network.architecture is none of: {', '.join(ARCHITECTURES)}"
        raise ManifestError(message)
    rest = {key: value for key, value in data.items() if key not in tables}
    return RecipeFile(text=text, training=training, probe=probe, **rest, **network)


def repeats_and_folds(text: str) -> tuple[int, int]:
    """Return the numbers of `5x5`; no text is no repeat.

    Raises:
        ManifestError: It says something else.
    """
    if not text:
        return 0, 5
    match = re.fullmatch(r"(\d{1,2})x(\d{1,2})", text)
    repeats, folds = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= repeats <= MAX_REPEATS or not 2 <= folds <= MAX_FOLDS:
        message = f"cross-validation {text!r}: say REPEATSxFOLDS, such as 5x5"
        raise ManifestError(message)
    return repeats, folds


def _table(data: Table, name: str) -> Table:
    table = data.get(name, {})
    if not isinstance(table, dict):
        message = f"{name} must be a table: [{name}]"
        raise ManifestError(message)
    return table


def _kinds(config: type[TrainConfig | ProbeConfig]) -> dict[str, type]:
    return {one.name: type(one.default) for one in fields(config)}


def _check(
    table: Table,
    kinds: Mapping[str, type],
    *,
    where: str,
    besides: Collection[str] = (),
) -> None:
    for key, value in table.items():
        if key in besides:
            continue
        if key not in kinds:
            message = f"{where}{key} is unknown; known: {', '.join(sorted(kinds))}"
            raise ManifestError(message)
        kind = kinds[key]
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits:
            message = f"{where}{key} = {value!r}: must be {kind.__name__}"
            raise ManifestError(message)
