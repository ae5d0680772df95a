"""What is weighed of a sentence: its words, pairs of them, characters, and named concepts.

Chinese is taken by characters in runs of up to three, English by words; two of them with
little between are a name too (`我_死`). What only sounds like death, as `笑死我了` does, is
left out, and so is a sentence that only declines to answer: `I'd rather not say` is no
farewell. What the names weigh is `consult.safety.weighing`'s.
"""

import re
from collections import defaultdict
from itertools import pairwise

from consult.language.concepts_read import Mention, Reading
from consult.language.detect import HAN

# Beside `_told`: words say these already.
_SAYS_NOTHING = frozenset({"seizure_now", "male", "female"})
_RUN = re.compile(f"[{HAN}]+|[a-z']+(?: [a-z']+)*")
_MAY_BE_IDIOM = re.compile(r"死|要活|\b(?:dead|death|die|dying|kill|murder)\b")
_IDIOM = re.compile(  # `笑死我了` is no death
    r"[笑累热急气困饿烦吓美爱忙痒丑懒冷酸帅甜香臭贵乐尬渴闷晒攰嬲冻蠢萌酷傻羡慕](?:得要)?死(?:我|人|个人|个|他|她|宝宝)?(?:了|啦|咯|喇|咩|哈|$)?|死(?:机|皮|贵|胎|角|结|海|板|党|亡证)"
    r"|(?:想|爱)死(?:你|您|我妈|他们|她们)|要死要活|(?:笑|尴尬|多|好笑|羡慕)(?:得|到)?(?:我)?想死"
    r"|(?<!\S)(?:(?:bored|scared|frozen?|starv\S+|worked|loved?|frightened|worried) (?:\S+ )?to death|dying (?:to (?:know|see|hear|meet|try)|of (?:laughter|laughing|embarrassment|boredom|heat))"
    r"|(?:to )?(?:die|kill) for (?:a|an|some|that|this)|(?:gonna |going to |will )?(?:kill|murder) me (?:if|when)|die of embarrassment|dead (?:tired|easy|end|line|skin)|i am dead lol)(?!\S)"
)
_DECLINES = re.compile(  # the whole sentence
    r"(?:sorry ,? ?|no ,? ?)?(?:i )?(?:would |will )?(?:rather|prefer) not(?: to)?(?: (?:say|answer|tell(?: you)?|share|discuss)(?: (?:it|that|this))?)?"
    r"|(?:sorry ,? ?|no ,? ?)?(?:i )?(?:do|would|will) not (?:(?:want|like|wish|care|feel like) (?:to )?)?(?:say|saying|answer|answering|tell|telling|share|sharing|talk|discuss)(?: (?:you|it|that|this|about (?:it|that|this)|(?:that|this) question))*"
    r"|(?:i )?can not (?:say|tell)(?: (?:exactly|really|for sure|when|you))*|i (?:already )?(?:said|told you|answered)(?: (?:no|yes|that|it|so))*"
    r"|(?:i (?:want|would like|wish) to |let us )?(?:end|stop|close|leave) (?:the|this) (?:chat|talk|conversation)"
    r"|(?:我|都|已经)*(?:不想|不愿意?|不方便|不便|懒得)(?:再|跟你|告诉你|和你)*(?:说|讲|谈|聊|回答|透露|告诉你)?(?:了|这个|这些|这|啊|吧)*"
    r"|(?:我|都|已经)*(?:说|讲|回答|答)(?:过|了)*(?:没有?|有|不是|是|没有过)?了?"
    r"|(?:我)?(?:想|要)?(?:结束|退出|关闭)(?:这个|这次|本次)?(?:对话|聊天|谈话|会话|咨询)(?:了|吧)?"
)


class Names(dict[int, set[str]]):
    """What is weighed of each sentence, by its number: found when it is asked for."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        self._named: dict[int, set[str]] = defaultdict(set)
        for mention in reading.mentions:
            self._named[mention.sentence] |= named_by(mention)

    def __missing__(self, number: int) -> set[str]:
        names = words_of(self._reading.sentences[number].text)
        names |= self._named.get(number, set())
        self[number] = names
        return names


def features(reading: Reading) -> dict[int, set[str]]:
    """Return what is weighed of each sentence: its words, and the concepts that it names."""
    names = Names(reading)
    return {each.number: names[each.number] for each in reading.sentences}


def named_by(mention: Mention) -> set[str]:
    if mention.concept.endswith("_told") or mention.concept in _SAYS_NOTHING:
        return set()
    standing = "" if mention.standing == "present" else f"!{mention.standing}"
    return {f"@{mention.concept}{standing}"}


def words_of(text: str) -> set[str]:
    """Return words and characters, and pairs of them with little between."""
    if _DECLINES.fullmatch(text.strip(" .!?,。！？，")):
        return set()
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


def length_of(text: str) -> int:
    return sum(
        len(run) if run[0] >= "\u3400" else run.count(" ") + 1
        for run in _RUN.findall(text)
    )
