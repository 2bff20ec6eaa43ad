"""Tags and filters that every template has: icons, catalogue text, form keys, dates, numbers."""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

import qrcode
from django import template
from django.core.paginator import Page
from django.middleware.csrf import get_token
from django.template.defaultfilters import linebreaks_filter
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Translated
from core.templatetags import signs, words
from core.templatetags.words import page_language

register = template.Library()

for rule in (
    *(words.day, words.short_day, words.long_day, words.moment, words.stamp, words.ago),
    *(words.phone, words.masked_phone, words.tel, words.money),
):
    register.filter(rule.__name__, rule)
register.simple_tag(words.remaining, name="sla")
register.simple_tag(words.distance)
register.simple_tag(words.page_language, name="html_language")
register.simple_tag(signs.sign)

LANGUAGE_NAMES = {
    "zh": _("Chinese"),
    "en": _("English"),
    "es": _("Spanish"),
    "bo": _("Tibetan"),
    "ug": _("Uyghur"),
    "mn": _("Mongolian"),
    "ko": _("Korean"),
    "ja": _("Japanese"),
    "fr": _("French"),
    "ru": _("Russian"),
    "vi": _("Vietnamese"),
    "ar": _("Arabic"),
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Print a symbol of the sprite, silent to a screen reader because the word stands beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("core/icons.svg"),
        name,
    )


# ---- Catalogue text -------------------------------------------------------------------------
@register.filter
def plain(record: Translated | None, field: str) -> str:
    """Return catalogue text in the page language without a mark, for titles and attributes."""
    return record.text(field, page_language())[0] if record else ""


@register.simple_tag(name="text")
def catalogue_text(record: Translated | None, field: str, *, paragraphs: bool = False) -> str:
    """Print catalogue text; text of another language carries `lang` and a visible mark."""
    content, language = record.text(field, page_language()) if record else ("", "")
    if not content:
        return ""
    body = linebreaks_filter(content) if paragraphs else format_html("{}", content)
    if language == page_language():
        return body
    marked = format_html(
        '<{0} lang="{1}">{2}</{0}>', "div" if paragraphs else "span", language, body
    )
    primary = language.partition("-")[0]
    if primary == page_language().partition("-")[0]:
        return marked
    mark = gettext("(%(language)s)") % {"language": LANGUAGE_NAMES.get(primary, language)}
    return format_html('{} <span class="lang-mark">{}</span>', marked, mark)


# ---- Forms ----------------------------------------------------------------------------------
def _hidden(name: str, value: object) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


@register.simple_tag
def form_key() -> SafeString:
    """Print the hidden key by which a second sending of the same form is recognized."""
    return _hidden("idempotency_key", uuid.uuid4())


@register.simple_tag(takes_context=True)
def form_guard(context: Any, version: int | str = "") -> SafeString:
    """Print what every POST form carries, also inside an include with `only`."""
    token = _hidden("csrfmiddlewaretoken", get_token(context.request))
    kept = "" if version in {"", None} else _hidden("version", version)
    return format_html("{}{}{}", token, form_key(), kept)


# ---- Addresses and pages --------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def query(context: Any, **changes: object) -> str:
    """Print the query of this page with some parameters changed; `None` removes one."""
    parameters = context.request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else context.request.path


@register.simple_tag(takes_context=True)
def page_url(context: Any, name: str, value: object) -> str:
    """Print the query of this page with the parameter `name` changed and page 1 left out."""
    changes: dict[str, object] = {"page": None, name: value}
    if changes.get("page") == 1:
        changes["page"] = None
    return query(context, **changes)


@register.simple_tag
def page_numbers(page: "Page[Any]") -> list[int | str]:
    """Give the numbers of a pager, the far ones replaced by an ellipsis."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.filter
def at(values: Sequence[object], index: int) -> object:
    """Return an element of a list."""
    return values[index] if 0 <= index < len(values) else ""


# ---- QR -------------------------------------------------------------------------------------
class Drawing(NamedTuple):
    """A QR code as one path, in modules, quiet zone included."""

    size: int
    path: str


@register.simple_tag
def qr_path(address: str) -> Drawing:
    """Draw an address as a QR code of level M with a quiet zone of four modules."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(address)
    code.make(fit=True)
    modules = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark
    )
    return Drawing(len(modules), path)
