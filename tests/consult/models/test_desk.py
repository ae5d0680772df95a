from importlib import import_module

import pytest
from django.apps import apps

from consult.models import Phrase

pytestmark = pytest.mark.django_db
begin = import_module("consult.migrations.0006_the_desk_begins_with_phrases")


def test_a_desk_without_phrases_begins_with_six_in_both_languages() -> None:
    Phrase.objects.all().delete()

    begin.give_phrases(apps, None)

    by_language = {
        language: set(
            Phrase.objects.filter(language=language).values_list("shortcut", flat=True)
        )
        for language in ("en", "zh")
    }
    assert by_language["en"] == by_language["zh"]
    assert len(by_language["en"]) == 6


def test_a_hospital_with_phrases_keeps_its_own_alone() -> None:
    Phrase.objects.all().delete()
    own = Phrase.objects.create(language="zh", shortcut="hello", text="您好")

    begin.give_phrases(apps, None)

    assert Phrase.objects.get() == own
