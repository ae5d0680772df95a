"""What to read next, and why: urgency first, then what the model found.

A rank is a number and its reasons. Reasons are codes with their values, so each reader
sees them in their own language; within one rank the study that waits longest leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from diagnosis.labels import label_words

# An urgent request outweighs anything a model says; an answer that nobody has (the
# model abstained, or failed) ranks above a negative one: a person has to look.
STAT_WEIGHT = 2.0
UNANSWERED_WEIGHT = 0.3

Reason = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a study stands on the worklist: higher is read sooner."""

    value: float
    reasons: list[Reason]


def rank_study(
    *,
    is_stat: bool,
    positive: tuple[str, float] | None = None,
    is_abstained: bool = False,
    is_failed: bool = False,
) -> Rank:
    """Return a study's rank from its priority and the model's weightiest answer.

    Args:
        is_stat: The request is urgent.
        positive: Label and probability of what was found, if anything was.
        is_abstained: The model gave no answer.
        is_failed: The reading itself failed.
    """
    value = 0.0
    reasons: list[Reason] = []
    if is_stat:
        value += STAT_WEIGHT
        reasons.append({"code": "stat"})
    if positive:
        label, probability = positive
        value += probability
        reasons.append({"code": "positive", "label": label, "probability": probability})
    elif is_abstained or is_failed:
        value += UNANSWERED_WEIGHT
        reasons.append({"code": "failed" if is_failed else "abstained"})
    return Rank(value, reasons)


def rank_words(reasons: Sequence[Mapping[str, object]]) -> list[str]:
    """Return each reason in words; the order of arrival when there is none."""
    return [_words(reason) for reason in reasons] or [_("in order of arrival")]


def _words(reason: Mapping[str, object]) -> str:
    match reason:
        case {"code": "stat"}:
            return _("urgent")
        case {"code": "positive", "label": str(label), "probability": float(number)}:
            return _("AI: %(label)s, %(percent)d %%") % {
                "label": label_words(label),
                "percent": round(number * 100),
            }
        case {"code": "abstained"}:
            return _("AI abstained")
        case {"code": "failed"}:
            return _("AI failed")
        case {"code": str(code)}:
            return code.replace("_", " ")
        case _:
            return str(reason)
