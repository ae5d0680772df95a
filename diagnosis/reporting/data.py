"""What is wrong with labelled images, as tables in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any  # Any: what was found is JSON of several shapes

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.labels import label_words
from diagnosis.reporting.words import ends, number, whole
from hospital.core.plots import Axis, Panel, plotted

Document = Mapping[str, Any]
PROBES: Mapping[str, Promise] = {
    "file_facts": gettext_lazy("Width, height, aspect and file size"),
    "grey_levels": gettext_lazy("Ten quantiles of the grey values"),
    "borders": gettext_lazy("The borders of the image"),
    "marks": gettext_lazy("Burned-in letters and arrows"),
    "blurred": gettext_lazy("The image blurred to 8 by 8 pixels"),
    "blurred_covered": gettext_lazy("The same, with the lungs covered"),
}
SPLITS: Mapping[str, Promise] = {
    "train": gettext_lazy("training"),
    "val": gettext_lazy("validation"),
    "test": gettext_lazy("test"),
}
FACTS: Mapping[str, Promise] = {
    "split": gettext_lazy("split"),
    "label": gettext_lazy("label"),
    "patient": gettext_lazy("patient"),
}


def data_panels(found: Document) -> list[Panel]:
    """Return every table of what was found."""
    made = [_probes(found), _splits(found), _counts(found), _pairs(found)]
    return [panel for panel in [*made, _patients(found)] if panel]


def warnings(found: Document) -> list[str]:
    """Return what has to be mended before anything learns from the images."""
    copies, shared = found["copies"], found["shared_patients"]
    told = [
        (
            shared["count"],
            _(
                "%(n)s patients are in more than one split: give each patient one split."
            ),
        ),
        (
            copies["across_splits"],
            _(
                "%(n)s pairs of images in different splits are one image: take one of each "
                "out, or what is measured is flattered."
            ),
        ),
        (
            copies["across_labels"],
            _("%(n)s pairs of one image have two labels: let somebody decide."),
        ),
        (
            not found["has_patients"],
            _(
                "Not every row names its patient: two images of one patient may lie in "
                "different splits unseen. Add the column patient."
            ),
        ),
    ]
    return [words % {"n": whole(count)} for count, words in told if count]


def _probes(found: Document) -> Panel:
    probes = found["probes"]
    known = [(n, p) for n, p in enumerate(probes, start=1) if p["auroc"] is not None]
    return Panel(
        title=_("Shortcut probe"),
        note=_(
            "How well the label %(label)s is told by what is no disease, on patients held "
            "out, test images left alone. Near 0.5 betrays nothing; where a whisker stays "
            "above the dashed line, a network may score without looking at a lung."
        )
        % {"label": label_words(found["positive"])},
        head=[_("What was looked at"), "AUROC", _("From"), _("To")],
        rows=[
            [f"{n}. {PROBES[p['probe']]}", number(p["auroc"]), *ends(p["ci95"])]
            for n, p in enumerate(probes, start=1)
        ],
        plot=plotted(
            x=Axis(
                _("Probe, by its number in the table"),
                0.5,
                len(probes) + 0.5,
                tuple(float(n) for n in range(1, len(probes) + 1)),
                0,
            ),
            y=Axis("AUROC"),
            lines=[("chance", [(0.5, 0.5), (len(probes) + 0.5, 0.5)])],
            dots={"probe": [(n, p["auroc"]) for n, p in known]},
            whiskers={"probe": [(n, *p["ci95"]) for n, p in known if p["ci95"]]},
        ),
        keys=[("probe", _("Probe, with its interval")), ("chance", _("Chance"))],
        is_open=True,
    )


def _splits(found: Document) -> Panel:
    labels = list(found["splits"][0]["labels"])
    return Panel(
        title=_("Splits"),
        head=[
            _("Split"),
            _("Images"),
            _("Patients"),
            *(label_words(label) for label in labels),
        ],
        rows=[
            [
                str(SPLITS[each["split"]]),
                whole(each["images"]),
                whole(each["patients"]),
                *(whole(each["labels"][label]) for label in labels),
            ]
            for each in found["splits"]
        ],
    )


def _counts(found: Document) -> Panel:
    copies = found["copies"]
    rows: Sequence[tuple[str, int]] = [
        (_("The same file"), copies["exact"]),
        (_("Almost the same picture"), copies["near"]),
        (_("In different splits"), copies["across_splits"]),
        (_("With different labels"), copies["across_labels"]),
        (_("Of different patients"), copies["across_patients"]),
    ]
    return Panel(
        title=_("Images that are there twice"),
        note=_(
            "Pairs whose small pictures agree to 0.98. Neighbouring slices of one patient "
            "are often that alike; across splits, labels or patients it is trouble."
        ),
        head=[_("Pairs"), _("Count")],
        rows=[[words, whole(count)] for words, count in rows],
    )


def _pairs(found: Document) -> Panel | None:
    if not found["pairs"]:
        return None
    return Panel(
        title=_("Pairs to look at"),
        head=[_("Image"), _("Its double"), _("Likeness"), _("Differ in")],
        rows=[
            [
                pair["first"],
                pair["second"],
                _("same file") if pair["is_exact"] else number(pair["likeness"]),
                ", ".join(str(FACTS[fact]) for fact in pair["differ"]),
            ]
            for pair in found["pairs"]
        ],
    )


def _patients(found: Document) -> Panel | None:
    shared = found["shared_patients"]
    if not shared["first"]:
        return None
    return Panel(
        title=_("Patients in more than one split"),
        head=[_("Patient")],
        rows=[[patient] for patient in shared["first"]],
    )
