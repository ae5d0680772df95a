"""`manage.py train_ct`: from a manifest to a sealed entry of the model store."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.copies import refuse_copies
from diagnosis.evaluation.datacheck import kept_with, looked_over
from diagnosis.evaluation.kept import DATA, keep_beside
from diagnosis.inference.entry import OWN
from diagnosis.inference.store import load_entry
from diagnosis.management.devices import chosen_device
from diagnosis.management.verbs import data_name, labelled_images
from diagnosis.reporting.data import warnings
from diagnosis.training.build import build_entry
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.manifest import LabelledImage, split_of
from diagnosis.training.recipe import Recipe, Report, Step
from diagnosis.training.recipefile import (
    RecipeFile,
    read_recipe,
    recipe_from,
    repeats_and_folds,
)
from diagnosis.training.search import space_of
from diagnosis.training.team import Team, as_started
from diagnosis.training.tracking import tracked
from diagnosis.training.trainconfig import TrainConfig
from hospital.core.sealed import parse_reference, refuse_existing
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar

DEFAULTS = TrainConfig()


class Command(Verb):
    help = "Train a slice classifier and write it into the model store."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--manifest", metavar="CSV", help="without it --root has a folder a label"
        )
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument("--out", required=True, metavar="NAME/VERSION")
        parser.add_argument("--epochs", type=int, help=f"default {DEFAULTS.epochs}")
        parser.add_argument("--seed", type=int, help="default 0")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument("--positive", default="", metavar="LABEL")
        parser.add_argument("--size", type=int, metavar="PIXELS")
        parser.add_argument("--threads", type=int, help=f"default {DEFAULTS.threads}")
        parser.add_argument("--config", metavar="TOML", help="a recipe; options win")
        parser.add_argument("--cross-validate", metavar="REPEATSxFOLDS")
        parser.add_argument("--search", type=int, default=0, metavar="TRIALS")
        parser.add_argument("--template", default=str(CHEST_CT), metavar="TOML")
        parser.add_argument("--data", default="Not stated.", help="for the card")
        parser.add_argument("--no-control", action="store_true", help="half the time")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        images, root = labelled_images(options)
        refuse_copies(images)
        recipe = recipe_of(options, images)
        store = Path(settings.MODEL_STORE)
        refuse_existing(store, recipe.name, recipe.version)
        name = f"{recipe.name}/{recipe.version}"
        pool = decoder_pool()
        with as_started(recipe.train.device) as team, reported(name, team) as told:
            if team.is_first:
                found = looked_over(
                    images,
                    positive=recipe.positive,
                    root=root,
                    pool=pool,
                    told=lambda words, share: told(Step(words, share)),
                )
            built = build_entry(
                images, recipe=recipe, store=store, pool=pool, report=told
            )
        if not team.is_first:
            return DONE
        entry = load_entry(store, recipe.name, recipe.version)
        data = data_name(Path(options["manifest"] or root))
        kept = kept_with(entry, found, data=data, made=datetime.now(UTC).date())
        keep_beside(store, entry, kept, folder=DATA)
        for words in warnings(found):
            self.stderr.write(words)
        answer = {
            "model": name,
            "digest": built.digest,
            "metrics": built.metrics,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{answer['model']} is in {store}; read its card.md.")
        return DONE


@contextmanager
def reported(name: str, team: Team) -> Iterator[Report]:
    """Give what is told every step: a bar and curves, of a team by its first alone."""
    if not team.is_first:
        yield lambda _step: None
        return
    curves, mlflow = Path(settings.TRAINING_CURVES), settings.MLFLOW_TRACKING_URI
    with progress_bar() as bar, tracked(name, folder=curves, mlflow=mlflow) as draw:

        def told(step: Step) -> None:
            bar(step.title, step.share)
            draw(step)

        yield told


def recipe_of(options: dict[str, Any], images: list[LabelledImage]) -> Recipe:
    """Return what to build, with every option checked."""
    name, version = parse_reference(options["out"])
    if not version:
        message = "--out takes NAME/VERSION, such as ct-covid/2"
        raise BadInput(message)
    labels = {image.label for image in images}
    positive = options["positive"]
    if positive and positive not in labels:
        message = f"--positive {positive} is none of: {', '.join(sorted(labels))}"
        raise BadInput(message)
    file = read_recipe(Path(options["config"])) if options["config"] else RecipeFile()
    training = training_of(options, file)
    size = options["size"] or file.size
    if training["epochs"] < 1 or not 32 <= size <= 512 or options["search"] < 0:
        message = "--epochs must be at least 1, --search 0, and --size 32 to 512"
        raise BadInput(message)
    if file.architecture != OWN and size % 32:
        message = f"--size {size}: {file.architecture} takes multiples of 32"
        raise BadInput(message)
    repeats, folds = repeats_and_folds(options["cross_validate"] or file.cross_validate)
    for split in ("train", "val"):
        if len({image.label for image in split_of(images, split)}) < 2:
            message = f"split {split} needs images of two labels at least"
            raise BadInput(message)
    try:
        recipe = recipe_from(
            file,
            training=training,
            name=name,
            version=version,
            texts=_texts(options),
            size=size,
            positive=positive,
            has_blanked_training=file.control and not options["no_control"],
            repeats=repeats,
            folds=folds,
        )
        return replace(
            recipe, trials=options["search"], space=space_of(recipe, file.search)
        )
    except ValueError as error:
        raise BadInput(str(error)) from error


def training_of(options: dict[str, Any], file: RecipeFile) -> dict[str, Any]:
    """Return the choices of training: an option, else the file, else the default."""
    asked = {
        name: options[name]
        for name in ("epochs", "seed", "threads")
        if options[name] is not None
    }
    known = {"epochs": DEFAULTS.epochs, **file.training, **asked}
    known["threads"] = max(known.get("threads", DEFAULTS.threads), 1)
    return {**known, "device": chosen_device(options["device"])}


def _texts(options: dict[str, Any]) -> EntryTexts:
    template = Path(options["template"])
    if not template.is_file():
        message = f"there is no template {template}"
        raise BadInput(message)
    names = (
        "config",
        "epochs",
        "seed",
        "size",
        "positive",
        "cross_validate",
        "search",
    )
    asked = [
        f" --{name.replace('_', '-')} {_told(options[name])}"
        for name in names
        if options[name]
    ]
    command = "manage.py train_ct" + "".join(asked)
    return EntryTexts(template.read_text(), data=options["data"], command=command)


def _told(value: object) -> str:
    """Return an option for the card, which names no folder of this machine."""
    is_path = isinstance(value, str) and Path(value).is_absolute()
    return Path(str(value)).name if is_path else str(value)
