"""Which reader takes which file."""

from collections.abc import Callable, Iterator
from pathlib import Path

from hospital.knowledge.reading.fhir import read_bundle
from hospital.knowledge.reading.incoming import Flaw, Incoming
from hospital.knowledge.reading.lines import PACKED, Told
from hospital.knowledge.reading.markdown import read_folder, read_one
from hospital.knowledge.reading.rows import read_json_lines, read_table

Reader = Callable[[Path, Told], Iterator[Incoming | Flaw]]
READERS: dict[str, Reader] = {
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_table,
}
KINDS = (
    "a folder of Markdown, .md, .jsonl, .ndjson or .csv (also .gz), or .json of FHIR"
)


def read_file(path: Path, told: Told) -> Iterator[Incoming | Flaw]:
    """Yield what a file or folder holds; a flaw where it is none that is known."""
    if not _is_there(path):
        yield Flaw(str(path), "", "no_such_file", "there is no such file or folder")
        return
    reader = READERS.get(
        path.with_suffix("").suffix if path.suffix == PACKED else path.suffix
    )
    if path.is_dir():
        yield from read_folder(path, told)
    elif reader is not None:
        yield from reader(path, told)
    elif path.suffix == ".json":
        yield from read_bundle(path, told)
    elif path.suffix == ".md":
        yield read_one(path)
    else:
        yield Flaw(str(path), "", "unknown_kind", f"give {KINDS}")


def _is_there(path: Path) -> bool:
    try:
        return path.is_file() or path.is_dir()
    except OSError:  # a name too long for any file
        return False
