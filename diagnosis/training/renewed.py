"""The recipe of a new version: that of the model in service, on other labels."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from diagnosis.inference.entry import ATTENTION, ModelEntry
from diagnosis.training.card import EntryTexts, template_of
from diagnosis.training.initial import is_at_hand
from diagnosis.training.manifest import ManifestError
from diagnosis.training.probe import ProbeConfig
from diagnosis.training.recipe import Recipe
from diagnosis.training.recipefile import RecipeFile, Table, read_recipe, recipe_from
from diagnosis.training.trainconfig import TrainConfig
from hospital.core.phrases import phrase

RECIPE_FILE = "training.toml"
COMMAND = "Make a new version"  # what a person pressed
OF_THE_MACHINE = ("device", "threads")


@dataclass(frozen=True, slots=True)
class Renewed:
    """What to build.

    Attributes:
        missing: The first weights that the recipe names and this machine does not have,
            in whose place those of the model in service stand; empty where it has them.
    """

    recipe: Recipe
    missing: str = ""


def renewed(
    active: ModelEntry,
    *,
    out: tuple[str, str],
    data: str,
    store: Path,
    epochs: int | None,
) -> Renewed:
    """Return how a model learns again: its network, learning, words, limits and rules.

    Args:
        active: The model in service, whose recipe lies in its folder; one without begins
            with its own weights.
        out: Name and version of the new entry.
        data: Where the new labels come from, for the card.
        store: Root of the model store.
        epochs: How long to train; None for as long as the model in service did.

    Raises:
        ManifestError: Its recipe cannot be read, or names weights that are not at hand
            where its own do not fit.
        ValueError: The recipe's choices make no sense together.
    """
    path = active.folder / RECIPE_FILE
    file = read_recipe(path) if path.is_file() else _as_it_serves(active)
    missing = ""
    if not is_at_hand(file.initial, store):
        missing, file = file.initial, replace(file, initial=f"entry:{active.reference}")
    learned = _learned(active, "config", TrainConfig)
    training = {"threads": 1, **file.training, **learned}
    if epochs:
        training["epochs"] = epochs
    if file.probe is not None:
        probe = {**file.probe, **_learned(active, "probe", ProbeConfig)}
        file = replace(file, probe=probe)
    recipe = recipe_from(
        file,
        training=training,
        name=out[0],
        version=out[1],
        texts=EntryTexts(
            template_of((active.folder / "config.toml").read_text()),
            data=data,
            command=COMMAND,
        ),
        size=active.preprocessing.size,
        positive=active.positive,
        has_blanked_training=False,
    )
    if missing and not _is_beginning(active, recipe):
        message = phrase(
            "the first weights that its recipe names, %(missing)s, are not on this "
            "machine, and its own do not fit: install them",
            missing=missing,
        )
        raise ManifestError(message)
    return Renewed(recipe, missing)


def _as_it_serves(active: ModelEntry) -> RecipeFile:
    """Return what an entry without a recipe says of itself."""
    shape = active.shape
    file = RecipeFile(
        architecture=shape.architecture,
        slices=shape.slices,
        views=asdict(active.views),
        series={"pooling": active.pooling},
        probe={} if active.pooling == ATTENTION else None,
        ensemble={"seeds": shape.members} if shape.members > 1 else None,
    )
    own = Recipe("", "", EntryTexts(""), architecture=shape.architecture)
    own = replace(own, slices=shape.slices)
    is_beginning = _is_beginning(active, own)
    return replace(file, initial=f"entry:{active.reference}") if is_beginning else file


def _is_beginning(active: ModelEntry, recipe: Recipe) -> bool:
    """Return whether each network of the recipe can begin with the entry's weights."""
    alone = replace(recipe, ensemble=None)
    return alone.shape(active.shape.labels) == active.shape


def _learned(active: ModelEntry, part: str, kind: Any) -> Table:  # Any: a dataclass
    """Return the choices it learned with: options and a search may have made them."""
    facts = active.metrics.get("training")
    found = facts.get(part) if isinstance(facts, Mapping) else None
    known = {one.name for one in fields(kind)} - set(OF_THE_MACHINE)
    return {name: value for name, value in (found or {}).items() if name in known}
