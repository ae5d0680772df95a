"""`manage.py bench_ct`: the serving engine beside plain eager torch, on one device."""

import json
from dataclasses import asdict, replace
from typing import Any  # Any: Django's signature

import numpy as np
from django.core.management.base import CommandParser
from numpy.typing import NDArray

from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.engines import Device, TorchEngine, open_engine
from diagnosis.inference.entry import ModelEntry, Views
from diagnosis.management.devices import chosen_device
from diagnosis.management.verbs import chosen_entry, folder_and_manifest
from diagnosis.training.bench import compare, generated_squares
from diagnosis.training.dataset import load_examples
from diagnosis.training.manifest import read_manifest
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar

GENERATED = 64


class Command(Verb):
    help = "Time the engine that serves a model, and compare its answers with torch's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--manifest", metavar="CSV")
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument("--batch", type=int, nargs="+", default=[1, 8, 32])
        parser.add_argument("--model", metavar="NAME[/VERSION]")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument("--threads", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        if min(options["batch"]) < 1 or max(options["batch"]) > 1024:
            message = "--batch takes numbers from 1 to 1024"
            raise BadInput(message)
        entry = chosen_entry(options["model"])
        threads = max(options["threads"], 1)
        device = chosen_device(options["device"])
        squares, is_positive = images_of(entry, options)
        bench = compare(
            entry,
            engine=open_engine(entry, device=device, threads=threads),
            eager=TorchEngine(entry, device=device, threads=threads),
            squares=squares,
            is_positive=is_positive,
            sizes=options["batch"],
            one_view=one_view_of(entry, device=device, threads=threads),
        )
        self.stdout.write(json.dumps(asdict(bench)))
        return DONE


def one_view_of(
    entry: ModelEntry, *, device: Device, threads: int
) -> TorchEngine | None:
    """Return the model looking once at each slice, where it does so oftener."""
    if len(entry.views.each) == 1:
        return None
    plain = replace(entry, views=Views())
    return TorchEngine(plain, device=device, threads=threads)


def images_of(
    entry: ModelEntry, options: dict[str, Any]
) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None]:
    """Return the images compared on, and which are positive where that is known."""
    if not options["manifest"]:
        return generated_squares(GENERATED, size=entry.preprocessing.size), None
    manifest, root = folder_and_manifest(options)
    images = read_manifest(manifest, root=root)
    with progress_bar() as told:
        examples = load_examples(
            images,
            labels=entry.labels,
            preprocessing=entry.preprocessing,
            pool=decoder_pool(),
            progress=lambda done, of: told(f"reading {done} of {of}", done / of),
        )
    return examples.squares, examples.labels == entry.positive_index
