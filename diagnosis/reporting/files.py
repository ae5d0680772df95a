"""Panels as one file of its own: HTML that asks for nothing, or Markdown."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any  # Any: what a template shows

from django.conf import settings
from django.template.loader import render_to_string

from diagnosis.inference.entry import ModelEntry
from diagnosis.reporting.curves import curves, headline
from diagnosis.reporting.tables import tables
from hospital.core.plots import Panel

STYLES = (
    "tokens",
    "reset",
    "base",
    "components/table",
    "components/card",
    "components/facts",
    "components/chart",
    "components/notice",
    "utilities",
)
LAYERS = "@layer reset, tokens, base, components, pages, utilities;"


def model_report(measured: Mapping[str, Any], entry: ModelEntry, *, suffix: str) -> str:
    """Return what was measured of an entry as a file.

    Args:
        measured: As `evaluation.measure.document` gives it.
        entry: The model.
        suffix: `.html` or `.md`.
    """
    return report(
        "model_report",
        [*curves(measured), *tables(measured)],
        suffix=suffix,
        further={
            "measured": measured,
            "entry": entry,
            "headline": headline(measured),
        },
    )


def report(
    template: str,
    panels: Sequence[Panel],
    *,
    suffix: str,
    further: Mapping[str, Any],
) -> str:
    """Return panels under a template's own beginning, as HTML or Markdown."""
    context: dict[str, Any] = {**further, "panels": panels}
    if suffix == ".html":
        context["style"] = _style()
    else:
        context["panels"] = [(panel, _picture(panel)) for panel in panels]
    return render_to_string(f"diagnosis/{template}{suffix}", context)


def _style() -> str:
    folder = settings.BASE_DIR / "static" / "css"
    return "\n".join(
        [LAYERS, *((folder / f"{name}.css").read_text() for name in STYLES)]
    )


def _picture(panel: Panel) -> str:
    """Return a panel's plot as an address that holds all of it; empty without one."""
    if panel.plot is None:
        return ""
    drawn = render_to_string("diagnosis/plot.svg", {"plot": panel.plot})
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
