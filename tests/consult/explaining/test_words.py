import pytest

from consult.explaining import Found, Term, find_words
from consult.explaining.words import beginning, quoted_names

TERMS = [
    Term("subdural haematoma", "subdural"),
    Term("SAH", "subarachnoid"),
    Term("lung nodule", "nodule"),
    Term("nodule", "nodule"),
    Term("opacity", "opacity"),
    Term("oedema", "oedema"),
    Term("mass", "mass"),
    Term("metastasis", "metastasis"),
    Term("肺结节", "nodule"),
    Term("结节", "nodule"),
    Term("胸部 CT", "ct"),
]


@pytest.mark.parametrize(
    ("text", "word", "key"),
    [
        ("A thin Subdural hematoma.", "Subdural hematoma", "subdural"),
        ("Two subdural haematomas.", "subdural haematomas", "subdural"),
        ("Patchy opacities.", "opacities", "opacity"),
        ("Cerebral edema is seen.", "edema", "oedema"),
        ("Several masses.", "masses", "mass"),
        ("Liver metastases.", "metastases", "metastasis"),
        ("No SAH.", "SAH", "subarachnoid"),
        ("右肺上叶肺結節。", "肺結節", "nodule"),
        ("胸部CT平扫", "胸部CT", "ct"),
    ],
)
def test_a_word_is_found_however_it_is_spelled(text: str, word: str, key: str) -> None:
    (found,) = find_words(text, TERMS, most=5)

    assert (found.word, found.key) == (word, key)


def test_parts_of_other_words_are_no_words() -> None:
    assert find_words("Massive. He sah it. Amass.", TERMS, most=5) == ()


def test_the_longest_counts_and_each_is_told_once_with_its_sentence() -> None:
    text = "No lung nodule is seen. A nodule of the skin.\nNo opacity, no mass."

    found = find_words(text, TERMS, most=2)

    assert found == (
        Found("lung nodule", "No lung nodule is seen.", "nodule"),
        Found("opacity", "No opacity, no mass.", "opacity"),
    )


def test_nothing_to_look_for_finds_nothing() -> None:
    assert find_words("A mass.", [], most=5) == ()


def test_names_and_beginnings_are_taken_word_for_word() -> None:
    assert quoted_names("What does “mass” (“lump”) mean?") == ["mass", "lump"]
    assert beginning("One is. Two is. Three.", count=2, lang="en") == "One is. Two is."
    assert beginning("一。二。三。", count=2, lang="zh") == "一。二。"
