"""Personal data taken out of a text before it leaves the house, in English and Chinese.

What a hospital needs to answer stays: ages, signs, medicines, doses, how long. What says
who somebody is goes: numbers, addresses, dates and names. It can be put back only with
what was taken out, which stays in memory.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from consult.language.detect import HAN

_NAMES = Path(__file__).with_name("names.toml")
_SEPARATOR = r"[ \t.\-–—()（）]{0,2}"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_MANY_DIGITS = 9  # a longer number says who somebody is, whatever it is
_TO_DIGITS = str.maketrans(
    "０１２３４５６７８９零〇一幺二三四五六七八九＠．－＋",
    "012345678900112345678" + "9@.-+",
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = (
    r"(?:(?:19|20)\d\d ?[-/.年] ?(?:1[0-2]|0?[1-9]) ?[-/.月] ?(?:3[01]|[12]\d|0?[1-9])(?: ?[日号])?"
    r"|(?:3[01]|[12]\d|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])[-/.](?:19|20)?\d\d"
    rf"|(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})[a-z]*\.?,? (?:19|20)\d\d"
    rf"|(?:{_MONTHS})[a-z]*\.? (?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without personal data.

    Attributes:
        text: With a mark such as `[phone-1]` for each thing taken out.
        counts: How many of each kind.
        kept: Mark and what it stands for; never to be stored or logged.
    """

    text: str
    counts: dict[str, int]
    kept: tuple[tuple[str, str], ...]

    def restored(self, text: str) -> str:
        """Return a text with the marks replaced by what they stand for."""
        for mark, value in self.kept:
            text = text.replace(mark, value)
        return text

    def __repr__(self) -> str:
        """Return what may stand in a log."""
        return f"Redacted({self.counts})"


def redact(text: str) -> Redacted:
    """Return the text without what says who somebody is."""
    spans = _apart(text, chain(_numbers(text), _places(text), _people(text)))
    marks: dict[tuple[str, str], str] = {}
    counts: Counter[str] = Counter()
    parts, last = list[str](), 0
    for start, end, kind in spans:
        value = text[start:end]
        if (kind, value) not in marks:
            counts[kind] += 1
            marks[kind, value] = f"[{kind}-{counts[kind]}]"
        parts += [text[last:start], marks[kind, value]]
        last = end
    kept = tuple((mark, value) for (_, value), mark in marks.items())
    return Redacted("".join([*parts, text[last:]]), dict(counts), kept)


Span = tuple[int, int, str]


