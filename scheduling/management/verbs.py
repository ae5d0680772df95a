"""What the commands of this room share: how they read a problem."""

from pathlib import Path

from hospital.core.verbs import BadInput
from scheduling.solver.formats import read_instance
from scheduling.solver.instance import Instance

MAX_FILE_MB = 64  # the largest published instance has 3


def read_problem(path: Path, *, kind: str) -> Instance:
    """Return the instance in a file.

    Raises:
        BadInput: There is no such file, or it is no text.
        SolverError: It is not what its format says.
    """
    if not path.is_file():
        message = f"there is no file {path}"
        raise BadInput(message)
    if path.stat().st_size > MAX_FILE_MB * 2**20:
        message = f"{path} is larger than {MAX_FILE_MB} MB: no rostering problem is"
        raise BadInput(message)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is no text in UTF-8: save it as such"
        raise BadInput(message) from error
    return read_instance(text, format=kind, name=path.stem)
