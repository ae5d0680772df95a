"""Help articles: Markdown files in `docs/help/<language>/`, rendered and sanitized."""

from dataclasses import dataclass

import nh3
from django.http import Http404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from hospital.env import BASE_DIR

HELP_DIR = BASE_DIR / "docs" / "help"
FALLBACK_LANGUAGE = "en"


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


def help_articles() -> list[HelpArticle]:
    """Return every article, in the order of their file names."""
    slugs = sorted(path.stem for path in (HELP_DIR / FALLBACK_LANGUAGE).glob("*.md"))
    return [help_article(slug) for slug in slugs]


def to_html(markdown: str) -> SafeString:
    """Return Markdown as HTML that holds no script, style or foreign frame."""
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    return mark_safe(nh3.clean(html))  # noqa: S308 (sanitized on this line)


def _title(markdown: str) -> str:
    return markdown.partition("\n")[0].lstrip("# ").strip()
