"""What the sealed folders of the model store say.

Standard library only, so that a page can show a model's card.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Any: TOML and JSON of unknown shape

from diagnosis.inference.entry import (
    LOUDEST,
    Aggregation,
    Calibration,
    Conformal,
    EntryError,
    FeatureReference,
    Limits,
    ModelEntry,
    NetworkShape,
    Preprocessing,
    Rule,
    Views,
)
from hospital.core.phrases import phrase
from hospital.core.sealed import (
    StoreError,
    entry_folder,
    references,
    verified_digest,
)

EVERY_MODEL = Path(__file__).with_name("every_model.toml")
REQUIRED = (
    "card.md",
    "config.toml",
    "labels.toml",
    "metrics.json",
    "calibration.json",
)


def load_entry(root: Path, name: str, version: str) -> ModelEntry:
    """Return an entry, every file of which has the digest it was sealed with.

    Raises:
        StoreError: There is no such entry (`no_such_model`), a file is missing, was
            added or changed (`missing_file`, `unlisted_file`, `wrong_digest`), or what
            it says makes no sense (`invalid_entry`).
    """
    folder = entry_folder(root, name, version)
    if not folder.is_dir():
        known = ", ".join(f"{n}/{v}" for n, v in references(root)) or "none"
        message = phrase(
            "There is no model %(model)s in %(folder)s; there are: %(known)s.",
            model=f"{name}/{version}",
            folder=str(root),
            known=known,
        )
        raise StoreError("no_such_model", message)
    digest = verified_digest(folder, required=REQUIRED)
    try:
        return _entry(folder, name=name, version=version, digest=digest)
    except (EntryError, KeyError, TypeError, ValueError, OSError) as error:
        message = phrase(
            "The model %(model)s cannot be read: %(why)s.",
            model=f"{name}/{version}",
            why=repr(error),
        )
        raise StoreError("invalid_entry", message) from error


def _entry(folder: Path, *, name: str, version: str, digest: str) -> ModelEntry:
    config = tomllib.loads((folder / "config.toml").read_text())
    labels = tomllib.loads((folder / "labels.toml").read_text())["labels"]
    shape = _shape(config["network"], labels=len(labels))
    return ModelEntry(
        name=name,
        version=version,
        digest=digest,
        folder=folder,
        title=config["title"],
        labels=tuple(label["name"] for label in labels),
        positive=config["positive"],
        shape=shape,
        preprocessing=Preprocessing(**config["preprocessing"], slices=shape.slices),
        calibration=_calibration(_json(folder / "calibration.json")),
        aggregation=Aggregation.from_table(config["aggregation"]),
        limits=Limits(**config["limits"]),
        rules=_rules(config),
        engines=config["engines"],
        default_engine=config["engine"],
        notice=config["notice"],
        card=(folder / "card.md").read_text(),
        metrics=_json(folder / "metrics.json"),
        views=Views(**config.get("views", {})),
        pooling=config.get("series", {}).get("pooling", LOUDEST),
    )


def _shape(data: Mapping[str, Any], *, labels: int) -> NetworkShape:
    widths = {"widths": tuple(data["widths"])} if "widths" in data else {}
    return NetworkShape(labels, **{**data, **widths})


def _rules(config: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return an entry's rules after those of every model that it does not replace."""
    own = [_rule(rule) for rule in config.get("rules", [])]
    codes = {rule.code for rule in own}
    every = tomllib.loads(EVERY_MODEL.read_text())["rules"]
    shared = [_rule(rule) for rule in every if rule["code"] not in codes]
    return (*shared, *own)


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(**{**data, "values": tuple(data.get("values", ()))})


def _calibration(data: dict[str, Any]) -> Calibration:
    reference, conformal = data.get("reference"), data.get("conformal")
    return Calibration(
        temperature=data["temperature"],
        grey_low=data["grey_low"],
        grey_high=data["grey_high"],
        is_calibrated=data["is_calibrated"],
        reference=_reference(reference) if reference else None,
        scales=tuple(data.get("scales", ())),
        offsets=tuple(data.get("offsets", ())),
        conformal=Conformal(**conformal) if conformal else None,
        fitted_on=data.get("fitted_on", 0),
        series=_calibration(data["series"]) if data.get("series") else None,
    )


def _reference(data: dict[str, Any]) -> FeatureReference:
    return FeatureReference(
        mean=tuple(data["mean"]),
        components=tuple(tuple(row) for row in data["components"]),
        variances=tuple(data["variances"]),
        residual_variance=data["residual_variance"],
        max_distance=data["max_distance"],
    )


def _json(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text())
    return data
