"""Figures of speech are not read; the same words of an illness are."""

import pytest

from consult.language.concepts_read import read
from consult.language.figures import HIDDEN
from tests.consult.cases import said


@pytest.mark.parametrize(
    ("figure", "concept"),
    [
        ("忙得喘不过气来，能不能周末来", "dyspnoea_severe"),
        ("我都要饿晕了，食堂几点开", "syncope"),
        ("心疼我的钱包", "chest_told"),
        ("My head is exploding with all these forms", "severe_headache"),
        ("He is choking up with joy", "choking"),
        ("I fainted with relief when the letter came", "syncope"),
    ],
)
def test_a_figure_of_speech_is_hidden_with_what_it_borrows(
    figure: str, concept: str
) -> None:
    reading = read([figure])

    assert HIDDEN in reading.sentences[0].text
    assert concept not in reading.concepts("present", "past", "general")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我累得喘不过气，嘴唇发紫", "emergency"),
        ("胸口压得喘不过气来", "emergency"),
        ("我爸刚才晕过去了，出了一身冷汗", "emergency"),
        ("My head is exploding since this morning", "urgent"),
        ("He is choking and can't speak", "emergency"),
        ("She fainted and her heart is racing", "emergency"),
        ("她把药全吞了", "emergency"),
        ("吓得一身冷汗，胸口疼", "emergency"),
        ("工作的时候胸口压得喘不过气", "emergency"),
        ("She kept passing out, sweets did not help", "emergency"),
        ("洗澡看手机时煤气中毒", "emergency"),
    ],
)
def test_the_same_words_of_an_illness_are_read(text: str, level: str) -> None:
    assert said(text).level == level
