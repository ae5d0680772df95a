"""Denied, over, asked in general, told as a story: and what is none of these."""

import pytest

from consult.language import read


def standing_of(concept: str, text: str) -> set[str]:
    return {
        mention.standing
        for mention in read([text]).mentions
        if mention.concept == concept
    }


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("no chest pain", "denied"),
        ("denies fever, cough or chest pain", "denied"),
        ("no fever but chest pain", "present"),
        ("I can not sleep and my chest hurts", "present"),
        ("I can not breathe and my chest hurts", "present"),
        ("no idea why I have chest pain", "present"),
        ("I had surgery 2 months ago and my chest hurts", "present"),
        ("chest pain in 2010", "past"),
        ("my chest pain has resolved", "past"),
        ("what causes chest pain?", "general"),
        ("what causes my chest pain?", "present"),
        ("in the film a man has chest pain", "fiction"),
        ("while watching a film I got chest pain", "present"),
        ("没有胸痛", "denied"),
        ("没有发烧，但是胸痛", "present"),
        ("三年前胸痛过", "past"),
        ("胸痛已经好了", "past"),
        ("胸痛有哪些原因", "general"),
        ("突然胸痛有哪些原因", "present"),
        ("我胸痛有哪些原因", "present"),
        ("看电影时突然胸痛", "present"),
    ],
)
def test_chest_pain_stands(text: str, standing: str) -> None:
    assert standing_of("chest_pain", text) == {standing}
