"""One folding for search, gazetteer, duplicates and blind indexes; pinyin."""

import json
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

# Control and format characters go; line ends and tabs part words, so they become blanks.
_TABLE = {
    code: " " if chr(code).isspace() else ""
    for code in (*range(0x20000), *range(0xE0000, 0xE1000))
    if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs"}
}
# The straight and the curly apostrophe part no words: can't is cant.
_SIMPLER = {0x27: "", 0x2019: ""} | {
    ord(line[0]): line[1]
    for line in Path(__file__).with_name("t2s.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
}

# A quick look for it; the rare planes, which few texts use, count as one.
_LONG_FORM = re.compile(
    f"[{re.escape(''.join(chr(code) for code in _SIMPLER if code < 0x10000))}\U00010000-\U0010ffff]"
)
# Latin, Chinese and wide signs: there NFKC only narrows, and doing that alone is six times as fast.
_ORDINARY = re.compile("[\x20-\x7e\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]*")
_WIDE = re.compile("[\u3000\uff01-\uff5e]")
_NARROW = {
    chr(code): unicodedata.normalize("NFKC", chr(code)) for code in (0x3000, *range(0xFF01, 0xFF5F))
}
_HAN = re.compile("([\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+)")


def fold(text: str) -> str:
    """Make equal what people take for the same: width, case, traditional forms, apostrophes."""
    if _ORDINARY.fullmatch(text):
        text = _WIDE.sub(lambda found: _NARROW[found[0]], text)
    else:
        text = unicodedata.normalize("NFKC", text.translate(_TABLE))
    text = text.lower()
    return text.translate(_SIMPLER) if _LONG_FORM.search(text) else text


def pinyin(text: str) -> str:
    """Return syllables without tones, parted by blanks (ü is v); other words stay as folded.

    Names sort by this form; `pinyin(s).replace(" ", "")` is the joined one.
    """
    # Loaded here, because the dictionary takes 58 MB that most processes never need.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    words: list[str] = []
    for part in _HAN.split(fold(text)):
        words += lazy_pinyin(part) if _HAN.match(part) else part.split()
    return " ".join(words)


def initials(text: str) -> str:
    """Return the first letter of each syllable and word: 法律援助 gives `flyz`."""
    return "".join(word[0] for word in pinyin(text).split())


def readings(text: str, limit: int = 8) -> list[tuple[str, ...]]:
    """Return up to `limit` ways to read the Han characters of a text, the usual one first."""
    from pypinyin import Style  # noqa: PLC0415
    from pypinyin import pinyin as all_readings  # noqa: PLC0415

    syllables = all_readings("".join(_HAN.findall(fold(text))), style=Style.NORMAL, heteronym=True)
    return list(islice(product(*syllables), limit)) if syllables else []


def sounds(character: str) -> tuple[str, ...]:
    """Return how one folded Han character may be read, without tones (ü is v)."""
    told = _characters().get(str(ord(character)), "")
    toneless = unicodedata.normalize("NFD", told).replace("u\u0308", "v")
    plain = "".join(c for c in toneless if not unicodedata.combining(c))
    return tuple(sorted({sound for sound in plain.split(",") if sound}))


@cache
def _characters() -> dict[str, str]:
    """Read the dictionary of characters from its file.

    Importing the package reads that of the phrases as well, which no search needs.
    """
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError(name="pypinyin")
    file = Path(package.origin).with_name("pinyin_dict.json")
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found
