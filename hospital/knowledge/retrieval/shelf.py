"""An index as a folder of plain arrays: read by many workers, written by one at a time."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from hospital.knowledge.retrieval.index import Index, Place
from hospital.knowledge.retrieval.names import Names
from hospital.knowledge.retrieval.sparse import Matrix
from hospital.knowledge.retrieval.spelling import Spelling

_PARTS = ("starts", "rows", "weights")


def keep(index: Index, folder: Path) -> None:
    """Write an index so that it is there whole or not at all; who comes second gives way."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        _write(index, draft)
        os.rename(draft, folder)  # noqa: PTH104  # fails where the folder is there, unlike replace
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def kept(folder: Path) -> Index | None:
    """Return the index in a folder; its arrays stay on disk until they are read."""
    if not (folder / "words.json").is_file():
        return None
    facts = _json(folder / "facts.json")
    spelling = _json(folder / "spelling.json")
    vectors = folder / "vectors.npy"
    return Index(
        lang=facts["lang"],
        places=tuple(Place(*place) for place in facts["places"]),
        words=_matrix(folder, "words"),
        names=Names(
            matrix=_matrix(folder, "names"),
            rarity=_array(folder / "rarity.npy"),
            names=_array(folder / "named.npy"),
            owners=_array(folder / "owners.npy"),
            height=len(facts["places"]),
        ),
        spelling=Spelling(
            names=spelling["names"],
            known=frozenset(spelling["known"]),
            abbreviations=spelling["abbreviations"],
        ),
        vectors=_array(vectors) if vectors.is_file() else None,
    )


def _write(index: Index, folder: Path) -> None:
    places = [(place.id, place.entry, place.qtype) for place in index.places]
    _dump({"lang": index.lang, "places": places}, folder / "facts.json")
    spelling = {
        "names": dict(index.spelling.names),
        "known": sorted(index.spelling.known),
        "abbreviations": dict(index.spelling.abbreviations),
    }
    _dump(spelling, folder / "spelling.json")
    np.save(folder / "rarity.npy", index.names.rarity)
    np.save(folder / "named.npy", index.names.names)
    np.save(folder / "owners.npy", index.names.owners)
    if index.vectors is not None:
        np.save(folder / "vectors.npy", index.vectors)
    for name, matrix in (("names", index.names.matrix), ("words", index.words)):
        for part in _PARTS:
            np.save(folder / f"{name}.{part}.npy", getattr(matrix, part))
        facts = {"terms": list(matrix.terms), "height": matrix.height}
        _dump(facts, folder / f"{name}.json")


def _matrix(folder: Path, name: str) -> Matrix:
    facts = _json(folder / f"{name}.json")
    starts, rows, weights = (_array(folder / f"{name}.{part}.npy") for part in _PARTS)
    return Matrix(
        terms={term: at for at, term in enumerate(facts["terms"])},
        starts=starts,
        rows=rows,
        weights=weights,
        height=facts["height"],
    )


# Any: an array's type stands in its file.
def _array(path: Path) -> Any:
    return np.load(path, mmap_mode="r", allow_pickle=False)


# Any: as above.
def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _dump(value: object, path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
