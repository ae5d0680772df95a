"""What was measured of a model, as curves in the reader's language."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any  # Any: what was measured is JSON of several shapes

from django.utils.translation import gettext as _

from diagnosis.labels import label_words
from diagnosis.reporting.words import number, share, table, whole, with_interval
from hospital.core.plots import Axis, Panel, plotted

Document = Mapping[str, Any]


def curves(measured: Document) -> list[Panel]:
    """Return every curve that what was measured has points for."""
    made = [
        _roc(measured),
        _precision_recall(measured),
        _reliability(measured),
        _decision(measured),
        _abstention(measured),
    ]
    return [panel for panel in made if panel]


def headline(measured: Document) -> list[tuple[str, str]]:
    """Return the main figures: words, and value with its interval."""
    figures, intervals = measured["figures"], measured.get("intervals", {})
    return [
        ("AUROC", with_interval(figures["auroc"], figures["auroc_ci95"])),
        (
            _("Area under precision and recall"),
            with_interval(measured.get("auprc"), intervals.get("auprc")),
        ),
        (
            _("Sensitivity at a specificity of 90 %"),
            with_interval(
                figures["sensitivity_at_90_specificity"],
                intervals.get("sensitivity_at_90_specificity"),
            ),
        ),
        (_("Accuracy"), with_interval(figures["accuracy"], intervals.get("accuracy"))),
        (_("Brier score"), with_interval(figures["brier"], intervals.get("brier"))),
        (_("Calibration error"), number(figures["ece"])),
        *(
            [(_("No answer"), share(figures["abstained"] / figures["n"]))]
            if "made" in measured
            else []
        ),
    ]


def _roc(measured: Document) -> Panel | None:
    points = measured.get("roc")
    if not points:
        return None
    chosen = [(1 - p["specificity"], p["sensitivity"]) for p in measured["points"]]
    return Panel(
        title=_("ROC curve"),
        note=_(
            "How many sick are found for how many false alarms, at every threshold."
        ),
        head=[_("False alarms"), _("Sensitivity")],
        rows=table(points),
        plot=plotted(
            x=Axis(_("False alarms among those without")),
            y=Axis(_("Sensitivity")),
            lines=[("chance", [(0, 0), (1, 1)]), ("roc", points)],
            dots={"at": chosen},
        ),
        keys=[
            ("roc", _("This model")),
            ("at", _("Operating points")),
            ("chance", _("Chance")),
        ],
    )


def _precision_recall(measured: Document) -> Panel | None:
    points = measured.get("precision_recall")
    if not points:
        return None
    found = measured["positives"] / measured["n"]
    return Panel(
        title=_("Precision and recall"),
        note=_("How many alarms are right for how many sick found."),
        head=[_("Recall"), _("Precision")],
        rows=table(points),
        plot=plotted(
            x=Axis(_("Recall (sensitivity)")),
            y=Axis(_("Precision")),
            lines=[("chance", [(0, found), (1, found)]), ("precision", points)],
        ),
        keys=[("precision", _("This model")), ("chance", _("Chance"))],
    )


def _reliability(measured: Document) -> Panel | None:
    bins = measured.get("reliability")
    if not bins:
        return None
    label = label_words(measured["positive"])
    return Panel(
        title=_("Reliability"),
        note=_(
            "A dot on the dashed line means what it says: of 10 images given 70 %%, 7 "
            "are %(label)s. Whiskers: 95 %% of what chance leaves each dot."
        )
        % {"label": label},
        head=[_("Said"), _("Found"), _("From"), _("To"), _("Images")],
        rows=[
            [number(b[key]) for key in ("said", "found", "low", "high")]
            + [whole(b["n"])]
            for b in bins
        ],
        plot=plotted(
            x=Axis(_("Probability said")),
            y=Axis(_("Share found")),
            lines=[("chance", [(0, 0), (1, 1)])],
            dots={"reliability": [(b["said"], b["found"]) for b in bins]},
            whiskers={"reliability": [(b["said"], b["low"], b["high"]) for b in bins]},
        ),
        keys=[("reliability", _("This model")), ("chance", _("As it should be"))],
    )


def _decision(measured: Document) -> Panel | None:
    points = measured.get("decision")
    if not points:
        return None
    top = max(measured["positives"] / measured["n"], 0.1)
    low = -0.25 * top
    return Panel(
        title=_("Decision curve"),
        note=_(
            "What acting on the model is worth beside acting on everybody or nobody. A "
            "threshold of 20 % means: four false alarms are worth one sick person found."
        ),
        head=[_("Threshold"), _("This model"), _("Acting on everybody")],
        rows=[
            [number(p["threshold"]), number(p["model"]), number(p["all"])]
            for p in points
        ],
        plot=plotted(
            x=Axis(_("Threshold")),
            y=Axis(_("Net benefit"), low, top, (0.0, round(top / 2, 2), round(top, 2))),
            lines=[
                (
                    "treat_all",
                    _above([(p["threshold"], p["all"]) for p in points], low),
                ),
                ("chance", [(0, 0), (1, 0)]),
                ("decision", [(p["threshold"], p["model"]) for p in points]),
            ],
        ),
        keys=[
            ("decision", _("This model")),
            ("treat_all", _("Acting on everybody")),
            ("chance", _("Acting on nobody")),
        ],
    )


def _abstention(measured: Document) -> Panel | None:
    points = measured["abstention"]
    areas = [(p["answered"], p["auroc"]) for p in points if p["auroc"] is not None]
    rights = [(p["answered"], p["accuracy"]) for p in points]
    low = min([0.5, *(value for _share_, value in [*areas, *rights])])
    return Panel(
        title=_("Answering less"),
        note=_(
            "How right the answers are when only the surest share of them is given."
        ),
        head=[_("Answered"), _("Accuracy"), "AUROC", _("Images")],
        rows=[
            [
                share(p["answered"]),
                number(p["accuracy"]),
                number(p["auroc"]),
                whole(p["n"]),
            ]
            for p in points
        ],
        plot=plotted(
            x=Axis(_("Share answered"), 0.5, 1.0, (0.5, 0.6, 0.7, 0.8, 0.9, 1.0), 1),
            y=Axis("", low, 1.0, tuple(t for t in (0.25, 0.5, 0.75, 1.0) if t >= low)),
            lines=[("answered", rights), ("answered_auroc", areas)],
        ),
        keys=[("answered", _("Accuracy")), ("answered_auroc", "AUROC")],
    )


def _above(
    points: Sequence[tuple[float, float]], low: float
) -> list[tuple[float, float]]:
    """Return a falling line down to where it leaves the box."""
    kept = [points[0]]
    for (x, y), (next_x, next_y) in pairwise(points):
        if next_y < low:
            return [*kept, (x + (next_x - x) * (y - low) / (y - next_y), low)]
        kept.append((next_x, next_y))
    return kept
