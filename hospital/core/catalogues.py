"""The gettext catalogues: extract what people read, merge, check and compile.

Babel replaces the system's gettext tools, so a bare machine is enough; templates go
through Django's own `templatize`, so both see the same strings.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES = ("hospital", "consult", "diagnosis", "scheduling", "templates")
SENTENCES = "words.py"  # a pure package's sentences: its constants, without gettext
NOUN = "what"  # the argument by which its readers name what is to blame
DOMAIN = "django"
LANGUAGES = ("zh_Hans",)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
    "phrase": None,  # a pure package's texts, where they are said
}
CALL = re.compile(r"\b(?:n?p?gettext|_)\(")
NOISE = (
    '"POT-',
    '"PO-',
    '"Project-',
    '"Report-',
    '"Last-',
    '"Generated-',
    '"Language-',
)
HEADER = "# Translations of Anji. Made by `manage.py translations --update`.\n#"


@dataclass(frozen=True, slots=True)
class Text:
    """One string that people read: its message id(s), context and place."""

    ids: str | tuple[str, str]
    context: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one message of a catalogue."""

    language: str
    text: str
    why: str


def texts(root: Path) -> Iterator[Text]:
    """Yield every translatable string of the source tree."""
    for source in SOURCES:
        for path in sorted((root / source).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _python_texts(path, root)
                yield from _nouns(path, root)
            if path.name == SENTENCES:
                yield from _sentences(path, root)
        for path in sorted((root / source).rglob("*.html")):
            yield from _template_texts(path, root)


def update(root: Path) -> None:
    """Merge the source tree's strings into each catalogue, and compile it."""
    found = template_catalogue(root)
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        catalogue = _read(path, language)
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.header_comment = HEADER
        catalogue.fuzzy = False
        _write(catalogue, path)
        compile_catalogue(root, language)


def check(root: Path) -> list[Flaw]:
    """Return what is missing, fuzzy or broken in the catalogues."""
    found = template_catalogue(root)
    flaws = []
    for language in LANGUAGES:
        catalogue = _read(catalogue_path(root, language), language)
        for wanted in found:
            if wanted.id:
                message = catalogue.get(wanted.id, wanted.context)
                flaws += [Flaw(language, _name(wanted), why) for why in _flaws(message)]
    return flaws


def compile_catalogue(root: Path, language: str) -> None:
    """Write the catalogue's binary twin, which Django reads."""
    path = catalogue_path(root, language)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, _read(path, language))


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def template_catalogue(root: Path) -> Catalog:
    """Return a catalogue of the source tree's strings, untranslated."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8")
    for text in texts(root):
        catalogue.add(text.ids, locations=[(text.place, 0)], context=text.context)
    return catalogue


def _python_texts(path: Path, root: Path) -> Iterator[Text]:
    place = str(path.relative_to(root))
    with path.open("rb") as file:
        for _line, ids, _comments, context in extract("python", file, KEYWORDS):
            yield Text(_ids(ids), context, place)


def _nouns(path: Path, root: Path) -> Iterator[Text]:
    """Yield the words that calls pass on to name what they speak of."""
    place = str(path.relative_to(root))
    for node in ast.walk(ast.parse(path.read_text())):
        value = node.value if isinstance(node, ast.keyword) else None
        if isinstance(value, ast.Constant) and getattr(node, "arg", "") == NOUN:
            yield Text(str(value.value), None, place)


def _sentences(path: Path, root: Path) -> Iterator[Text]:
    """Yield the string constants of a module; its docstring is none of them."""
    place = str(path.relative_to(root))
    for node in ast.parse(path.read_text()).body:
        value = node.value if isinstance(node, ast.Assign) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield Text(value.value, None, place)


def _template_texts(path: Path, root: Path) -> Iterator[Text]:
    place = str(path.relative_to(root))
    source = templatize(path.read_text(), origin=place)
    for found in CALL.finditer(source):
        call = ast.parse(_call(source[found.start() :]), mode="eval").body
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            yield _template_text(call.func.id, call.args, place)


def _template_text(name: str, arguments: list[ast.expr], place: str) -> Text:
    words = [str(node.value) for node in arguments if isinstance(node, ast.Constant)]
    context = words.pop(0) if "pgettext" in name else None
    return Text((words[0], words[1]) if name[0] == "n" else words[0], context, place)


def _call(source: str) -> str:
    """Return the source up to the bracket that closes its first call."""
    depth = 0
    lines = source.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0)
        if token.string == ")" and depth == 0:
            row, column = token.end
            return "".join([*lines[: row - 1], lines[row - 1][:column]])
    message = f"A translation call without an end: {source[:60]!r}."
    raise ValueError(message)


def _ids(ids: str | tuple[str, ...]) -> str | tuple[str, str]:
    return ids if isinstance(ids, str) else (ids[0], ids[1])


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def _write(catalogue: Catalog, path: Path) -> None:
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        width=88,
        sort_output=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    lines = out.getvalue().decode().splitlines(keepends=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line for line in lines if not line.startswith(NOISE)))


def _flaws(message: Message | None) -> Iterator[str]:
    if message is None:
        yield "is not in the catalogue"
        return
    strings = [message.string] if isinstance(message.string, str) else message.string
    if not strings or not all(strings):
        yield "is not translated"
        return
    if message.fuzzy:
        yield "is fuzzy"
    for error in message.check():
        yield str(error)


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
