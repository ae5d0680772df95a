"""Questions with their answers, a row each: JSON lines, and tables as CSV.

    {"id", "question", "answer", "source", "url", "focus", "qtype", "lang"}

The id is kept and cites the answer. A row without `answer` is a pointer.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hospital.knowledge.reading.fhir import read_resource
from hospital.knowledge.reading.incoming import (
    Flaw,
    Incoming,
    IncomingError,
    IncomingPassage,
    clean,
    day_of,
    language_of,
    one_line,
)
from hospital.knowledge.reading.lines import Line, Told, lines_of

COLUMNS = ("id", "question")  # what a table cannot do without
SEPARATORS = ",;\t"
BETWEEN_WORDS = ";"  # in a cell that holds several


def read_json_lines(path: Path, told: Told) -> Iterator[Incoming | Flaw]:
    """Yield the entry of each line, FHIR resources too, or what is wrong with it."""
    for line in lines_of(path, told):
        if isinstance(line, Flaw):
            yield line
        elif line.text.strip():
            yield from _of_line(path, line)


def read_table(path: Path, told: Told) -> Iterator[Incoming | Flaw]:
    """Yield the entry of each row of a table whose first line names its columns."""
    text = list[str]()
    for line in lines_of(path, told):
        if isinstance(line, Flaw):
            yield line
            text.append("\n")  # the lines below keep their numbers
        else:
            text.append(line.text)
    header = text[0] if text else ""
    separator = max(SEPARATORS, key=header.count)
    table = csv.DictReader(io.StringIO("".join(text)), delimiter=separator)
    try:
        absent = [name for name in COLUMNS if name not in (table.fieldnames or ())]
        if absent:
            problem = f"the first line must name the columns; {', '.join(absent)} is not there"
            yield Flaw(str(path), "line 1", "no_columns", problem)
            return
        for row in table:
            yield _of_row(path, f"line {table.line_num}", row)
    except csv.Error as error:
        where = f"line {table.line_num + 1}"
        yield Flaw(str(path), where, "not_a_table", f"{error}; mend the quotes there")


def _of_line(path: Path, line: Line) -> Iterator[Incoming | Flaw]:
    where = f"line {line.number}"
    try:
        row = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        yield Flaw(str(path), where, "not_json", f"not JSON: {_first(error)}")
        return
    if not isinstance(row, dict):
        yield Flaw(str(path), where, "not_a_row", "write one JSON object a line")
    elif "resourceType" in row:
        yield read_resource(path, where, row)
    else:
        yield _of_row(path, where, row)


# Any: what a row holds is known only once it is read.
def _of_row(path: Path, where: str, row: Mapping[str, Any]) -> Incoming | Flaw:
    try:
        return _entry(row, where)
    except IncomingError as error:
        return Flaw(str(path), where, "bad_entry", str(error))


def _entry(row: Mapping[str, Any], where: str) -> Incoming:
    id_ = one_line(_text(row, "id"))
    question = one_line(_text(row, "question"))
    if not question:
        message = "'question' is missing or empty; fill it in"
        raise IncomingError(message)
    answer = clean(_text(row, "answer"))
    qtype = one_line(_text(row, "qtype"))
    return Incoming(
        id=id_,
        lang=language_of(one_line(_text(row, "lang")), text=question),
        title=question,
        passages=(IncomingPassage(id_, question, qtype, answer),),
        where=where,
        source=one_line(_text(row, "source")),
        focus=one_line(_text(row, "focus")),
        qtype=qtype,
        synonyms=_words(row, "synonyms"),
        category=one_line(_text(row, "category")),
        departments=_words(row, "departments"),
        url=clean(_text(row, "url")),
        licence=one_line(_text(row, "licence")),
        is_pointer=not answer,
        written=day_of(clean(_text(row, "written")), field="written"),
        reviewed_by=one_line(_text(row, "reviewed_by")),
        reviewed=day_of(clean(_text(row, "reviewed")), field="reviewed"),
        expires=day_of(clean(_text(row, "expires")), field="expires"),
    )


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, int) and field == "id" and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        message = f"'{field}' must be text, not {type(value).__name__}"
        raise IncomingError(message)
    return value


def _words(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = row.get(field) or ()
    if isinstance(value, str):
        value = value.split(BETWEEN_WORDS)
    if not isinstance(value, list | tuple):
        message = f"'{field}' must be a list of words"
        raise IncomingError(message)
    if not all(isinstance(word, str) for word in value):
        message = f"'{field}' holds something that is no word"
        raise IncomingError(message)
    words = (one_line(word) for word in value)
    return tuple(dict.fromkeys(word for word in words if word))


def _first(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
