"""`weigh_words`: make a table of weights from written sentences: wishes to die, emergencies."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any  # Any: what argparse gives

from django.core.management.base import BaseCommand, CommandParser

from consult.learning.words_fit import Figures, fit_words
from consult.safety.weighing import KINDS, WEIGHTS


class Command(BaseCommand):
    help = "Make the weights of words that speak of danger, from the product's own sentences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("weighed", choices=sorted(KINDS))
        parser.add_argument(
            "--said",
            action="append",
            default=[],
            type=Path,
            help="JSONL with `text` and `kind` (crisis…, emergency, another), besides the product's own",
        )

    def handle(self, **options: Any) -> None:
        table, figures = fit_words(options["weighed"], options["said"])
        for each in figures:
            self.stdout.write(_told(each))
        text = json.dumps(asdict(table), ensure_ascii=False, sort_keys=True)
        path = WEIGHTS / f"{options['weighed']}.json"
        path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
        self.stdout.write(
            f"{len(table.weights)} weights, bias {table.bias}, {table.made_from}"
        )


def _told(figures: Figures) -> str:
    limits = figures.limits
    return (
        f"{figures.language}: alarms from {limits.thresholds}, near from {limits.nears},"
        f" asks from {limits.asks}, doubts rules below {limits.doubts};"
        f" heard {figures.heard:.3f} of {figures.danger} held out"
        f" (asked {figures.asked:.3f}), by rules alone {figures.heard_by_rules:.3f};"
        f" {figures.false_alarms:.3f} of {figures.calm} calm alarm,"
        f" by rules alone {figures.false_by_rules:.3f}"
    )
