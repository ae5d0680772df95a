"""One spelling for many: width, script, slips, abbreviations, dialect, pinyin.

What comes out is for rules to read, never for people: lower case, words and punctuation
between single spaces, Chinese in simplified characters without spaces inside.
"""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from opencc import OpenCC

from consult.language.detect import HAN, Language, detect_language

MAX_CHARACTERS = 60_000  # what a message may have is less; nothing behind counts
_TABLES = Path(__file__).with_name("spelling.toml")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_HAN = re.compile(f"[{HAN}]")
_JOINED = re.compile(r"(?<=[a-z])['’](?=[a-z])")
_SIGNS = re.compile(r"[^\w\s'.!?;:,()%。！？；、…\n\"“”「」『』《》-]|_")
_BORDER = re.compile(f"(?<=[{HAN}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{HAN}])")
_GAP = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}])")
_MARK = re.compile(
    r"\s*([,:()\"“”「」『』《》]|(?<!\d)\.|\.(?!\d)|[!?;。！？；、…])\s*"
)
_MANY = re.compile(r"([!?.。！？…])(?:\s*[!?.。！？…])+")
_SPACES = re.compile(r"[ \t\r\f\v]{2,}|[\t\r\f\v]")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_SLASH = re.compile(r"(?<=[a-z])[-/‐-―−]+(?=[a-z])")
_NEXT_NOTE = re.compile(  # notes of staff run on without a stop
    r"(?<=[a-z0-9)]) (?=(?:No|Denies|History|Known|Patient|Family|Witnessed|Reports) )"
)
_WORD = re.compile(r"([a-z']+)")
_SYLLABLES = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])(?:i?ang|i?ong|u?ang|u?eng|ing|i?an|i?ao|u?ai|uan"
    r"|[eu]i|[eiu]n|i?e|ia|iu|ou|u[aeo]|[aeiouv])|a[ino]?|ang|en?|er|ou)+"
)
MOST_OF_PINYIN = 2_000  # characters; who writes longer ones writes characters


