"""The labels of the store's models as people say them, in each language."""

from django.utils.translation import pgettext_lazy

LABELS = {
    "covid": pgettext_lazy("label", "COVID-19 pattern"),
    "noncovid": pgettext_lazy("label", "no COVID-19 pattern"),
}


def label_words(label: str) -> str:
    """Return a model's label as people say it; an unknown one as it is written."""
    key = "".join(letter for letter in label.lower() if letter.isalnum())
    return str(LABELS.get(key, label.replace("_", " ")))
