"""Words that belong to one person, and a search for them in whatever a product may leave behind."""

import base64
import html
import json
import secrets
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

# Common in names, so that nothing treats a canary as noise.
HAN = "桐棠栩槿楠榕樨梓桦柚杉棣檀椿榆枫桉栀梧槐"


class Canary(NamedTuple):
    """A Chinese and a Latin word that nothing else in the world contains."""

    field: str
    han: str
    latin: str

    @property
    def text(self) -> str:
        """Return the value to put into the field."""
        return f"{self.han} {self.latin}"


def canary(field: str) -> Canary:
    """Make the words of one field; the field's name says later where a leak came from."""
    han = "".join(secrets.choice(HAN) for _ in range(6))
    return Canary(field, han, f"zq{secrets.token_hex(6)}")


def spellings(word: str) -> Iterator[bytes]:
    """Yield what a word looks like in HTML, JSON, URLs, mail and two other encodings."""
    for text in {word, word.upper(), html.escape(word), "".join(f"&#{ord(c)};" for c in word)}:
        yield text.encode()
    yield json.dumps(word)[1:-1].encode()
    yield json.dumps(word)[1:-1].upper().encode()
    yield quote(word).encode()
    yield quote_plus(word).lower().encode()
    yield word.encode("gb18030")
    yield word.encode("utf-16-le")
    # Base64 depends on what stands before: three beginnings cover every case.
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + word.encode())
        # The ends mix with their neighbors; the middle stays.
        yield coded[4:-4]


def leaks(canaries: Iterable[Canary], place: str, content: str | bytes) -> list[str]:
    """Return `field in place` for each canary that the content shows in any spelling."""
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    return [
        f"{one.field} in {place}"
        for one in canaries
        if any(spelling in data for word in (one.han, one.latin) for spelling in spellings(word))
    ]
