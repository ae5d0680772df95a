"""An entry's words: configuration, labels, and the card that says what it is and is not."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from diagnosis.inference.entry import (
    ATTENTION,
    LOUDEST,
    Aggregation,
    Limits,
    NetworkShape,
    Preprocessing,
    Views,
)
from diagnosis.training.how import robustness, way

# Of config.toml, what is fitted; all else is the template that it was made from.
FITTED_TABLES = ("network", "views", "series", "preprocessing", "engines")
FITTED_KEYS = ("positive", "engine")
CHEST_CT = Path(__file__).with_name("chest_ct.toml")

# By pooling: how the answer of a series is made.
SERIES = {
    LOUDEST: "the\nhalf of the slices that speaks loudest is averaged.",
    ATTENTION: (
        "what\neach slice counts was learned from whole series (gated attention), and is told."
    ),
}
SERIES_ALONE = (
    "Calibrated for whole series only, on which its figures are measured. A weight says\n"
    "  how far the answer is that slice's own; it is no finding."
)


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """What a person adds to what is measured.

    Attributes:
        template: TOML with title, notice, what it reads, aggregation, limits and rules.
        data: Where the images come from and under which terms, one paragraph.
        command: How the entry was made.
    """

    template: str
    data: str = "Not stated."
    command: str = "manage.py train_ct"

    @property
    def title(self) -> str:
        return str(tomllib.loads(self.template)["title"])

    @property
    def aggregation(self) -> Aggregation:
        return Aggregation.from_table(
            tomllib.loads(self.template).get("aggregation", {})
        )

    @property
    def limits(self) -> Limits:
        return Limits(**tomllib.loads(self.template).get("limits", {}))

    @property
    def reads(self) -> str:
        """Return what one image is, `axial chest CT slice`."""
        return str(tomllib.loads(self.template).get("reads", "CT slice"))

    @property
    def notice(self) -> str:
        return str(tomllib.loads(self.template)["notice"])


def config_toml(
    texts: EntryTexts,
    *,
    positive: str,
    preprocessing: Preprocessing,
    shape: NetworkShape,
    engines: Mapping[str, str],
    default: str,
    views: Views | None = None,
    pooling: str = LOUDEST,
) -> str:
    """Return config.toml: what was fitted, then the template with its rules."""
    head, _, tables = texts.template.partition("\n[")
    views = views or Views()
    lines = [
        head,
        f"positive = {_quoted(positive)}",
        f"engine = {_quoted(default)}",
        "",
        "[network]",
        f"architecture = {_quoted(shape.architecture)}",
        *([f"widths = {list(shape.widths)}"] if shape.has_free_widths else []),
        *([f"members = {shape.members}"] if shape.members > 1 else []),
        *([f"slices = {shape.slices}"] if shape.slices > 1 else []),
        "",
        "[views]",
        f"flip = {str(views.flip).lower()}",
        f"shift = {views.shift}",
        "",
        "[series]",
        f"pooling = {_quoted(pooling)}",
        "",
        "[preprocessing]",
        f"size = {preprocessing.size}",
        f"mean = {preprocessing.mean!r}",
        f"standard_deviation = {preprocessing.standard_deviation!r}",
        f"window_center_hu = {preprocessing.window_center_hu!r}",
        f"window_width_hu = {preprocessing.window_width_hu!r}",
        "",
        "[engines]",
        *(f"{name} = {_quoted(file)}" for name, file in sorted(engines.items())),
        "",
        f"[{tables}",
    ]
    return "\n".join(lines)


def template_of(config: str) -> str:
    """Return the template that a config.toml was made from, as `config_toml` takes it."""
    head, *tables = re.split(r"\n(?=\[)", config)
    kept = [
        line
        for line in head.splitlines()
        if line.partition("=")[0].strip() not in FITTED_KEYS
    ]
    of_template = [
        table
        for table in tables
        if table.partition("]")[0].strip("[ ") not in FITTED_TABLES
    ]
    return "\n".join(["\n".join(kept).rstrip() + "\n", *of_template])


def labels_toml(labels: Sequence[str], positive: int) -> str:
    """Return labels.toml, in the order of the network's outputs."""
    blocks = [
        f"[[labels]]\nname = {_quoted(label)}\npositive = {str(i == positive).lower()}\n"
        for i, label in enumerate(labels)
    ]
    return "\n".join(blocks)


