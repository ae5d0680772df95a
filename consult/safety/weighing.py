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
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal  # Any: a table as its file has it

from consult.language.concepts_read import Reading, Sentence
from consult.language.detect import HAN
from consult.language.standing import frame_of

Weighed = Literal["self_harm", "emergency"]
WEIGHTS = Path(__file__).parent / "weights"
LONGEST_RUN = 3
MOST_FEATURES = 60  # a longer sentence gathers weight by its length alone
MOST_WORDS_OF_A_PAIR = 24  # two sentences are weighed together when both are short
# These say it openly: where they are denied, over or told of a story, so is the sentence.
OPEN = frozenset(
    {"suicide_intent", "suicide_indirect", "self_injury", "last_acts", "nonexistence"}
)
SAYS_NOTHING = frozenset({"seizure_now", "male", "female"})  # beside `_told`: named twice
DENIAL = "wish_to_die_denied"
_RUN = re.compile(f"[{HAN}]+|[a-z']+(?: [a-z']+)*")
_IDIOM = re.compile(  # `笑死我了` is no death
    r"[笑累热急气困饿烦吓美爱忙痒丑懒冷酸帅甜香臭贵乐尬渴闷晒攰嬲冻蠢萌酷傻羡慕](?:得要)?死(?:我|人|个人|个|他|她|宝宝)?(?:了|啦|咯|喇|咩|哈|$)?|死(?:机|皮|贵|胎|角|结|海|板|党|亡证)"
    r"|(?:想|爱)死(?:你|您|我妈|他们|她们)|要死要活|(?:笑|尴尬|多|好笑|羡慕)(?:得|到)?(?:我)?想死"
    r"|(?<!\S)(?:(?:bored|scared|frozen?|starv\S+|worked|loved?|frightened|worried) (?:\S+ )?to death|dying (?:to (?:know|see|hear|meet|try)|of (?:laughter|laughing|embarrassment|boredom|heat))"
    r"|(?:to )?(?:die|kill) for (?:a|an|some|that|this)|(?:gonna |going to |will )?(?:kill|murder) me (?:if|when)|die of embarrassment|dead (?:tired|easy|end|line|skin)|i am dead lol)(?!\S)"
)


def features(reading: Reading) -> dict[int, set[str]]:
    """Return what is weighed of each sentence: its words, and the concepts that it names."""
    plain = _plain_words()
    weighed = {
        each.number: set(_words(each.text)) - plain for each in reading.sentences
    }
    for mention in reading.mentions:
        if mention.concept.endswith("_told") or mention.concept in SAYS_NOTHING:
            continue
        standing = "" if mention.standing == "present" else f"!{mention.standing}"
        weighed[mention.sentence].add(f"@{mention.concept}{standing}")
    return weighed


def sentences_that_weigh(reading: Reading, kind: Weighed) -> frozenset[int]:
    """Return the numbers of the sentences that weigh enough, alone or with the next."""
    table = table_of(kind)
    needed, known = table["threshold"] - table["bias"], table["weights"]
    weights = {
        number: sum(known[name] for name in names if name in known)
        * min(1.0, math.sqrt(MOST_FEATURES / max(1, len(names))))
        for number, names in features(reading).items()
    }
    taken_back = _taken_back(reading) if kind == "self_harm" else set[int]()
    heavy = sum(sorted(weights.values())[-2:]) >= needed
    if not heavy and max(weights.values(), default=needed) < needed:
        return frozenset()
    told = [
        each
        for each in reading.sentences
        if each.number not in taken_back and frame_of(each.text).is_told
    ]
    found = {each.number for each in told if weights[each.number] >= needed}
    for first, second in _short_pairs(told):
        if weights[first.number] + weights[second.number] >= needed:
            found.update((first.number, second.number))
    return frozenset(found)


def _words(text: str) -> Iterator[str]:
    """Yield words, pairs of words and runs of characters; the same may come twice."""
    for run in _RUN.findall(_IDIOM.sub(" ", text)):
        if run[0] >= "\u3400":
            for size in range(1, LONGEST_RUN + 1):
                for at in range(len(run) - size + 1):
                    yield run[at : at + size]
        else:
            words = ["^", *run.split()]
            yield from words
            for first, second in pairwise(words):
                yield f"{first} {second}"
            for first, third in zip(words, words[2:], strict=False):
                yield f"{first} _ {third}"


def _short_pairs(told: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    for first, second in pairwise(told):
        if (
            second.number == first.number + 1
            and _length(first.text) + _length(second.text) <= MOST_WORDS_OF_A_PAIR
        ):
            yield first, second


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
    """Return the weights, the bias, and the log-odds at which a sentence counts."""
    path = WEIGHTS / f"{kind}.json"
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table
