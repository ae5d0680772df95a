"""A recipe's TOML file: every key known, every value of its kind, or a clear refusal."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any  # Any: TOML of unknown shape

from diagnosis.inference.conformal import COVERAGE
from diagnosis.inference.entry import ARCHITECTURES, OWN, Views
from diagnosis.training.ensemble import EnsembleConfig
from diagnosis.training.manifest import ManifestError
from diagnosis.training.pooling import SeriesConfig
from diagnosis.training.pretrain import PretrainConfig
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recipe import INPUT_SIZE, Recipe
from diagnosis.training.trainconfig import TrainConfig

Table = dict[str, Any]
MAX_REPEATS, MAX_FOLDS = 20, 20
TOP = {
    "size": int,
    "cross_validate": str,
    "hold_out": str,
    "coverage": float,
    "control": bool,
    "max_mb": int,
}
NETWORK: dict[str, type] = {"architecture": str, "initial": str, "slices": int}


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """What a file says; what it leaves out is as it is without a file.

    Attributes:
        text: The file itself, kept in the entry.
        training: Fields of `TrainConfig`.
        views: Fields of `Views`.
        probe: Fields of `ProbeConfig`; None learns every weight.
        ensemble: Fields of `EnsembleConfig`; None is one network.
        series: Fields of `SeriesConfig`.
        pretraining: Fields of `PretrainConfig`, which `pretrain_ct` reads alone.
        search: What a search may change, checked by `search.space_of`.
    """

    text: str = ""
    size: int = INPUT_SIZE
    cross_validate: str = ""
    hold_out: str = "patient"
    coverage: float = COVERAGE
    control: bool = True
    max_mb: int = 0
    architecture: str = OWN
    slices: int = 1
    initial: str = ""
    training: Table = field(default_factory=dict)
    views: Table = field(default_factory=dict)
    probe: Table | None = None
    ensemble: Table | None = None
    series: Table = field(default_factory=dict)
    pretraining: Table = field(default_factory=dict)
    search: Table = field(default_factory=dict)


def read_recipe(path: Path) -> RecipeFile:
    """Return what a recipe's file says.

    Raises:
        ManifestError: It cannot be read, or a key or value makes no sense.
    """
    text, data = read_toml(path)
    tables: dict[str, dict[str, type]] = {
        "network": NETWORK,
        "training": kinds_of(TrainConfig),
        "views": kinds_of(Views),
        "probe": kinds_of(ProbeConfig),
        "ensemble": kinds_of(EnsembleConfig),
        "series": kinds_of(SeriesConfig),
        "pretraining": kinds_of(PretrainConfig),
    }
    top = {key: value for key, value in data.items() if key not in tables}
    top.pop("search", None)
    table_of(data, "search")
    check(top, TOP)
    for name, kinds in tables.items():
        check(table_of(data, name), kinds, where=f"{name}.")
    network = data.pop("network", {})
    if network.get("architecture", OWN) not in ARCHITECTURES:
        message = f"network.architecture is none of: {', '.join(ARCHITECTURES)}"
        raise ManifestError(message)
    return RecipeFile(text=text, **data, **network)


def recipe_from(
    file: RecipeFile,
    *,
    training: Table,
    **asked: Any,  # Any: other fields of a recipe
) -> Recipe:
    """Return what to build: the file's network and learning, and what else is asked.

    Args:
        file: What it leaves out is as it is by default.
        training: Fields of `TrainConfig`, in the place of the file's.
        asked: Fields of `Recipe` that no file decides: name, version, texts, size.

    Raises:
        ValueError: The choices make no sense together.
    """
    train, probe = TrainConfig(**training), None
    if file.probe is not None:
        shared = {"seed": train.seed, "threads": train.threads}
        probe = ProbeConfig(**{**shared, **file.probe})
    return Recipe(
        train=train,
        architecture=file.architecture,
        slices=file.slices,
        initial=file.initial,
        probe=probe,
        ensemble=None if file.ensemble is None else EnsembleConfig(**file.ensemble),
        views=Views(**file.views),
        series=SeriesConfig(**file.series),
        max_mb=file.max_mb,
        hold_out=file.hold_out,
        coverage=file.coverage,
        file=file.text,
        **asked,
    )


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


def read_toml(path: Path) -> tuple[str, Table]:
    """Return a file's text and what it says.

    Raises:
        ManifestError: It cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"cannot read {path}: {error}"
        raise ManifestError(message) from error


def table_of(data: Table, name: str) -> Table:
    """Return a table of the file, empty where it has none.

    Raises:
        ManifestError: It is no table.
    """
    table = data.get(name, {})
    if not isinstance(table, dict):
        message = f"{name} must be a table: [{name}]"
        raise ManifestError(message)
    return table


def kinds_of(config: Any) -> dict[str, type]:  # Any: a dataclass, all with defaults
    """Return the kind of each field of a configuration, by its default."""
    return {one.name: type(one.default) for one in fields(config)}


def check(table: Table, kinds: Mapping[str, type], *, where: str = "") -> None:
    """Refuse keys that are unknown and values of another kind.

    Raises:
        ManifestError: There is one.
    """
    for key, value in table.items():
        if key not in kinds:
            message = f"{where}{key} is unknown; known: {', '.join(sorted(kinds))}"
            raise ManifestError(message)
        kind = kinds[key]
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits:
            message = f"{where}{key} = {value!r}: must be {kind.__name__}"
            raise ManifestError(message)