def card(
    texts: EntryTexts, *, labels: Sequence[str], metrics: Mapping[str, Any]
) -> str:
    """Return the model card as Markdown.

    References:
        Mitchell et al., Model cards for model reporting, FAT* 2019.
    """
    facts, figures = metrics["training"], metrics["figures"]
    controls, zone = metrics["controls"], metrics["grey_zone"]
    of_series = metrics.get("whole_series")
    checked = series_sentence(of_series) if of_series else SERIES_ALONE
    pooled = SERIES[facts["series"]["pooling"]]
    negative = " or ".join(label for label in labels if label != metrics["positive"])
    return f"""# {texts.title}

**{texts.notice}**

## What it does

It looks at one {texts.reads} and says how likely the label
**{metrics["positive"]}** is against **{negative}**. A series is read slice by slice; {pooled}
Where the series is not what the model was made for, where the image is unlike those it
learned from, or where the probability lies between {zone["low"]:.2f} and
{zone["high"]:.2f}, it abstains and says why.

## What it is not

- Not a medical device, not validated on any hospital's own patients.
- Not a test for a disease: the labels are those of the data's authors, and a normal answer
  rules nothing out.
- Not for X-ray, MR, ultrasound, other regions of the body, or children.
- {checked}

## Data

{texts.data}

Learned from {facts["train_images"]} images of {facts["train_patients"]} patients; measured
on {facts["val_images"]} images of {facts["val_patients"]} other patients. No patient is in
both.

## Figures on the validation split

Probabilities are out of fold: each by a temperature fitted on other patients. No epoch was
chosen on this split.

| figure | value |
| --- | --- |
| AUROC | {_number(figures["auroc"])} (95 % interval {_interval(figures["auroc_ci95"])}, bootstrap over patients) |
| accuracy | {_number(figures["accuracy"])} |
| sensitivity (recall) | {_number(figures["recall"])} |
| precision | {_number(figures["precision"])} |
| F1 | {_number(figures["f1"])} |
| sensitivity at 90 % specificity | {_number(figures["sensitivity_at_90_specificity"])} |
| expected calibration error, 10 bins | {_number(figures["ece"])} |
| Brier score | {_number(figures["brier"])} |
| share withheld by the grey zone | {_number(zone["withheld_share"])} |
| accuracy of the answers given | {_number(zone["accuracy_of_answers_given"])} |
{_left_open(metrics.get("conformal"))}
{_crossed(metrics.get("cross_validation"))}## Shortcut controls

In images collected from papers the source betrays the class. These figures say how much of
the score could be had without looking at the lungs; the nearer they are to the model's
{_number(figures["auroc"])}, the less it can be trusted elsewhere.

| control | AUROC |
| --- | --- |
| this model, lungs covered | {_number(controls["same_model_blanked"])} |
| the same network trained on covered lungs | {_number(controls["trained_on_blanked"])} |
| width, height, aspect and file size alone | {_number(controls["file_facts"])} |
| ten quantiles of the grey values alone | {_number(controls["grey_levels"])} |

The network itself never sees size, aspect or file: every image becomes one square.

## Limits

- Window and level differ between sources. {robustness(facts)}
- Arrows and letters are burned into some images.
- Images under 64 pixels, in colour, or almost flat are not answered.

## How it was made

`{texts.command}`: {way(metrics)}
Saliency maps are Grad-CAM, which for average pooling and a linear head equals CAM.
"""


def series_sentence(found: Mapping[str, Any]) -> str:
    """Return whether the answers of whole series were checked, and on how many."""
    per_label = ", ".join(f"{n} of {name}" for name, n in found["patients"].items())
    if "figures" not in found:
        return (
            "Calibrated for single slices only. The probability of a whole series is an "
            "average of\n  slices, was not checked against outcomes, and is shown as not "
            f"calibrated: that takes series\n  of {found['needed']} patients of each label, "
            f"and there were {per_label}."
        )
    figures, conformal = found["figures"], found["conformal"]
    return (
        f"Calibrated for single slices, and on {found['series']} whole series (patients: "
        f"{per_label})\n  for series: AUROC {_number(figures['auroc'])}, expected "
        f"calibration error {_number(figures['ece'])}, Brier score\n  "
        f"{_number(figures['brier'])}; the truth is among the labels left open for "
        f"{conformal['achieved']:.0%} of\n  them, {conformal['coverage']:.0%} were wanted."
    )


def _crossed(result: Mapping[str, Any] | None) -> str:
    """Return what cross-validation found, and what it means."""
    if result is None:
        return ""
    model, texture, blanked = (result[key] for key in ("model", "texture", "blanked"))
    repeats, folds = len(model["repeats"]), result["folds"]
    by = result.get("hold_out", "patient")  # entries of before know patients alone
    surplus = result["lungs_ci95"][0]
    verdict = (
        "More of the score\nthan chance explains needs the lungs; what the covered images "
        "alone give is no finding\nand will not travel to another hospital."
        if surplus > 0
        else "Covered lungs\ndo as well: nothing here shows that the score is about lungs."
    )
    return f"""## Cross-validation

{result["images"]} images of {result["patients"]} patients, {repeats} times dealt to {folds}
folds by {by}; every answer is by a model that never saw that {by}. The means over
the repeats, with 95 % intervals of a bootstrap over patients, all on the same folds.

| what learned | AUROC | interval |
| --- | --- | --- |
| this recipe | {model["auroc"]:.3f} | {_interval(model["auroc_ci95"])} |
| texture features and trees | {texture["auroc"]:.3f} | {_interval(texture["auroc_ci95"])} |
| this recipe less texture and trees | {result["difference"]:+.3f} | {_signed(result["difference_ci95"])} |
| this recipe, lungs covered in learning and asking | {blanked["auroc"]:.3f} | {_interval(blanked["auroc_ci95"])} |
| this recipe less its own on covered lungs | {result["lungs"]:+.3f} | {_signed(result["lungs_ci95"])} |

The last two rows are the shortcut control: margins, chest wall, sharpness and print of the
source tell the classes apart to that degree without any lung. {verdict}

"""


def _left_open(conformal: Mapping[str, Any] | None) -> str:
    """Return how often the truth is among the labels that are not ruled out."""
    if conformal is None:
        return ""
    return (
        f"| truth among the labels left open, {conformal['coverage']:.0%} wanted | "
        f"{_number(conformal['achieved'])} |\n"
    )


def _signed(value: Sequence[float]) -> str:
    return f"{value[0]:+.3f} to {value[1]:+.3f}"


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _interval(value: Sequence[float] | None) -> str:
    return "not measured" if value is None else f"{value[0]:.3f} to {value[1]:.3f}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a TOML basic string is JSON's
