"""The labels of the store's models as people say them, in each language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

LABELS = {
    "covid": pgettext_lazy("label", "COVID-19 pattern"),
    "noncovid": pgettext_lazy("label", "no COVID-19 pattern"),
}


def label_words(label: str) -> str:
    """Return a model's label as people say it; an unknown one as it is written."""
    key = "".join(letter for letter in label.lower() if letter.isalnum())
    return str(LABELS.get(key, label.replace("_", " ")))


def possible_words(labels: Sequence[str], coverage: float) -> str:
    """Return which labels a model could not tell apart, and what that rests on."""
    told = _(
        "Cannot be told apart at %(share)s %%: %(labels)s. Of 100 patients like those the "
        "model was tested on, the truth is among the labels it leaves open for about "
        "%(share)s; here it leaves these."
    )
    words = {
        "share": round(100 * coverage),
        "labels": pgettext("between labels", " or ").join(
            label_words(label) for label in labels
        ),
    }
    return told % words
