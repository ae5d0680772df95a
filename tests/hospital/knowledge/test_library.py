"""What every topic of the shipped library must keep to, in both languages."""

import re
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path

import pytest

from hospital.knowledge.documents import Entry, read_library
from hospital.knowledge.vocabulary import EMERGENCY_NUMBER, FAQ, LANGUAGES

LIBRARY = Path(__file__).resolve().parents[3] / "hospital" / "knowledge" / "library"
HAN = re.compile(r"[\u4e00-\u9fff]")
# Words in English, characters in Chinese.
LENGTHS = {
    ("en", False): (40, 140),
    ("zh", False): (55, 260),
    ("en", True): (20, 80),
    ("zh", True): (30, 160),
}
DOSE = re.compile(
    r"\d\s*(?:mg|mcg|µg|ug|ml|iu|g|grams?|milligrams?|tablets?|pills?|puffs?|units?)\b"
    r"|\d\s*(?:毫克|微克|毫升|单位|克(?!服)|片(?!卫生巾)|粒|丸|喷)",
    re.IGNORECASE,
)
NUMBERS_OF_ONE_COUNTRY = re.compile(
    r"(?<![\d.])(?:120|110|119|911|999|112|111)(?![\d.])"
)
MEASURED = re.compile(r"\d+(?:\.\d+)?(?=\s*(?:°C|℃|%|mmHg))|\d{3}/\d{2,3}")
PRESSURE = re.compile(r"\d{3}/\d{2,3}")  # 160/110 is a blood pressure


@pytest.fixture(scope="module")
def library() -> list[Entry]:
    return read_library(LIBRARY)


@pytest.fixture(scope="module")
def by_topic(library: list[Entry]) -> dict[str, dict[str, Entry]]:
    topics: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in library:
        topics[entry.id][entry.lang] = entry
    return topics


def length(text: str, lang: str) -> int:
    """The words of an English text, the characters of a Chinese one."""
    return len(HAN.findall(text)) if lang == "zh" else len(text.split())


def test_at_least_eighty_topics(by_topic: dict[str, dict[str, Entry]]) -> None:
    assert len(by_topic) >= 80


def test_every_topic_says_the_same_in_both_languages(
    by_topic: dict[str, dict[str, Entry]],
) -> None:
    for topic, entries in by_topic.items():
        assert set(entries) == set(LANGUAGES), topic
        english, chinese = entries["en"], entries["zh"]
        for one, other in zip(english.passages, chinese.passages, strict=True):
            assert one.id.replace("/en#", "/zh#") == other.id
            assert one.qtype == other.qtype
            called = EMERGENCY_NUMBER in one.text, EMERGENCY_NUMBER in other.text
            assert called in {(True, True), (False, False)}, one.id
        assert english.category == chinese.category
        assert english.departments == chinese.departments
        assert english.departments, topic
        assert len(english.sources) == len(chinese.sources)


def test_measured_limits_are_the_same_in_both_languages(
    by_topic: dict[str, dict[str, Entry]],
) -> None:
    for entries in by_topic.values():
        for one, other in zip(
            entries["en"].passages, entries["zh"].passages, strict=True
        ):
            english, chinese = (set(MEASURED.findall(p.text)) for p in (one, other))
            assert english <= chinese, one.id


def test_each_section_is_neither_thin_nor_long(library: list[Entry]) -> None:
    wrong = {
        passage.id: length(passage.text, entry.lang)
        for entry in library
        for passage in entry.passages
        for low, high in [LENGTHS[entry.lang, entry.category == FAQ]]
        if not low <= length(passage.text, entry.lang) <= high
    }

    assert wrong == {}


def test_sentences_are_the_passage_verbatim(library: list[Entry]) -> None:
    for entry in library:
        for passage in entry.passages:
            joined = "".join(passage.sentences).replace(" ", "")
            assert joined == re.sub(r"\s", "", passage.text), passage.id
            assert len(passage.sentences) > 1, passage.id


def test_english_sentences_are_short(library: list[Entry]) -> None:
    words = [
        len(sentence.split())
        for entry in library
        if entry.lang == "en"
        for passage in entry.passages
        for sentence in passage.sentences
    ]

    assert sum(words) / len(words) < 16
    assert max(words) <= 45


def test_chinese_sentences_are_short(library: list[Entry]) -> None:
    characters = {
        sentence: length(sentence, "zh")
        for entry in library
        if entry.lang == "zh"
        for passage in entry.passages
        for sentence in passage.sentences
    }

    assert sum(characters.values()) / len(characters) < 18
    assert [each for each, count in characters.items() if count > 45] == []


def test_sources_are_public_and_not_named_twice(library: list[Entry]) -> None:
    for entry in library:
        urls = [source.url for source in entry.sources]
        assert 2 <= len(set(urls)) == len(urls) <= 4, (entry.id, entry.lang)


def test_nothing_reads_like_a_dose(library: list[Entry]) -> None:
    found = {
        passage.id: DOSE.findall(passage.text)
        for entry in library
        for passage in entry.passages
        if DOSE.search(passage.text)
    }

    assert found == {}


def test_no_country_s_emergency_number_stands_in_a_text(library: list[Entry]) -> None:
    for entry in library:
        for passage in entry.passages:
            numbers = NUMBERS_OF_ONE_COUNTRY.findall(PRESSURE.sub("", passage.text))
            assert numbers == [], passage.id


def test_every_topic_tells_when_to_call(by_topic: dict[str, dict[str, Entry]]) -> None:
    for topic, lang in product(by_topic, LANGUAGES):
        passages = by_topic[topic][lang].passages
        assert any(EMERGENCY_NUMBER in p.text for p in passages), (topic, lang)


def test_one_word_leads_to_one_topic(library: list[Entry]) -> None:
    for lang in LANGUAGES:
        named = Counter(
            word.casefold()
            for entry in library
            if entry.lang == lang
            for word in {entry.title, *entry.synonyms}
        )
        assert [word for word, times in named.items() if times > 1] == []


@pytest.mark.parametrize(
    ("lang", "word", "topic"),
    [
        ("en", "the runs", "diarrhoea"),
        ("en", "burning pee", "urinary-pain"),
        ("en", "heimlich", "choking"),
        ("zh", "發燒", "fever-adult"),  # traditional
        ("zh", "瞓唔着", "insomnia"),  # Cantonese
        ("zh", "屙肚", "diarrhoea"),
        ("zh", "脑壳痛", "headache"),  # the south-west
        ("zh", "头壳痛", "headache"),  # Minnan
        ("zh", "攝護腺肥大", "enlarged-prostate"),  # Taiwan
        ("zh", "缠腰龙", "shingles"),
        ("zh", "高血壓", "hypertension"),
        ("zh", "海姆立克", "choking"),
    ],
)
def test_people_s_own_words_lead_to_the_topic(
    by_topic: dict[str, dict[str, Entry]], lang: str, word: str, topic: str
) -> None:
    words = {synonym.casefold() for synonym in by_topic[topic][lang].synonyms}

    assert word in words


def test_no_clinician_is_claimed_who_has_not_read_it(library: list[Entry]) -> None:
    assert {entry.reviewed_by for entry in library} == {""}
