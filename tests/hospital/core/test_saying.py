"""Texts of pure packages in the reader's language."""

import pickle

import pytest
from django.utils.translation import override

from hospital.core.phrases import phrase
from hospital.core.saying import said, why
from hospital.core.sealed import StoreError


def test_a_phrase_is_said_with_its_values_and_the_phrases_among_them() -> None:
    run = phrase("%(run)s, seed %(seed)d", run=phrase("training"), seed=3)
    told = phrase("%(run)s: features", run=run)

    with override("zh-hans"):
        chinese = said(told)

    assert (told, said(told)) == ("training, seed 3: features",) * 2
    assert chinese == "训练，种子 3：计算特征"


@pytest.mark.parametrize("text", ["100 % of it", "training", ""])
def test_what_is_no_phrase_is_left_as_it_is(text: str) -> None:
    with override("zh-hans"):
        assert said(text) == text


def test_errors_tell_why_also_from_another_process() -> None:
    error = StoreError("damaged", phrase("%(file)s is not a plain file.", file="a.pt"))
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)

    with override("zh-hans"):
        assert why(there) == "a.pt 不是普通文件。"
        assert why(ValueError("as it is")) == "as it is"
    assert (there.code, str(there)) == ("damaged", "a.pt is not a plain file.")