def _apart(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the spans in their order, without overlaps: what came earlier wins."""
    is_taken = bytearray(len(text))
    kept: list[Span] = []
    for start, end, kind in spans:
        if start < end and not any(is_taken[start:end]):
            is_taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, kind))
    return sorted(kept)


def _numbers(text: str) -> Iterator[Span]:
    plain = text.translate(_TO_DIGITS)
    for kind, pattern, is_right in _number_patterns():
        for match in pattern.finditer(plain):
            start, end = match.span(match.lastgroup or 0)
            digits = re.sub(r"[^0-9Xx]", "", plain[start:end])
            if is_right(digits):
                yield start, end, kind


def _places(text: str) -> Iterator[Span]:
    for match in chain(*(pattern.finditer(text) for pattern in _place_patterns())):
        yield (*match.span(match.lastgroup or 0), "address")


def _people(text: str) -> Iterator[Span]:
    names = dict[str, None]()
    for match in chain(*(pattern.finditer(text) for pattern in _name_patterns())):
        name = match["name"].strip()
        first = name.split()[0].lower() if name.split() else ""
        if name and first not in _no_names():
            yield match.start("name"), match.start("name") + len(name), "name"
            names[name] = None
            if name.isascii():
                names |= dict.fromkeys(part for part in name.split() if len(part) > 2)
    for name in names:  # said again without a cue
        border = r"\b" if name.isascii() else ""
        for match in re.finditer(f"{border}{re.escape(name)}{border}", text):
            yield (*match.span(), "name")


def _any(_digits: str) -> bool:
    return True


def _is_identity(digits: str) -> bool:
    """Whether the last sign of a Chinese identity number is the one its others ask for."""
    pairs = zip(digits[:17], _ID_WEIGHTS, strict=True)
    total = sum(int(digit) * weight for digit, weight in pairs)
    return _ID_CHECKS[total % 11] == digits[17].upper()


def _is_card(digits: str) -> bool:
    """Whether Luhn's sum of a card number is right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@cache
def _number_patterns() -> list[tuple[str, re.Pattern[str], Callable[[str], bool]]]:
    def spaced(count: str) -> str:
        return rf"(?:\d[ -]?){{{count}}}"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    s = _SEPARATOR
    record = (
        r"(?:mrn|medical record|record|patient|hospital|chart|case|insurance|policy|member|nhs|medicare|card|account)"
        r"(?: ?(?:no|number|num|id|#))?[.:# ]{1,3}(?:is |was )?"
        r"|(?:病历|住院|门诊|就诊卡?|医保卡?|社保卡?|诊疗卡?|病案|患者|登记|体检|银行卡|卡)(?:号码?|编号|ID)?[是为:： #]{0,3}"
    )
    return [
        ("email", compiled(r"(?<![\w.+-])[\w.+-]{1,64} ?@ ?[\w-]{1,63}(?: ?\. ?[\w-]{1,63}){1,5}"), _any),
        ("email", compiled(r"(?<![\w.+-])[\w.+-]{1,64} (?:at|\(at\)|\[at\]) [\w-]{1,63} (?:dot|\(dot\)|\[dot\]) \w{1,20}"), _any),
        ("id", compiled(rf"(?<!\d)(?P<it>{spaced('17')}[\dX])(?![\dX])"), _is_identity),
        ("card", compiled(rf"(?<!\d)(?P<it>{spaced('12,18')}\d)(?!\d)"), _is_card),
        ("id", compiled(rf"(?:身份证|证件)(?:号码?)?[是为:： ]{{0,3}}(?P<it>{spaced('14,17')}[\dX])"), _any),
        ("id", compiled(r"(?:passport|护照|通行证)(?: ?(?:no|number)|号码?)?[是为.:： ]{0,3}(?:is )?(?P<it>[a-z]{1,2}\d{6,9})"), _any),
        ("id", compiled(r"(?<!\d)(?P<it>\d{3}-\d{2}-\d{4})(?!\d)"), _any),
        ("record", compiled(rf"(?:{record})(?P<it>(?=[a-z-]{{0,4}}\d)[a-z0-9-]{{4,20}})(?![a-z0-9])"), _any),
        ("date", compiled(rf"(?<!\d)(?P<it>{_DATE})(?!\d)"), _any),
        ("phone", compiled(rf"(?<!\d)(?P<it>(?:(?:\+|00)?86{s})?1{s}[3-9]{s}(?:\d{s}){{8}}\d)(?!\d)"), _any),
        ("phone", compiled(r"(?<!\d)(?P<it>[(（]?0\d{2,3}[)）]?[ -]?\d{7,8}(?:[ 转-]{1,2}\d{1,5})?)(?!\d)"), _any),
        ("phone", compiled(rf"(?<!\w)(?P<it>\+\d{{1,3}}{s}(?:\d{s}){{6,13}}\d)(?!\d)"), _any),
        ("phone", compiled(r"(?<![\d-])(?P<it>\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\d-])"), _any),
        ("phone", compiled(r"(?<!\d)(?P<it>0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4})(?!\d)"), _any),
        ("phone", compiled(rf"(?:phone|mobile|tel|telephone|cell|call me (?:on|at)|reach me (?:on|at)|whatsapp|电话|手机|联系方式|座机)(?: ?(?:no|number)|号码?)?[是为.:： ]{{0,3}}(?:is )?(?P<it>(?:\d{s}){{6,14}}\d)"), _any),
        ("account", compiled(r"(?:微信|wechat|weixin|vx|qq|skype|telegram|instagram)(?:号| ?id)?[是为:： ]{0,3}(?:is )?(?P<it>@?[a-z0-9][\w-]{4,19})(?!\w)"), _any),
        ("number", compiled(rf"(?<![\d.])(?P<it>{spaced(f'{_MANY_DIGITS},')}\d)(?![\d.])"), _any),
    ]  # fmt: skip


@cache
def _place_patterns() -> list[re.Pattern[str]]:
    han = f"[{HAN}]"
    streets = "street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|crescent|close|terrace|place|square|way|highway|hwy"
    unit = r"(?:[\dA-Za-z一二三四五六七八九十]{1,5} ?(?:号楼|栋|幢|座|单元|室|层|楼|号院|号|弄))"
    return [
        re.compile(
            r"(?<=住在|家住|地址|住址|位于|搬到|寄到)[是为:： ]{0,2}(?P<it>(?=[^，。；,;\n]{0,40}(?:[路街道巷弄村镇县区市院苑园楼室]|号))[^，。；,;\n]{3,40})"
        ),
        re.compile(
            rf"(?:{han}{{2,6}}(?:省|自治区|市))?(?:{han}{{2,5}}(?:市|区|县|镇|乡|街道)){{0,3}}{han}{{1,6}}(?:路|街|大道|巷|弄|胡同|小区|花园|新村|公寓|苑|村){unit}+"
        ),
        re.compile(rf"{han}{{2,8}}(?:小区|花园|新村|公寓|家园|苑)(?:{unit})+"),
        re.compile(
            rf"\b\d{{1,5}}[A-Za-z]?,? (?:[A-Z][\w']{{1,20}} ){{1,4}}(?i:{streets})\b\.?(?:,? (?i:apt|apartment|flat|unit|suite|#)\.? ?\w{{1,5}})?(?:, [A-Z][\w ]{{2,20}}){{0,2}}(?:,? [A-Z]{{2}} \d{{5}})?"
        ),
        re.compile(
            r"(?i:\b(?:i live|i am living|we live|i'm living|living) (?:at|on)|\b(?:my |home )?address(?: is|:)) (?P<it>[^.;\n]{3,60})"
        ),
        re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),
        re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
    ]


