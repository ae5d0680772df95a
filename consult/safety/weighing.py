"""What the words of a sentence weigh together: a wish to die, or an emergency.

People say it in more ways than patterns can name. Each word, pair of words, run of up to three
Chinese characters and named concept has a weight; the weights of a sentence are added. The table is data
(`weights/*.json`), made from sentences written for the product by
`manage.py weigh_words`, and can be read: nothing else decides.
"""

import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any, Literal, get_args  # Any: a table as its file has it

from consult.language.concepts_read import Reading, Sentence
from consult.language.detect import HAN, Language
from consult.language.standing import frame_of

Weighed = Literal["self_harm", "emergency"]
KINDS: tuple[Weighed, ...] = get_args(Weighed)
WEIGHTS = Path(__file__).parent / "weights"
MOST_FEATURES = 60  # a longer sentence gathers weight by its length alone
MOST_WORDS_OF_A_PAIR = 24  # two sentences are weighed together when both are short
MOST_CHANCES = (
    8  # of many sentences one is heavier by chance: up to so many ask for more
)
# These say it openly: where they are denied, over or told of a story, so is the sentence.
OPEN = frozenset(
    {"suicide_intent", "suicide_indirect", "self_injury", "last_acts", "nonexistence"}
)
SAYS_NOTHING = frozenset(
    {"seizure_now", "male", "female"}
)  # beside `_told`: named twice
DENIAL = "wish_to_die_denied"
_RUN = re.compile(f"[{HAN}]+|[a-z']+(?: [a-z']+)*")
_IS_HAN = re.compile(f"[{HAN}]")
_MAY_BE_IDIOM = re.compile(r"死|要活|\b(?:dead|death|die|dying|kill|murder)\b")
_IDIOM = re.compile(  # `笑死我了` is no death
    r"[笑累热急气困饿烦吓美爱忙痒丑懒冷酸帅甜香臭贵乐尬渴闷晒攰嬲冻蠢萌酷傻羡慕](?:得要)?死(?:我|人|个人|个|他|她|宝宝)?(?:了|啦|咯|喇|咩|哈|$)?|死(?:机|皮|贵|胎|角|结|海|板|党|亡证)"
    r"|(?:想|爱)死(?:你|您|我妈|他们|她们)|要死要活|(?:笑|尴尬|多|好笑|羡慕)(?:得|到)?(?:我)?想死"
    r"|(?<!\S)(?:(?:bored|scared|frozen?|starv\S+|worked|loved?|frightened|worried) (?:\S+ )?to death|dying (?:to (?:know|see|hear|meet|try)|of (?:laughter|laughing|embarrassment|boredom|heat))"
    r"|(?:to )?(?:die|kill) for (?:a|an|some|that|this)|(?:gonna |going to |will )?(?:kill|murder) me (?:if|when)|die of embarrassment|dead (?:tired|easy|end|line|skin)|i am dead lol)(?!\S)"
)


def features(reading: Reading) -> dict[int, set[str]]:
    """Return what is weighed of each sentence: its words, and the concepts that it names."""
    plain = _plain_words()
    weighed = {each.number: _words(each.text) - plain for each in reading.sentences}
    for mention in reading.mentions:
        if mention.concept.endswith("_told") or mention.concept in SAYS_NOTHING:
            continue
        standing = "" if mention.standing == "present" else f"!{mention.standing}"
        weighed[mention.sentence].add(f"@{mention.concept}{standing}")
    return weighed


def sentences_that_weigh(reading: Reading) -> dict[Weighed, frozenset[int]]:
    """Return by kind the numbers of the sentences that weigh enough, alone or with the next."""
    names_of = features(reading)
    found: dict[Weighed, frozenset[int]] = {}
    for kind in KINDS:
        table = table_of(kind)
        needed = {
            language: threshold - table["bias"]
            for language, threshold in table["thresholds"].items()
        }
        weights = weights_of(names_of, table["weights"])
        parts = told_parts(reading, kind, weights, needed=needed)
        found[kind] = frozenset(number for _, part in parts for number in part)
    return found


def weights_of(
    names_of: Mapping[int, set[str]], known: Mapping[str, float]
) -> dict[int, float]:
    """Return the sum of each sentence; a long one gathers weight by its length alone."""
    return {
        number: sum([known[name] for name in names if name in known])
        * min(1.0, math.sqrt(MOST_FEATURES / max(1, len(names))))
        for number, names in names_of.items()
    }


def told_parts(
    reading: Reading,
    kind: Weighed,
    weights: Mapping[int, float],
    *,
    needed: Mapping[Language, float],
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield what weighs enough: a sentence, or two short ones in a row, told of somebody."""
    parts: list[tuple[Sentence, ...]] = []
    more = math.log(min(MOST_CHANCES, max(1, len(reading.sentences))))
    for first, second in zip_longest(reading.sentences, reading.sentences[1:]):
        enough = needed["zh" if _IS_HAN.search(first.text) else "en"] + more
        alone = weights[first.number]
        if alone >= enough:
            parts.append((first,))
        if second and alone + weights[second.number] >= enough:
            length = _length(first.text) + _length(second.text)
            parts += [(first, second)] if length <= MOST_WORDS_OF_A_PAIR else []
    if not parts:
        return
    taken_back = _taken_back(reading) if kind == "self_harm" else set[int]()
    is_told = {
        each.number: each.number not in taken_back and frame_of(each.text).is_told
        for each in {each for part in parts for each in part}
    }
    for part in parts:
        numbers = tuple(each.number for each in part)
        if all(is_told[number] for number in numbers):
            yield sum(weights[number] for number in numbers) - more, numbers


def _words(text: str) -> set[str]:
    """Return words, pairs of words with at most one between, and runs of characters."""
    names: set[str] = set()
    if _MAY_BE_IDIOM.search(text):
        text = _IDIOM.sub(" ", text)
    for run in _RUN.findall(text):
        if run[0] >= "\u3400":
            names.update(run)
            names.update(map("".join, pairwise(run)))
            names.update(map("".join, zip(run, run[1:], run[2:], strict=False)))
        else:
            words = ["^", *run.split()]
            names.update(words)
            names.update(map(" ".join, pairwise(words)))
            names.update(map(" _ ".join, zip(words, words[2:], strict=False)))
    return names


def _length(text: str) -> int:
    return sum(
        len(run) if run[0] >= "\u3400" else run.count(" ") + 1
        for run in _RUN.findall(text)
    )


def _taken_back(reading: Reading) -> set[int]:
    """Return the sentences in which what is said openly is denied, over or a story."""
    openly = [each for each in reading.mentions if each.concept in OPEN]
    present = {each.sentence for each in openly if each.standing == "present"}
    denied = {each.sentence for each in reading.mentions if each.concept == DENIAL}
    return ({each.sentence for each in openly} | denied) - present


@cache
def _plain_words() -> frozenset[str]:
    words = tomllib.loads((WEIGHTS / "plain_words.toml").read_text(encoding="utf-8"))
    return frozenset((*words["en"].split(), *words["zh"]))


@cache
def table_of(kind: Weighed) -> dict[str, Any]:  # Any: as json gives it
    """Return the weights, the bias, and the log-odds at which a sentence counts, by language."""
    path = WEIGHTS / f"{kind}.json"
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table
