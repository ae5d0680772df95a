"""How the commands of the library tell what came of an import."""

import json

from django.core.management.base import BaseCommand

from hospital.knowledge.reading.incoming import clean, one_line
from hospital.knowledge.services.importing import Tally


def tell(command: BaseCommand, tally: Tally, *, as_json: bool) -> None:
    """Write the document of CONTRACTS 3, or a sentence and a line for each flaw."""
    if as_json:
        text = json.dumps(tally.as_json(), ensure_ascii=False)
        command.stdout.write(clean(_written(text)))
        return
    command.stdout.write(
        f"{tally.entries} entries, {tally.pointers} of them links: "
        f"{tally.created} new, {tally.updated} changed, {tally.unchanged} as before, "
        f"{tally.left_aside} left as edited here"
    )
    for flaw in tally.quarantined:
        place = ": ".join(filter(None, (flaw.file, flaw.where)))
        line = told_safely(f"error: {place}: {flaw.message}")
        command.stderr.write(line, style_func=str)


def told_safely(text: str) -> str:
    """Return the text on one line: a file's name may not steer a terminal, nor add lines."""
    return one_line(_written(text))


def _written(text: str) -> str:
    """Return the text without what a file's name may hold and UTF-8 cannot."""
    return text.encode(errors="replace").decode()
