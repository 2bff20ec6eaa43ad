"""What a consent notice must name before it may be published (pure)."""

from collections.abc import Mapping

# Part of the notice -> what shows that the text names it. Braces are filled when it is shown.
PARTS: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {
        "handler": "{handler}",
        "contact": "{contact}",
        "purpose": "目的",
        "method": "方式",
        "kinds_of_data": "{classes}",
        "retention": "{retention}",
        "rights": "权利",
    },
    "en": {
        "handler": "{handler}",
        "contact": "{contact}",
        "purpose": "purpose",
        "method": "how",
        "kinds_of_data": "{classes}",
        "retention": "{retention}",
        "rights": "rights",
    },
}


def missing_parts(body: str, language: str) -> list[str]:
    """Return which of the seven parts a text leaves out."""
    marks = PARTS.get(language.lower(), PARTS["en"])
    text = body.lower()
    return [part for part, mark in marks.items() if mark not in text]


def filled(body: str, facts: Mapping[str, str]) -> str:
    """Return the notice with names filled in; nothing else in braces is touched."""
    for name, value in facts.items():
        body = body.replace(f"{{{name}}}", value)
    return body
