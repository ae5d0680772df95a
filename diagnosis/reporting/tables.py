"""What was measured of a model, as tables in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any  # Any: what was measured is JSON of several shapes

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diagnosis.labels import label_words
from diagnosis.reporting.words import DASH, ends, number, share, signed, whole
from hospital.core.plots import Panel

Document = Mapping[str, Any]
CHANGES: Mapping[str, Promise] = {
    "noise_2": gettext_lazy("Noise of 30 HU (0.02 of the grey scale)"),
    "noise_5": gettext_lazy("Noise of 75 HU (0.05 of the grey scale)"),
    "window_lower": gettext_lazy("Window 150 HU lower (brighter)"),
    "window_higher": gettext_lazy("Window 150 HU higher (darker)"),
    "contrast_less": gettext_lazy("Window a quarter wider (less contrast)"),
    "contrast_more": gettext_lazy("Window a fifth narrower (more contrast)"),
    "kernel_soft": gettext_lazy("Softer kernel (blurred)"),
    "kernel_hard": gettext_lazy("Harder kernel (sharpened)"),
    "turned_left": gettext_lazy("Turned left by 10 degrees"),
    "turned_right": gettext_lazy("Turned right by 10 degrees"),
}
RULES: Mapping[str, Promise] = {
    "half": gettext_lazy("One half"),
    "sensitivity": gettext_lazy("For a sensitivity of 90 %"),
    "specificity": gettext_lazy("For a specificity of 90 %"),
}
COLUMNS: Mapping[str, Promise] = {
    "source": gettext_lazy("Source"),
    "shorter side, pixels": gettext_lazy("Shorter side, pixels"),
    "sex": gettext_lazy("Sex"),
    "age_years": gettext_lazy("Age in years"),
    "manufacturer": gettext_lazy("Manufacturer of the scanner"),
    "manufacturer_model_name": gettext_lazy("Model of the scanner"),
}
SEXES: Mapping[str, Promise] = {
    "F": gettext_lazy("Female"),
    "M": gettext_lazy("Male"),
    "O": gettext_lazy("Other"),
}


def tables(measured: Document) -> list[Panel]:
    """Return every table that what was measured has numbers for."""
    made = [
        _points(measured),
        _left_open(measured),
        _classes(measured),
        _confusion(measured),
        _covered(measured),
        _changes(measured),
        _maps(measured),
        _parts(measured),
        _comparison(measured),
    ]
    return [panel for panel in made if panel]


def _points(measured: Document) -> Panel | None:
    points = measured.get("points")
    if not points:
        return None
    return Panel(
        title=_("Operating points"),
        note=_(
            "What the answers are worth from each threshold on. The last two were chosen "
            "on these very images: expect a little less on others."
        ),
        head=[
            _("Chosen"),
            _("Threshold"),
            _("Sensitivity"),
            _("Specificity"),
            _("Precision"),
            _("Negative predictive value"),
            _("Found"),
            _("Missed"),
            _("False alarms"),
            _("Rightly cleared"),
        ],
        rows=[
            [
                str(RULES[p["rule"]]),
                *(
                    number(p[key])
                    for key in (
                        "threshold",
                        "sensitivity",
                        "specificity",
                        "precision",
                        "negative_predictive_value",
                    )
                ),
                *(
                    whole(p[key])
                    for key in (
                        "true_positive",
                        "false_negative",
                        "false_positive",
                        "true_negative",
                    )
                ),
            ]
            for p in points
        ],
    )


def _left_open(measured: Document) -> Panel:
    """Return what conformal prediction came to, or that there is none and why."""
    found, title = measured.get("left_open"), _("Labels left open")
    if not found:
        return Panel(
            title=title,
            note=_(
                "This version was sealed without a limit for what it may rule out in images "
                "like these, so no answer says which labels stay open. The command "
                "calibrate_ct makes a version of the same weights that has one."
            ),
            head=[],
            rows=[],
        )
    return Panel(
        title=title,
        note=_(
            "A finding leaves open every label that it cannot rule out, so that the true one "
            "is among them for the share wanted, of patients like the %(n)s on whom the "
            "limit was fitted. Of other patients it may be less: look at the share found."
        )
        % {"n": whole(found["fitted_on"])},
        head=[_("The true label is among them"), _("Share"), _("From"), _("To")],
        rows=[
            [_("Wanted"), share(found["wanted"]), DASH, DASH],
            [_("Found"), share(found["covered"]), *_ends_as_shares(found["ci95"])],
            *(
                [
                    _("Found where the truth is %(label)s (%(n)s images)")
                    % {"label": label_words(each["label"]), "n": whole(each["n"])},
                    share(each["covered"]) if each["n"] else DASH,
                    DASH,
                    DASH,
                ]
                for each in found["by_label"]
            ),
            [_("One label left open"), share(found["one"]), DASH, DASH],
            [_("More than one left open"), share(found["several"]), DASH, DASH],
            [
                _("None likely enough: the likeliest is said"),
                share(found["none"]),
                DASH,
                DASH,
            ],
        ],
    )


def _ends_as_shares(ends: tuple[float, float] | None) -> list[str]:
    return [share(end) for end in ends] if ends else [DASH, DASH]


def _classes(measured: Document) -> Panel:
    return Panel(
        title=_("Each label against the others"),
        head=[_("Label"), _("Images"), _("Precision"), _("Recall"), "F1", "AUROC"],
        rows=[
            [
                label_words(each["label"]),
                whole(each["n"]),
                *(number(each[key]) for key in ("precision", "recall", "f1", "auroc")),
            ]
            for each in measured["classes"]
        ],
    )


def _confusion(measured: Document) -> Panel | None:
    """Return what was said of each true label; None where that was not kept."""
    confusion = measured.get("confusion")
    if not confusion:
        return None
    is_withheld = any(each["withheld"] for each in confusion)
    return Panel(
        title=_("What was said of each label"),
        note=_(
            "Rows are the truth, columns what the model said, in numbers of images: right "
            "answers stand where a label meets itself."
        ),
        head=[
            _("True label"),
            *(label_words(each["label"]) for each in confusion),
            *([_("No answer")] if is_withheld else []),
        ],
        rows=[
            [
                label_words(each["label"]),
                *(whole(count) for count in each["said"]),
                *([whole(each["withheld"])] if is_withheld else []),
            ]
            for each in confusion
        ],
    )


def _covered(measured: Document) -> Panel | None:
    covered = measured.get("covered")
    if not covered:
        return None
    figures = measured["figures"]
    return Panel(
        title=_("Without the lungs"),
        note=_(
            "The shortcut control: the same images with the lungs covered. What is left of "
            "the score comes from margins, chest wall and the style of the source, is no "
            "finding, and will not travel to another hospital."
        ),
        head=[_("What was read"), "AUROC", _("From"), _("To"), _("Answered")],
        rows=[
            [
                _("Images as they are"),
                number(figures["auroc"]),
                *ends(figures["auroc_ci95"]),
                share(1 - figures["abstained"] / figures["n"]),
            ],
            [
                _("Lungs covered"),
                number(covered["auroc"]),
                *ends(covered["own_ci95"]),
                share(covered["answered"]),
            ],
            [
                _("Covered less as they are"),
                signed(covered["difference"]),
                *ends(covered["ci95"], is_signed=True),
                DASH,
            ],
        ],
    )


def _changes(measured: Document) -> Panel | None:
    changes = measured.get("changes")
    if not changes:
        return None
    return Panel(
        title=_("Images that differ as scanners do"),
        note=_(
            "Each image once more after a change that changes no diagnosis. AUROC and its "
            "difference show whether the order of the images holds; the move of the "
            "probability whether the number does."
        ),
        head=[
            _("Change"),
            "AUROC",
            _("Difference"),
            _("From"),
            _("To"),
            _("Mean move"),
            _("Mean shift"),
            _("Answered"),
        ],
        rows=[
            [
                str(CHANGES.get(each["change"], each["change"])),
                number(each["auroc"]),
                signed(each["difference"]),
                *ends(each["ci95"], is_signed=True),
                number(each["moved"]),
                signed(each["shift"]),
                share(each["answered"]),
            ]
            for each in changes
        ],
    )


def _maps(measured: Document) -> Panel | None:
    maps = measured.get("maps")
    if not maps:
        return None
    return Panel(
        title=_("What the maps are worth"),
        note=ngettext(
            "On %(n)s image. A map that looks the same under random weights shows the "
            "picture, not the model. Taking away the map's places, strongest first, "
            "should cost more than taking any places; giving them back should gain more.",
            "On %(n)s images. A map that looks the same under random weights shows the "
            "picture, not the model. Taking away the map's places, strongest first, "
            "should cost more than taking any places; giving them back should gain more.",
            int(maps["n"]),
        )
        % {"n": whole(maps["n"])},
        head=[_("Test"), _("The map"), _("To compare with"), _("Better is")],
        rows=[
            [
                _("Likeness to the map under a random last layer"),
                number(maps["random_head"]),
                "0",
                _("lower"),
            ],
            [
                _("Likeness to the map under random weights"),
                number(maps["random_weights"]),
                "0",
                _("lower"),
            ],
            [
                _("Probability while places are taken away"),
                number(maps["deletion"]),
                number(maps["deletion_random"]),
                _("lower"),
            ],
            [
                _("Probability while places are given back"),
                number(maps["insertion"]),
                number(maps["insertion_random"]),
                _("higher"),
            ],
        ],
    )


def _parts(measured: Document) -> Panel | None:
    parts = measured.get("parts")
    if not parts:
        return None
    return Panel(
        title=_("By source and group"),
        note=_("Groups are small: look at the interval before the figure."),
        head=[
            _("Group"),
            _("Images"),
            _("Patients"),
            "AUROC",
            _("From"),
            _("To"),
            _("Accuracy"),
            _("Recall"),
            _("No answer"),
        ],
        rows=[
            [
                f"{COLUMNS.get(each['by'], each['by'])}: {_named(each['by'], each['name'])}",
                whole(each["n"]),
                whole(each["patients"]),
                number(each["auroc"]),
                *ends(each["auroc_ci95"]),
                number(each["accuracy"]),
                number(each["recall"]) if each["positives"] else DASH,
                whole(each["abstained"]),
            ]
            for each in parts
        ],
    )


def _comparison(measured: Document) -> Panel | None:
    found = measured.get("comparison")
    if not found:
        return None
    return Panel(
        title=_("Beside %(model)s") % {"model": found["against"]},
        note=_(
            "Both read the same %(n)s images of %(patients)s patients; the interval draws "
            "patients, the same for both."
        )
        % {"n": whole(found["n"]), "patients": whole(found["patients"])},
        head=[_("Figure"), _("Value"), _("From"), _("To")],
        rows=[
            [
                _("AUROC of %(model)s") % {"model": measured.get("model", "")},
                number(found["auroc"]),
                DASH,
                DASH,
            ],
            [
                _("AUROC of %(model)s") % {"model": found["against"]},
                number(found["against_auroc"]),
                DASH,
                DASH,
            ],
            [
                _("Difference"),
                signed(found["difference"]),
                *ends(found["ci95"], is_signed=True),
            ],
            [
                _("Share of the draws in which it was ahead"),
                share(found["better_share"]),
                DASH,
                DASH,
            ],
        ],
    )


def _named(by: str, name: str) -> str:
    """Return the name of a group, the parts of a number in words."""
    if by == "sex":
        return str(SEXES.get(name, name))
    for word, words in (
        ("at least ", _("at least %(number)s")),
        ("under ", _("under %(number)s")),
    ):
        if name.startswith(word):
            return words % {"number": name.removeprefix(word)}
    if between := re.fullmatch(r"(\d+) to (\d+)", name):
        return _("%(low)s to %(high)s") % {"low": between[1], "high": between[2]}
    return name
