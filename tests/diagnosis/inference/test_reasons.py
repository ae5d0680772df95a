"""Why a model abstained, in the reader's language."""

from django.utils.translation import override

from diagnosis.inference.entry import ModelEntry
from diagnosis.reasons import SENTENCES, reason_words


def test_english_readers_get_the_models_own_sentence() -> None:
    with override("en"):
        assert reason_words("wrong_modality", "It is MR.") == "It is MR."


def test_others_get_their_own_language() -> None:
    with override("zh-hans"):
        words = reason_words("grey_zone", "The probability is too close.")

    assert words != "The probability is too close."
    assert any("一" <= letter <= "鿿" for letter in words)


def test_an_unknown_code_keeps_its_sentence() -> None:
    with override("zh-hans"):
        assert reason_words("of_tomorrow", "Because.") == "Because."


def test_every_rule_of_the_first_template_has_its_words(entry: ModelEntry) -> None:
    refusing = {rule.code for rule in entry.rules if not rule.weight}

    assert refusing <= set(SENTENCES)
