"""What the solver refuses, in words that name the value and the rule."""

from scheduling.solver.message import Phrase, apart


class SolverError(ValueError):
    """Something that a roster cannot be made from.

    Attributes:
        told: The message; a `Phrase` where it can be said in any language.
    """

    def __init__(self, told: str = "") -> None:
        self.told = told
        super().__init__(told)


class InstanceError(SolverError):
    """The instance contradicts itself or lies outside what can be solved."""


class FormatError(SolverError):
    """A file that is not what its format says.

    The message shows what the file holds; what no page could encode is told as its code.

    Attributes:
        line: Where, counted from 1; 0 where no line is to blame.
    """

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line
        told = message.encode(errors="backslashreplace").decode()
        self.args = (f"line {line}: {told}" if line else told,)


def error_apart(error: SolverError) -> dict[str, object]:
    """Return an error as JSON takes it, its values apart, to be said to any reader."""
    line = error.line if isinstance(error, FormatError) else 0
    told = error.told
    if isinstance(told, Phrase):
        return {"line": line, **apart(told.template, told.values)}
    return {"line": line, **apart("%(why)s", [("why", told)])}
