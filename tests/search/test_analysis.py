import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold
from search import analysis

TEXTS = Path(__file__).with_name("golden_texts.txt").read_text("utf-8").splitlines()
# With another value the index of every installation is another one: raise ANALYZER_VERSION.
GOLDEN = {1: "1b825f274a7342d8"}


def test_tokens_change_only_with_the_version():
    told = "\n".join(" ".join(analysis.tokens(text, singles=True)) for text in TEXTS)

    assert len(TEXTS) >= 450
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == GOLDEN[analysis.ANALYZER_VERSION]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("上海市静安区日间照料中心", "上海 海市 市静 静安 安区 区日 日间 间照 照料 料中 中心"),
        ("長者食堂送餐", "长者 者食 食堂 堂送 送餐"),
        ("ＬＥＧＡＬ　Aid（法援）12348", "legal aid 法援 12348"),
        ("can't pay bills; Elderly care services", "cant pay bill elder care servic"),
        ("低保dibao", "低保 dibao"),
        ("愛滋病檢測", "爱滋 滋病 病检 检测"),
        ('| & ( ) : * \\ "', ""),
    ],
)
def test_a_text_gives_these_tokens(text, tokens):
    assert analysis.tokens(text) == tokens.split()


def test_single_characters_are_written_for_names():
    assert analysis.tokens("药; 12356热线", singles=True) == ["药", "12356", "热线", "热", "线"]


def test_negations_are_no_function_words():
    assert {"no", "not", "without"}.isdisjoint(analysis.STOP)
    assert 120 <= len(analysis.STOP) <= 170


def test_equal_names_share_a_key_whatever_their_blanks():
    assert analysis.exact("法律援助 申请") == analysis.exact("法律援助申請") == "=69314701e4e9"


@given(st.text(max_size=80))
def test_tokens_hold_no_blank_and_fit(text):
    for token in analysis.tokens(text, singles=True):
        assert token == token.strip()
        assert not any(character.isspace() for character in token)
        assert 0 < len(token.encode()) <= 64


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text):
    assert analysis.tokens(fold(text)) == analysis.tokens(text)


@pytest.mark.parametrize(
    ("text", "typed", "ranges"),
    [
        ("听雨街道長者食堂", {"长者", "食堂"}, [(4, 8)]),
        ("Legal ＡＩＤ desk", {"aid"}, [(6, 9)]),
        ("社区药房", {"药"}, [(2, 3)]),
        ("没有", {"长者"}, []),
    ],
)
def test_what_was_typed_is_marked_at_its_place(text, typed, ranges):
    assert analysis.highlight(text, typed) == ranges


@given(st.text(max_size=60), st.text(max_size=20))
def test_marks_lie_within_the_text(text, typed):
    ranges = analysis.highlight(text, set(analysis.tokens(typed)))

    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(a[1] < b[0] for a, b in pairwise(ranges))


def test_pinyin_of_a_name_comes_whole_and_as_initials():
    told = list(analysis.sounds("法律援助"))

    assert told[:3] == [("falvyuanzhu", False), ("faluyuanzhu", False), ("flyz", True)]
    assert list(analysis.sounds("法律 aid")) == []
