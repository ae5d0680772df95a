"""`manage.py finetune_language`: from examples to a sealed adapter, with its figures."""

import json
import shlex
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.conf import settings
from django.core.management.base import CommandParser

from consult.learning.bases import MINILM, minilm
from consult.learning.dialogues import read_dialogues
from consult.learning.errors import LearningError
from consult.learning.labels import TASKS
from consult.learning.rows import Rejected
from consult.learning.utterances import OWN_UTTERANCES, read_utterances
from hospital.core.sealed import parse_reference, refuse_existing
from hospital.core.verbs import BAD_INPUT, DONE, BadInput, Told, Verb, progress_bar

EPOCHS, EPOCHS_OF_REPLIES = 10, 3
RATE, RATE_OF_REPLIES = 1.5e-3, 2e-4
BATCH, BATCH_OF_REPLIES = 32, 4
OWN_DATA = (
    "Utterances written for this product in Chinese and English, most by hand and less "
    "than a third from templates; those from templates are learned from and never "
    "measured on. Twins and translations share a split."
)


class Command(Verb):
    help = "Fit an adapter and write it, measured and sealed, into the adapter store."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--task", required=True, choices=TASKS)
        parser.add_argument("--method", default="lora", choices=["lora", "adalora"])
        parser.add_argument(
            "--data", metavar="FILE", help="JSON Lines; see docs/learning.md"
        )
        parser.add_argument("--base", metavar="DIR", help="a model folder; MiniLM else")
        parser.add_argument("--out", required=True, metavar="NAME/VERSION")
        parser.add_argument("--epochs", type=int)
        parser.add_argument("--batch", type=int)
        parser.add_argument("--learning-rate", type=float)
        parser.add_argument("--rank", type=int, default=8)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
        parser.add_argument("--about", default="Not stated.", help="data, for the card")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        name, version = parse_reference(options["out"])
        if not version:
            message = "--out takes NAME/VERSION, such as intent/2"
            raise BadInput(message)
        store = Path(settings.ADAPTER_STORE)
        refuse_existing(store, name, version)
        with progress_bar() as told:
            digest, metrics, rejected = _built(options, name, version, store, told)
        for each in rejected:
            self.stderr.write(
                f"line {each.line}: {each.message}; left out", style_func=str
            )
        answer = {
            "adapter": f"{name}/{version}",
            "task": options["task"],
            "digest": digest,
            "metrics": metrics,
            "rejected": [
                {"line": each.line, "message": each.message} for each in rejected
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(f"{answer['adapter']} is in {store}; read its card.md.")
        return BAD_INPUT if rejected else DONE


def _built(
    options: dict[str, Any], name: str, version: str, store: Path, told: Told
) -> tuple[str, dict[str, Any], tuple[Rejected, ...]]:
    is_reply = options["task"] == "generate"
    if is_reply and not (options["data"] and options["base"]):
        message = "--task generate needs --data FILE and --base DIR, a causal model"
        raise BadInput(message)
    data = Path(options["data"] or OWN_UTTERANCES)
    if is_reply:
        dialogues = read_dialogues(data)
        from consult.learning.replies import ReplyRecipe, build_replies  # noqa: PLC0415

        digest, metrics = build_replies(
            dialogues.examples,
            recipe=ReplyRecipe(
                name=name,
                version=version,
                base=Path(options["base"]),
                data=options["about"],
                command=_command(options),
                fit=_config(
                    options, EPOCHS_OF_REPLIES, BATCH_OF_REPLIES, RATE_OF_REPLIES
                ),
            ),
            store=store,
            told=told,
        )
        return digest, metrics, dialogues.rejected
    utterances = read_utterances(data, task=options["task"])
    from consult.learning.build import Recipe, build_classifier  # noqa: PLC0415 (torch)

    built = build_classifier(
        utterances.examples,
        recipe=Recipe(
            task=options["task"],
            name=name,
            version=version,
            base=Path(options["base"] or minilm()),
            base_name=Path(options["base"]).name if options["base"] else MINILM,
            data=options["about"] if options["data"] else OWN_DATA,
            command=_command(options),
            fit=_config(options, EPOCHS, BATCH, RATE),
        ),
        store=store,
        told=told,
    )
    return built.digest, built.metrics, utterances.rejected


def _config(options: dict[str, Any], epochs: int, batch: int, rate: float) -> Any:
    """Return how to fit; Any: its module imports torch, which a help text does without."""
    from consult.learning.adapting import FitConfig  # noqa: PLC0415 (torch)

    if options["device"] == "cuda":
        import torch  # noqa: PLC0415 (torch)

        if not torch.cuda.is_available():
            message = "--device cuda: this machine has none that torch can use"
            raise LearningError(message)
    return FitConfig(
        method=options["method"],
        epochs=epochs if options["epochs"] is None else options["epochs"],
        batch=batch if options["batch"] is None else options["batch"],
        learning_rate=options["learning_rate"] or rate,
        rank=options["rank"],
        seed=options["seed"],
        threads=options["threads"],
        device=options["device"],
    )


def _command(options: dict[str, Any]) -> str:
    """Return the command as it can be typed again, without a folder of this machine."""
    names = ("task", "method", "epochs", "rank", "seed", "out")
    given = [(name, str(options[name])) for name in names if options[name] is not None]
    given += [(n, Path(options[n]).name) for n in ("data", "base") if options[n]]
    words = " ".join(f"--{name} {shlex.quote(value)}" for name, value in given)
    return f"manage.py finetune_language {words}"