@cache
def _name_patterns() -> list[re.Pattern[str]]:
    names = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    one = "".join(each for each in names["surnames"].split() if len(each) == 1)
    two = "|".join(each for each in names["surnames"].split() if len(each) == 2)
    surname = rf"(?:{two}|[{one}])"
    behind = "|".join(names["behind"].split())
    given = rf"(?:(?!{behind})[{HAN}]){{1,2}}?(?=[^{HAN}]|$|{behind})"
    latin = r"[A-Z][\w'’-]{1,30}(?: (?:[A-Z]\.|(?:van|de|al|bin|von) )?[ ]?[A-Z][\w'’-]{1,30}){0,3}"
    any_case = r"[^\W\d_][\w'’-]{1,30}(?: (?!(?:and|i|im|from|but|aged|my|the|is|has|have|with|who|age|he|she|born)\b)[^\W\d_][\w'’-]{1,30})?"
    relation = "son|daughter|wife|husband|mother|father|mum|mom|dad|brother|sister|baby|friend|partner|uncle|aunt|grandmother|grandfather|child"
    return [
        re.compile(
            rf"(?i:\b(?:my (?:full )?name is|my name's|i am called|i'm called|(?:his|her|their) name is|(?:is|was) (?:called|named)|name ?:|named|patient ?:|call me))\s+(?P<name>{latin})"
        ),
        re.compile(
            rf"(?i:\b(?:my (?:full )?name is|my name's|i am called|i'm called|(?:his|her) name is|name ?:))\s+(?P<name>{any_case})"
        ),
        re.compile(
            r"(?i:\b(?:i am|i'm|this is)) (?P<name>[A-Z][a-z'’-]+ [A-Z][a-z'’-]+)"
        ),
        re.compile(
            rf"\b(?i:mr|mrs|ms|miss|dr|prof|professor|doctor|nurse|sister)\.? (?P<name>{latin})"
        ),
        re.compile(rf"(?i:\b(?:my|our) (?:{relation}),? )(?P<name>{latin})"),
        re.compile(
            rf"(?i:\b(?:regards|sincerely|thanks|thank you|yours)),?\s+(?P<name>{latin})\s*$"
        ),
        re.compile(
            rf"(?:我叫|名叫|名字是|名字叫|姓名[是为:： ]{{0,2}}|患者姓名?[:： ]?|病人[:： ]|本人|叫做|大名|全名[是叫]?|妈叫|爸叫|儿叫|子叫|婆叫|公叫|他叫|她叫|人叫|友叫|妻叫|夫叫|宝叫|我是|签名[:： ]?)(?P<name>{surname}{given})"
        ),
        re.compile(
            rf"(?:我叫|名叫|他叫|她叫|子叫|儿叫|宝叫|孩叫|名[是叫])(?P<name>[小阿大][{HAN}](?=[^{HAN}]|$|{behind}))"
        ),
        re.compile(
            rf"(?P<name>{surname}[{HAN}]{{0,2}}?)(?=先生|女士|小姐|太太|大夫|医生|护士|主任|老师|教授|阿姨|叔叔|师傅)"
        ),
        re.compile(
            r"(?:我叫|姓名[是为:： ]{0,2}|名字[是叫])(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
        ),
    ]


@cache
def _no_names() -> frozenset[str]:
    names = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    return frozenset(names["no_names"].split())
