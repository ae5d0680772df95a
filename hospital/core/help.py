"""Help articles: Markdown files in `docs/help/<language>/`, rendered and sanitized."""

import re
from dataclasses import dataclass

import nh3
from django.http import Http404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from hospital.env import BASE_DIR

HELP_DIR = BASE_DIR / "docs" / "help"
FALLBACK_LANGUAGE = "en"
STAFF_ARTICLES = (
    "start",
    "upload",
    "worklist",
    "reading",
    "report",
    "models",
    "rosters",
    "conversations",
    "library",
    "notices",
    "administration",
    "errors",
)
PATIENT_ARTICLES = ("record", "chat")
CODE_CELL = re.compile(r"<td>((?:<code>\w+</code>[, ]*)+)</td>")
CODE = re.compile(r"<code>(\w+)</code>")


@dataclass(frozen=True, slots=True)
class HelpArticle:
    slug: str
    title: str
    html: SafeString


def help_article(slug: str) -> HelpArticle:
    """Return an article in the active language, else in English.

    Raises:
        Http404: There is no article of that name.
    """
    for language in (get_language() or FALLBACK_LANGUAGE, FALLBACK_LANGUAGE):
        path = HELP_DIR / language / f"{slug}.md"
        if path.is_file():
            text = path.read_text()
            return HelpArticle(slug=slug, title=_title(text), html=to_html(text))
    raise Http404(slug)


def help_articles(*, role: str) -> list[HelpArticle]:
    """Return the articles that a role needs, in the order they are best read."""
    slugs = PATIENT_ARTICLES if role == "patient" else STAFF_ARTICLES
    return [help_article(slug) for slug in slugs]


def to_html(markdown: str) -> SafeString:
    """Return Markdown as HTML that holds no script, style or foreign frame.

    A code that leads a table's row can be linked to: `/help/errors/#report_signed`.
    """
    html = nh3.clean(MarkdownIt("commonmark").enable("table").render(markdown))
    return mark_safe(CODE_CELL.sub(_anchored, html))  # noqa: S308 (sanitized above)


def _anchored(cell: re.Match[str]) -> str:
    anchored = CODE.sub(r'<code id="\1">\1</code>', cell[1])
    return f"<td>{anchored}</td>"


def _title(markdown: str) -> str:
    return markdown.partition("\n")[0].lstrip("# ").strip()
