"""`manage.py train_ct`: from a manifest to a sealed entry of the model store."""

import json
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.engines import has_gpu
from diagnosis.management.verbs import folder_and_manifest
from diagnosis.training.build import INPUT_SIZE, Recipe, build_entry
from diagnosis.training.card import CHEST_CT, EntryTexts
from diagnosis.training.fit import TrainConfig
from diagnosis.training.manifest import LabelledImage, read_manifest, split_of
from hospital.core.sealed import parse_reference, refuse_existing
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar

DEFAULTS = TrainConfig()


class Command(Verb):
    help = "Train a slice classifier and write it into the model store."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--manifest", required=True, metavar="CSV")
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument("--out", required=True, metavar="NAME/VERSION")
        parser.add_argument("--epochs", type=int, default=DEFAULTS.epochs)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument("--positive", default="", metavar="LABEL")
        parser.add_argument("--size", type=int, default=INPUT_SIZE, metavar="PIXELS")
        parser.add_argument("--threads", type=int, default=DEFAULTS.threads)
        parser.add_argument("--template", default=str(CHEST_CT), metavar="TOML")
        parser.add_argument("--data", default="Not stated.", help="for the card")
        parser.add_argument("--no-control", action="store_true", help="half the time")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        manifest, root = folder_and_manifest(options)
        images = read_manifest(manifest, root=root)
        recipe = recipe_of(options, images)
        store = Path(settings.MODEL_STORE)
        refuse_existing(store, recipe.name, recipe.version)
        with progress_bar() as told:
            built = build_entry(
                images,
                recipe=recipe,
                store=store,
                pool=decoder_pool(),
                report=lambda step: told(step.title, step.share),
            )
        answer = {
            "model": f"{recipe.name}/{recipe.version}",
            "digest": built.digest,
            "metrics": built.metrics,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{answer['model']} is in {store}; read its card.md.")
        return DONE


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
    if options["epochs"] < 1 or not 32 <= options["size"] <= 512:
        message = "--epochs must be at least 1 and --size 32 to 512"
        raise BadInput(message)
    for split in ("train", "val"):
        if len({image.label for image in split_of(images, split)}) < 2:
            message = f"split {split} needs images of two labels at least"
            raise BadInput(message)
    return Recipe(
        name=name,
        version=version,
        texts=_texts(options),
        train=TrainConfig(
            epochs=options["epochs"],
            seed=options["seed"],
            device=_device(options["device"]),
            threads=max(options["threads"], 1),
        ),
        size=options["size"],
        positive=positive,
        has_blanked_training=not options["no_control"],
    )


def _texts(options: dict[str, Any]) -> EntryTexts:
    template = Path(options["template"])
    if not template.is_file():
        message = f"there is no template {template}"
        raise BadInput(message)
    command = (
        f"manage.py train_ct --epochs {options['epochs']} --seed {options['seed']}"
    )
    return EntryTexts(template.read_text(), data=options["data"], command=command)


def _device(asked: str) -> str:
    if asked == "auto":
        return "cuda" if has_gpu() else "cpu"
    if asked == "cuda" and not has_gpu():
        message = "--device cuda, but there is no GPU that torch can use"
        raise BadInput(message)
    return asked
