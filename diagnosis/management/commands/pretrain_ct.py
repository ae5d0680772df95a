"""`manage.py pretrain_ct`: a network sees unlabelled images before it learns from labels."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any  # Any: Django's signature

import torch
from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.management.devices import chosen_device
from diagnosis.training.initial import GREY, begin
from diagnosis.training.pretrain import PretrainConfig, pretrain
from diagnosis.training.recipefile import RecipeFile, read_recipe
from diagnosis.training.unlabelled import Unlabelled, unlabelled_in
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar

DEFAULTS = PretrainConfig()


class Command(Verb):
    help = (
        "Let a network see images without labels; a recipe's initial = 'file:...' "
        "then begins with what it learned."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", required=True, metavar="DIR")
        parser.add_argument("--out", required=True, metavar="FILE.pt")
        parser.add_argument("--config", metavar="TOML", help="a recipe: [pretraining]")
        parser.add_argument("--epochs", type=int, help=f"default {DEFAULTS.epochs}")
        parser.add_argument("--seed", type=int, help="default 0")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument("--threads", type=int, help=f"default {DEFAULTS.threads}")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        folder, out = Path(options["images"]), Path(options["out"])
        refuse_places(folder, out)
        file = (
            read_recipe(Path(options["config"])) if options["config"] else RecipeFile()
        )
        try:
            config = PretrainConfig(**choices_of(options, file))
        except ValueError as error:
            raise BadInput(str(error)) from error
        shape = NetworkShape(2, architecture=file.architecture)
        torch.manual_seed(config.seed)
        network = SliceNetwork(shape)
        begin(network, shape, config.initial, Path(settings.MODEL_STORE))
        checkpoint = out.with_suffix(".unfinished")
        with progress_bar() as told:
            seen = unlabelled_in(
                folder,
                preprocessing=Preprocessing(file.size, 0.0, 1.0),
                slices=config.slices,
                pool=decoder_pool(),
                progress=lambda done, of: told("reading", done / of),
            )
            done = pretrain(
                seen.squares,
                network,
                preprocessing=normalised(seen, file),
                config=config,
                report=lambda number, loss: told(
                    f"epoch {number} of {config.epochs}, loss {loss:.3f}",
                    number / config.epochs,
                ),
                checkpoint=checkpoint,
            )
        torch.save(done.network.state_dict(), out)
        facts = {
            "weights": out.name,
            "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
            "architecture": file.architecture,
            "size": file.size,
            "images": len(seen.squares),
            "series": seen.series,
            "skipped": seen.skipped,
            "loss": done.loss,
            "spread": done.spread,
            "config": asdict(config),
        }
        out.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n")
        checkpoint.unlink(missing_ok=True)
        self.stdout.write(
            json.dumps(facts)
            if options["json"]
            else f"{len(seen.squares)} images seen; a recipe begins with them by "
            f"initial = 'file:{out}'."
        )
        return DONE


def refuse_places(folder: Path, out: Path) -> None:
    """Refuse a folder that is not there, and a file that is or that cannot be."""
    if not folder.is_dir():
        message = f"there is no folder {folder}"
        raise BadInput(message)
    if out.suffix != ".pt" or not out.parent.is_dir():
        message = f"--out {out}: a file .pt in a folder that exists"
        raise BadInput(message)
    if out.exists():
        message = f"{out} exists; name another, or remove it"
        raise BadInput(message)


def choices_of(options: dict[str, Any], file: RecipeFile) -> dict[str, Any]:
    """Return the choices: an option, else the file, else the default."""
    asked = {
        name: options[name]
        for name in ("epochs", "seed", "threads")
        if options[name] is not None
    }
    return {**file.pretraining, **asked, "device": chosen_device(options["device"])}


def normalised(seen: Unlabelled, file: RecipeFile) -> Preprocessing:
    """Return grey values as the recipe that begins with these weights will have them."""
    own = float(seen.squares.mean()), float(seen.squares.std())
    return Preprocessing(file.size, *GREY.get(file.architecture, own))
