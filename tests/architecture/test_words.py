import re
from gettext import GNUTranslations

from tests.architecture.source import ROOT

FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")
FORBIDDEN = ("黄页", "案主", "登陆", "仪表盘", "等待列表", "户口登记")


def _entries() -> list[tuple[str, str, bool]]:
    """Return (msgid, msgstr, fuzzy) of each entry, plurals by their singular."""
    found = []
    for block in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n"):
        fuzzy = "#, " in block and "fuzzy" in block
        texts: dict[str, str] = {}
        current = ""
        for line in block.splitlines():
            if match := re.match(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[0\]) "(.*)"$', line):
                current = match.group(1)
                texts[current] = match.group(2)
            elif line.startswith('"') and current:
                texts[current] += line[1:-1]
        if texts.get("msgid"):
            target = texts.get("msgstr", texts.get("msgstr[0]", ""))
            source = texts.get("msgid_plural", texts["msgid"])
            if context := texts.get("msgctxt"):
                source = f"{context}\x04{source}"
            found.append((source, target, fuzzy))
    return found


def test_every_sentence_has_its_chinese() -> None:
    missing = [source for source, target, fuzzy in _entries() if not target or fuzzy]

    assert missing == []


def test_translations_keep_the_placeholders() -> None:
    broken = [
        source
        for source, target, _fuzzy in _entries()
        if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(target))
    ]

    assert broken == []


def test_translations_use_the_words_of_the_field() -> None:
    wrong = [
        (word, target)
        for _source, target, _fuzzy in _entries()
        for word in FORBIDDEN
        if word in target
    ]
    wrong += [
        ("客户", target)
        for _source, target, _fuzzy in _entries()
        if "客户" in target.replace("客户端", "")
    ]

    assert wrong == []


def test_the_compiled_file_is_the_written_one() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = [
        source
        for source, target, _fuzzy in _entries()
        if "\\" not in source
        and not re.search(r"\\", target)
        and compiled._catalog.get(source, compiled._catalog.get((source, 0), target)) != target  # type: ignore[attr-defined]  # gettext keeps its table private
    ]

    assert stale == []
