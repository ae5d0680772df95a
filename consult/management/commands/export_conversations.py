"""`manage.py export_conversations`: dialogues to learn replies from, told of nobody."""

import json
from collections import Counter
from pathlib import Path
from typing import Any  # Any: options are what argparse made of them

from django.core.management.base import CommandParser
from django.db import transaction

from consult.services.teaching import (
    record_export,
    taught_dialogues,
    teaching_person,
)
from hospital.core.errors import InvalidInput
from hospital.core.verbs import DONE, BadInput, Verb


class Command(Verb):
    help = (
        "Write the conversations that may be learned from as JSON Lines for "
        "finetune_language --task generate: with consent alone, de-identified, never "
        "a crisis. Each conversation's export is audited."
    )
    needs_services = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, metavar="FILE")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="an administrator"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        out = Path(options["out"])
        if not out.parent.is_dir():
            message = f"there is no folder {out.parent} to write into"
            raise BadInput(message)
        try:
            person = teaching_person(options["by"])
        except InvalidInput as error:
            raise BadInput(str(error.message)) from error
        draft = out.with_name(f".{out.name}.part")
        sources: Counter[str] = Counter()
        conversations = {}
        with transaction.atomic():
            with draft.open("w", encoding="utf-8") as file:
                draft.chmod(0o600)
                for taught in taught_dialogues():
                    file.write(json.dumps(taught.row, ensure_ascii=False) + "\n")
                    sources[str(taught.row["source"])] += 1
                    conversations[taught.conversation.pk] = taught.conversation
            record_export(list(conversations.values()), person=person)
        draft.replace(out)
        summary = {
            "file": str(out),
            "dialogues": sources.total(),
            "conversations": len(conversations),
            "sources": dict(sources),
        }
        words = (
            f"{summary['dialogues']} dialogues of {len(conversations)} conversations "
            f"in {out}; read some before you share them"
        )
        self.stdout.write(json.dumps(summary) if options["json"] else words)
        return DONE
