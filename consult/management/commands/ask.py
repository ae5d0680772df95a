"""`manage.py ask "TEXT" --json`, `ask --batch IN --out OUT`: what a talk comes to.

Safety, intent, refusals, triage and departments are answered by rules, and stand whatever
becomes of the library: where that cannot be read, a row has neither passages nor answer.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from consult.dialogue import Outcome, Request, RequestError, read_request, take_turn
from consult.dialogue.interview import why_for_patient
from consult.management.quoting import Quoting, nothing_quoted
from consult.safety.check import Person
from consult.safety.errors import PersonError
from consult.triage import acuity_of
from hospital.core.verbs import DONE, BadInput, Verb


class Command(Verb):
    help = "Say what a message asks for, how urgent it is, and what the library says."
    needs_services = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="?", metavar="TEXT")
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument("--batch", metavar="IN", help="JSON Lines to answer")
        parser.add_argument("--out", metavar="OUT", help="where the answers go")
        parser.add_argument(
            "--library",
            action="append",
            metavar="NAME",
            help="answer from this one (several times: these); else all in service",
        )

    def perform(self, options: dict[str, Any]) -> int:
        take_turn(Request(("",), None, Person()))  # compiles the rules, once
        quoting = Quoting(options["library"], warn=self._warn)
        quoting.warn_of_strangers()
        if options["batch"] is not None:
            return _answer_all(options["batch"], options["out"], quoting)
        if not options["text"]:
            message = "give a TEXT, or --batch IN with --out OUT"
            raise BadInput(message)
        document = answered({"text": options["text"]}, quoting)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.stdout.write(in_words(document))
        return DONE

    def _warn(self, words: str) -> None:
        self.stderr.write(f"warning: {words}", style_func=str)


def answered(row: object, quoting: Quoting) -> dict[str, object]:
    """Return the document for one row; a row that cannot be read gets its error."""
    started = time.perf_counter()
    name = row.get("id") if isinstance(row, dict) else None
    try:
        request = read_request(row)
        outcome = take_turn(request)
        document = as_json(outcome) | quoting.quoted(request, outcome)
    except (RequestError, PersonError) as error:
        document = {**_by_words_alone(row), "error": str(error)}
    elapsed_ms = round((time.perf_counter() - started) * 1000, 3)
    return {"id": name, **document, "elapsed_ms": elapsed_ms}


def _by_words_alone(row: object) -> dict[str, object]:
    """Return what the words come to: a wrong age or vital must not hide a danger."""
    words = {
        name: value
        for name, value in (row.items() if isinstance(row, dict) else ())
        if name in {"text", "turns"}
    }
    try:
        return as_json(take_turn(read_request(words)))
    except RequestError:
        return unread()


def as_json(outcome: Outcome) -> dict[str, object]:
    """Return the members of the contract for what a talk came to."""
    return {
        "lang": outcome.language,
        "intent": outcome.intent,
        "crisis": outcome.safety.is_crisis,
        "emergency": outcome.level == "emergency",
        "level": outcome.level,
        "acuity": outcome.acuity,
        "rules": [found.rule for found in outcome.safety.heard],
        "unsure": list(outcome.safety.asks),
        "reasons": [reason.code for reason in outcome.reasons],
        "why": why_for_patient(outcome.grave_reasons, outcome.level, outcome.language),
        "departments": list(outcome.departments),
        "refused": outcome.refusal is not None,
        "refusal": _refusal(outcome),
        "handoff": outcome.hands_off,
        **nothing_quoted(),
    }


def unread() -> dict[str, object]:
    """Return the members for a row that could not be read; a person should look."""
    return {
        "lang": "en",
        "intent": "out_of_scope",
        "crisis": False,
        "emergency": False,
        "level": "routine",
        "acuity": acuity_of("routine", is_immediate=False),
        "rules": [],
        "unsure": [],
        "reasons": [],
        "why": "",
        "departments": [],
        "refused": False,
        "refusal": None,
        "handoff": False,
        **nothing_quoted(),
    }


def in_words(document: dict[str, Any]) -> str:  # Any: a JSON document
    """Return the main lines for a person."""
    lines = [
        f"level        {document['level']}",
        f"acuity       {document['acuity']} of 5",
        f"intent       {document['intent']}",
        f"departments  {', '.join(document['departments'])}",
        f"rules        {', '.join(document['rules']) or 'none'}",
    ]
    if document["refusal"]:
        lines.append(f"refused      {document['refusal']['why']}")
    lines.extend(
        f"{sentence['text']} [{', '.join(sentence['citations'])}]"
        for sentence in document["answer"]
    )
    return "\n".join(lines)


def _refusal(outcome: Outcome) -> dict[str, str] | None:
    if outcome.refusal is None:
        return None
    return {
        "category": outcome.refusal.category,
        "why": outcome.refusal.why[outcome.language],
        "instead": outcome.refusal.instead[outcome.language],
    }


def _answer_all(source: str, out: str | None, quoting: Quoting) -> int:
    path = Path(source)
    if not path.is_file():
        message = f"there is no file {path}"
        raise BadInput(message)
    if out is None or not Path(out).parent.is_dir():
        message = "--batch needs --out, a file in a folder that exists"
        raise BadInput(message)
    quoting.prepare()  # so that no row pays for it
    with Path(out).open("w", encoding="utf-8", errors="backslashreplace") as answers:
        for row in _rows(path):
            line = json.dumps(answered(row, quoting), ensure_ascii=False)
            answers.write(f"{line}\n")
    return DONE


def _rows(path: Path) -> Iterator[object]:
    """Yield each line's value; a line that is no JSON is a row too, a bad one."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            yield row
