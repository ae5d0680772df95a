"""The store of adapters as people see it: what stands there, what serves, what is broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consult.learning.entry import AdapterEntry, load_adapter
from consult.models import AdapterActivation
from consult.models.adapter import AdapterTask
from consult.services.adapters import active_adapters
from hospital.core.help import to_html
from hospital.core.saying import said
from hospital.core.sealed import StoreError, references

MEANS = ("macro_precision", "macro_recall", "macro_f1")


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """What was measured on the same rows.

    Attributes:
        measured_on: Which rows, and how many.
        lines: Who answered, and a figure for each column.
    """

    measured_on: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class AdapterFigures:
    """How an adapter measured, worded.

    Attributes:
        columns: What each figure of a line is.
        gain: How it moves what it replaces, with its interval.
    """

    columns: tuple[str, ...]
    groups: tuple[FigureGroup, ...]
    gain: str


@dataclass(frozen=True, slots=True)
class ShelvedAdapter:
    """One entry of the store, or why it cannot serve.

    Attributes:
        entry: None where the files are not those that were sealed, or make no sense.
        trouble: Why, in a sentence; empty for an entry that can serve.
        figures: None where its metrics do not tell them.
    """

    name: str
    version: str
    entry: AdapterEntry | None
    trouble: str
    is_active: bool
    figures: AdapterFigures | None

    @property
    def reference(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def task(self) -> str:
        return str(AdapterTask(self.entry.task).label) if self.entry else ""

    @property
    def card(self) -> SafeString:
        return to_html(self.entry.card if self.entry else "")


def shelved_adapters() -> list[ShelvedAdapter]:
    """Return every entry of the store, newest version first, each verified."""
    in_service = {
        (row.name, row.version): row.digest for row in active_adapters().values()
    }
    return [
        _shelved(*pair, digest=in_service.get(pair, ""), is_active=pair in in_service)
        for pair in references(Path(settings.ADAPTER_STORE))[::-1]
    ]


def adapters_of(row: AdapterActivation) -> list[ShelvedAdapter]:
    """Return what a row put into service, as it lies in the store now; none, or one."""
    if not row.name:
        return []
    is_active = active_adapters().get(row.task) == row
    return [_shelved(row.name, row.version, digest=row.digest, is_active=is_active)]


def _shelved(
    name: str, version: str, *, digest: str, is_active: bool
) -> ShelvedAdapter:
    """Return an entry; a digest is that which it was put into service with."""
    entry, trouble = None, ""
    try:
        entry = load_adapter(Path(settings.ADAPTER_STORE), name, version)
    except StoreError as error:
        trouble = said(error.message)
    if entry and digest not in ("", entry.digest):
        trouble = _("Its files are not those that were put into service.")
    figures = _figures(entry) if entry else None
    return ShelvedAdapter(name, version, entry, trouble, is_active, figures)


def _figures(entry: AdapterEntry) -> AdapterFigures | None:
    try:
        if entry.task == "generate":
            return _of_replies(entry.metrics)
        return _of_labels(entry.metrics)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None  # sealed so: the page says that they are not there


def _of_labels(metrics: Mapping[str, Any]) -> AdapterFigures:
    languages = {"en": _("English"), "zh": _("Chinese")}
    names = {"served": _("As it serves"), "rules": _("Rules alone")}
    groups = [
        FigureGroup(
            _("Messages that it never saw, %(language)s: %(n)s")
            % {"n": int(told["served"]["n"]), "language": languages[language]},
            tuple(
                (words, tuple(_rounded(told[name][mean]) for mean in MEANS))
                for name, words in names.items()
                if name in told
            ),
        )
        for language, told in metrics["test"].items()
    ]
    words = _(
        "Against the rules alone, F1 over all these messages moves by %(gain)s (95 %% "
        "interval %(low)s to %(high)s)."
    )
    columns = (_("Precision"), _("Recall"), _("F1"))
    return AdapterFigures(columns, tuple(groups), words % _moved(metrics))


def _of_replies(metrics: Mapping[str, Any]) -> AdapterFigures:
    test = metrics["test"]
    group = FigureGroup(
        _("Talks that it never saw: %(n)s") % {"n": int(test["n"])},
        tuple(
            (words, (_rounded(test[loss]), _rounded(test[perplexity])))
            for words, loss, perplexity in (
                (_("As it serves"), "loss", "perplexity"),
                (_("Its base alone"), "base_loss", "base_perplexity"),
            )
        ),
    )
    words = _(
        "Against its base alone, the loss a token falls by %(gain)s (95 %% interval "
        "%(low)s to %(high)s)."
    )
    columns = (_("Loss a token"), _("Perplexity"))
    return AdapterFigures(columns, (group,), words % _moved(metrics))


def _moved(metrics: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: f"{float(metrics['gate'][key]):+.3f}" for key in ("gain", "low", "high")
    }


def _rounded(value: Any) -> str:
    return f"{float(value):.3f}"