def normalize(text: str) -> str:
    """Return the text as the rules read it."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    text = _NEXT_NOTE.sub(". ", text).lower()
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    text = text.translate(_characters())
    text = _JOINED.sub("'", text.replace("’", "'").replace("‘", "'"))
    text = _SLASH.sub(" ", text)
    text = _SIGNS.sub(" ", text)
    text = _REPEATED.sub(r"\1\1", text)
    pieces = _WORD.split(text)  # every second one is a word
    mended = {word: _one_word(word) for word in set(pieces[1::2])}
    text = "".join(map(mended.get, pieces, pieces))
    text = _BORDER.sub(" ", text)
    text = _MANY.sub(r"\1", text)
    text = _SPACES.sub(" ", text)
    text = _GAP.sub("", text)
    text = _MARK.sub(r" \1 ", text)
    latin, chinese, phrases = _phrases()
    for regex, is_needed in (
        (latin, not _first_syllables().isdisjoint(mended)),
        (chinese, bool(_HAN.search(text))),
    ):
        if is_needed:
            text = regex.sub(lambda match: _phrase(phrases, match.group()), text)
    return _SPACES.sub(" ", text).strip()


def simplified(text: str) -> str:
    """Return a text as people read it, in simplified characters of usual width."""
    return unicodedata.normalize("NFKC", text).translate(_characters())


def searched(text: str) -> str:
    """Return a text as the library is searched for it: what is typed, in the library's words.

    Characters are simplified; slips, dialect and pinyin become what they stand for. Letters
    keep their case and abbreviations stay: the library's own names have them, too.
    """
    text = simplified(text)
    _latin, chinese, phrases = _phrases()
    if is_pinyin(text):
        spaced = _SPACES.sub(" ", _MARK.sub(r" \1 ", text.lower()))
        text = _pinyin().sub(lambda match: _phrase(phrases, match.group()), spaced)
    if _HAN.search(text):
        text = chinese.sub(lambda match: _phrase(phrases, match.group()), text)
    return text


def language_of(text: str, *, default: Language = "en") -> Language:
    """Return the language of a text; Chinese in pinyin is Chinese.

    Args:
        text: Any text; letters of neither script decide nothing.
        default: What a text without letters counts as.
    """
    return "zh" if is_pinyin(text) else detect_language(text, default=default)


def is_pinyin(text: str) -> bool:
    """Whether a text in Latin letters is Chinese, written as it sounds.

    It holds a phrase of the table; of its other words, fewer than those of such phrases
    are no syllables of Chinese.
    """
    words = _WORD.findall(text[:MOST_OF_PINYIN].lower())
    if _first_syllables().isdisjoint(words) or _HAN.search(text):
        return False
    said = " ".join(words)
    known = sum(match.group().count(" ") + 1 for match in _pinyin().finditer(said))
    rest = _pinyin().sub(" ", said).split()
    return sum(not _SYLLABLES.fullmatch(word) for word in rest) < known


def _one_word(word: str) -> str:
    found = _words().get(word)
    if found is not None:
        return found
    for ending, words in _ENDINGS if "'" in word else ():
        if word.endswith(ending) and len(word) > len(ending):
            return f"{word.removesuffix(ending)}{words}"
    return _near(word)


_ENDINGS = (
    ("n't", " not"),
    ("'m", " am"),
    ("'ve", " have"),
    ("'re", " are"),
    ("'ll", " will"),
    ("'d", " would"),
    ("'s", " 's"),
)


def _near(word: str) -> str:
    """Return the long medical word that one slip of the finger leads to, else the word."""
    targets, deletions = _long_words()
    if len(word) < SHORTEST_MENDED or word.startswith(targets):
        return word
    forms = [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]
    for form in forms:
        target = deletions.get(form)
        if target is not None and word[0] == target[0]:
            return target
    return word


SHORTEST_MENDED = 7
IDEOGRAPHS = range(0x3400, 0xA000)  # of the first plane of Unicode


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TABLES.read_text(encoding="utf-8"))


@cache
def _characters() -> dict[int, str]:
    """Return what each traditional or dialect character is read as, one for one."""
    han = [chr(code) for code in IDEOGRAPHS]
    simple = OpenCC("t2s").convert("\n".join(han)).split("\n")
    usual = {ord(old): new for old, new in zip(han, simple, strict=True) if old != new}
    pairs = _tables()["characters"]["pairs"].split()
    return usual | {ord(pair[0]): pair[1] for pair in pairs}


@cache
def _words() -> dict[str, str]:
    return {**_tables()["words"], **_tables()["abbreviations"]}


def _phrase(phrases: dict[str, str], words: str) -> str:
    found = phrases.get(words)
    return phrases[words.replace(" ", "")] if found is None else found


@cache
def _phrases() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    tables = _tables()
    phrases = {**tables["slips"], **tables["dialect"], **tables["pinyin"]}
    longest_first = sorted(phrases, key=len, reverse=True)
    latin = _by_first_letter(
        re.escape(each).replace(r"\ ", " ?")
        if each in tables["pinyin"]
        else re.escape(each)
        for each in longest_first
        if each.isascii()
    )
    phrases |= {name.replace(" ", ""): said for name, said in tables["pinyin"].items()}
    chinese = _by_first_letter(
        re.escape(each) for each in longest_first if not each.isascii()
    )
    return re.compile(rf"(?<!\S)(?:{latin})(?!\S)"), re.compile(chinese), phrases


@cache
def _pinyin() -> re.Pattern[str]:
    names = sorted(_tables()["pinyin"], key=len, reverse=True)
    choices = _by_first_letter(re.escape(name).replace(r"\ ", " ?") for name in names)
    return re.compile(rf"(?<!\S)(?:{choices})(?!\S)")


def _by_first_letter(choices: Iterable[str]) -> str:
    """Return one alternative for each first letter: few are tried where none stands."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for choice in choices:
        grouped[choice[0]].append(choice[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in grouped.items())


@cache
def _first_syllables() -> frozenset[str]:
    """Return the first words of phrases; syllables may be typed as one word."""
    return frozenset(
        "".join(words[:size])
        for words in (each.split() for each in _phrases()[2] if each.isascii())
        for size in range(1, len(words) + 1)
    )


@cache
def _long_words() -> tuple[tuple[str, ...], dict[str, str]]:
    words = tuple(_tables()["mended"]["words"].split())
    deletions: dict[str, str] = {}
    for word in words:
        for at in range(len(word)):
            deletions.setdefault(word[:at] + word[at + 1 :], word)
        deletions[word] = word
    return words, deletions
