"""What the words of a sentence weigh together: a wish to die, or an emergency.

People say it in more ways than patterns can name. Each word, pair of words, run of up to three
Chinese characters and named concept has a weight by itself and a rarity; the weights of a
sentence are added and divided by the length that its rarities give it. The table is data
(`weights/*.json`), made from sentences written for the product by
`manage.py weigh_words`, and can be read: nothing else decides.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Literal, get_args  # Any: a table as its file has it

from consult.language.concepts_read import Reading, Sentence
from consult.language.detect import HAN, Language
from consult.language.standing import frame_of

Weighed = Literal["self_harm", "emergency"]
KINDS: tuple[Weighed, ...] = get_args(Weighed)
WEIGHTS = Path(__file__).parent / "weights"
MOST_OF_A_PART, MOST_WORDS_OF_A_PART = 4, 60  # short sentences are weighed together
MOST_PARTS = 8  # of one kind; more of the same says nothing new
FEW_SENTENCES = 60  # of a longer message each sentence is weighed alone, for speed
MOST_CHANCES = (
    8  # of many sentences one is heavier by chance: up to so many ask for more
)
OF_CHANCE = 0.7
LEAST_LENGTH = 500.0  # squared: a few known words weigh less than a sentence
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
    weighed = {each.number: _words(each.text) for each in reading.sentences}
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
        loads = loads_of(names_of, table["weights"])
        parts = told_parts(reading, kind, loads, needed=needed)
        found[kind] = frozenset(
            number for _, part in islice(parts, MOST_PARTS) for number in part
        )
    return found


def loads_of(
    names_of: Mapping[int, set[str]], known: Mapping[str, Sequence[float]]
) -> dict[int, tuple[float, float]]:
    """Return of each sentence the sum of its weights, and of its squared rarities."""
    loads: dict[int, tuple[float, float]] = {}
    for number, names in names_of.items():
        pairs = [known[name] for name in known.keys() & names]
        loads[number] = (
            sum([weight for weight, _ in pairs]),
            sum([rarity * rarity for _, rarity in pairs]),
        )
    return loads


def told_parts(
    reading: Reading,
    kind: Weighed,
    loads: Mapping[int, tuple[float, float]],
    *,
    needed: Mapping[Language, float],
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield what weighs enough: a sentence, or short ones in a row, told of somebody."""
    taken_back: set[int] | None = None
    parts = list(_parts(reading.sentences))
    more = OF_CHANCE * math.log(min(MOST_CHANCES, max(1, len(parts))))
    for part in parts:
        enough = needed["zh" if _IS_HAN.search(part[0].text) else "en"] + more
        if _score(part, loads) < enough:
            continue
        if taken_back is None:
            taken_back = _taken_back(reading) if kind == "self_harm" else set()
        told = [
            each
            for each in part
            if each.number not in taken_back and _is_told(each.text, kind)
        ]
        score = _score(told, loads)
        if told and (len(told) == len(part) or score >= enough):
            yield score - more, tuple(each.number for each in told)


def _parts(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Yield a short message whole, else each sentence, alone and with short ones behind it."""
    lengths = [_length(each.text) for each in sentences]
    if sentences and sum(lengths) <= MOST_WORDS_OF_A_PART:
        yield tuple(sentences)
        return
    for first in range(len(sentences)):
        yield (sentences[first],)
        total = lengths[first]
        if len(sentences) > FEW_SENTENCES:
            continue
        for last in range(first + 1, min(len(sentences), first + MOST_OF_A_PART)):
            total += lengths[last]
            if total > MOST_WORDS_OF_A_PART:
                break
            yield tuple(sentences[first : last + 1])


def _score(part: Sequence[Sentence], loads: Mapping[int, tuple[float, float]]) -> float:
    weight = sum(loads[each.number][0] for each in part)
    square = sum(loads[each.number][1] for each in part)
    return weight / math.sqrt(max(square, LEAST_LENGTH))


def _is_told(text: str, kind: Weighed) -> bool:
    """Whether it is no story; who asks in general how to die may ask of themselves."""
    frame = frame_of(text)
    return not frame.is_fiction if kind == "self_harm" else frame.is_told


def _words(text: str) -> set[str]:
    """Return words and characters, and pairs of them with little between."""
    names = {mark for mark in "?!," if mark in text}
    if _MAY_BE_IDIOM.search(text):
        text = _IDIOM.sub(" ", text)
    for run in _RUN.findall(text):
        if run[0] >= "\u3400":
            names.update(run)
            names.update(map("".join, pairwise(run)))
            names.update(map("".join, zip(run, run[1:], run[2:], strict=False)))
            names.update(map("_".join, zip(run, run[2:], strict=False)))
            names.update(map("__".join, zip(run, run[3:], strict=False)))
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
def table_of(kind: Weighed) -> dict[str, Any]:  # Any: as json gives it
    """Return the weights, the bias, and the log-odds at which a sentence counts, by language."""
    path = WEIGHTS / f"{kind}.json"
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table
