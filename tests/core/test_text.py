import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import (
    UncleanText,
    clean,
    fold,
    folding,
    initials,
    pinyin,
    printable,
    readings,
    sounds,
)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("\ufeff王", "王"),
        ("e\u0301", "é"),
        ("👩‍👧 ok", "👩‍👧 ok"),
        ("", ""),
    ],
)
def test_clean_text_is_composed_and_has_plain_line_ends(given_text: str, kept: str) -> None:
    assert clean(given_text) == kept


@pytest.mark.parametrize("code", [0x00, 0x07, 0x0B, 0x1B, 0x7F, 0x85, 0x9B, 0x202E, 0x2066, 0xD800])
def test_invisible_characters_are_refused_by_number(code: int) -> None:
    with pytest.raises(UncleanText, match=f"U\\+{code:04X}"):
        clean(f"a{chr(code)}b")
    assert printable(f"a{chr(code)}b") == "ab"


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    try:
        once = clean(text)
    except UncleanText:
        return
    assert clean(once) == once
    once.encode()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＬＥＧＡＬ　Aid（法援）", "legal aid(法援)"),
        ("can't", "cant"),
        ("can’t", "cant"),
        ("養老", "养老"),
        ("愛滋病檢測", "爱滋病检测"),
        ("瞭解剩餘", "了解剩余"),
        ("裡面裏面", "里面里面"),
        ("法\u200b律", "法律"),
        ("低保\n申请", "低保 申请"),
        ("a\x00b\ud800c", "abc"),
        ("①", "1"),
    ],
)
def test_spellings_that_people_take_for_equal_fold_to_one(text: str, folded: str) -> None:
    assert fold(text) == folded


COMMON = st.text("老养養法律aA１１，。　（）ＡＺ'’é①ﬁ\u0301\u200b\n🙂㑮", max_size=12)


@given(st.one_of(st.text(), COMMON))
def test_the_quick_way_folds_like_the_slow_one(text: str) -> None:
    kept = "".join(folding._TABLE.get(ord(char), char) for char in text)
    lowered = unicodedata.normalize("NFKC", kept).lower()

    assert fold(text) == "".join(folding._SIMPLER.get(ord(char), char) for char in lowered)
    fold(text).encode()


def test_every_pair_of_the_table_ends_in_a_character_of_no_pair() -> None:
    pairs = [chr(code) for code in range(0x3400, 0xA000) if fold(chr(code)) != chr(code)]

    assert len(pairs) > 3700
    assert all(fold(fold(char)) == fold(char) for char in pairs)


@pytest.mark.parametrize(
    ("text", "spelled", "letters"),
    [
        ("法律援助", "fa lv yuan zhu", "flyz"),
        ("長者食堂", "zhang zhe shi tang", "zzst"),
        ("重庆市", "chong qing shi", "cqs"),
        ("12348 热线", "12348 re xian", "1rx"),
        ("Legal Aid", "legal aid", "la"),
        ("", "", ""),
    ],
)
def test_pinyin_parts_syllables_and_words(text: str, spelled: str, letters: str) -> None:
    assert pinyin(text) == spelled
    assert initials(text) == letters


def test_a_character_with_several_readings_gives_several_ways_the_usual_first() -> None:
    assert readings("重症")[0] == ("zhong", "zheng")
    assert len(readings("重乐单参差")) == 8


def test_a_character_sounds_in_search_as_in_names() -> None:
    common = [chr(code) for code in range(0x4E00, 0x5400)]

    for character in filter(lambda one: fold(one) == one, common):
        spelled = {syllables[0] for syllables in readings(character)}
        assert set(sounds(character)) == spelled - {character}
    assert sounds("绿") == ("lu", "lv")
    assert sounds("a") == ()
    assert readings("abc") == []
