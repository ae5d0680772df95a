"""The library's part of what `ask` answers; whatever fails there costs the row no more."""

from collections.abc import Callable, Sequence

from django.db import DatabaseError

from consult.dialogue import Outcome, Request
from consult.language.normalize import searched
from hospital.core.verbs import progress_bar
from hospital.knowledge.filling import filled
from hospital.knowledge.models import Library
from hospital.knowledge.services.finding import Answered, answer

# What a library can fail with: the database, its files, an encoder that is not there.
FAILURES = (DatabaseError, OSError, ImportError, RuntimeError, ValueError)


class Quoting:
    """Answers from some libraries, or from all in service."""

    def __init__(
        self, libraries: Sequence[str] | None, *, warn: Callable[[str], None]
    ) -> None:
        """Take the libraries' short names, and whom to tell that they cannot be read."""
        self._libraries = libraries
        self._warn = warn
        self._has_warned = False

    def warn_of_strangers(self) -> None:
        """Tell which of the libraries are not there: nothing is quoted from them."""
        try:
            known = set(Library.objects.values_list("slug", flat=True))
        except FAILURES as error:
            self._tell(error)
            return
        for name in sorted(set(self._libraries or ()) - known):
            self._warn(f"there is no library '{name}'; `import_knowledge` makes it")

    def prepare(self) -> None:
        """Make what the first search needs, with a bar; minutes for a large library."""
        try:
            with progress_bar() as told:
                for lang in ("en", "zh"):
                    answer("fever", lang=lang, libraries=self._libraries, told=told)
        except FAILURES as error:
            self._tell(error)

    def quoted(self, request: Request, outcome: Outcome) -> dict[str, object]:
        """Return the members `abstained`, `passages` and `answer` for a talk.

        A harmful request gets neither; one that is refused otherwise gets no answer.
        """
        refusal = outcome.refusal
        if refusal is not None and refusal.is_harmful:
            return nothing_quoted()
        try:
            found = answer(
                searched("\n".join(request.turns)),
                lang=outcome.language,
                libraries=self._libraries,
                level=outcome.level,
            )
        except FAILURES as error:
            self._tell(error)
            return nothing_quoted()
        return {
            "abstained": found.abstained or refusal is not None,
            "passages": [
                {"id": passage.id, "score": round(passage.score, 6)}
                for passage in found.passages
            ],
            "answer": [] if refusal is not None else sentences_of(found),
        }

    def _tell(self, error: Exception) -> None:
        if not self._has_warned:
            self._has_warned = True
            reason = str(error).partition("\n")[0]
            self._warn(f"no library can be read, so nothing is quoted: {reason}")


def sentences_of(found: Answered) -> list[dict[str, object]]:
    """Return the sentences of an answer as the contract has them."""
    lang = {passage.id: passage.lang for passage in found.passages}
    return [
        {
            "text": filled(sentence.text, lang=lang[sentence.passages[0]]),
            "citations": list(sentence.passages),
        }
        for sentence in found.sentences
    ]


def nothing_quoted() -> dict[str, object]:
    return {"abstained": True, "passages": [], "answer": []}
