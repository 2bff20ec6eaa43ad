import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from core.jobs import now, today
from core.templatetags import linkwell, signs, words

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _component(_name: str, **parameters: Any) -> str:
    request: HttpRequest = RequestFactory().get("/list/?q=meals&page=3")
    given = " ".join(["with", *(f"{key}={key}" for key in parameters)]) if parameters else ""
    source = f'{{% include "core/components/{_name}.html" {given} only %}}'
    context = RequestContext(request)
    context.push(parameters)
    markup = Template(source).render(context)
    return re.sub(r"\s+", " ", markup).strip()


def _words(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


@dataclass
class Text:
    words: str
    language: str

    def text(self, _field: str, _language: str) -> tuple[str, str]:
        return self.words, self.language


# ---- Fields ---------------------------------------------------------------------------------
class Answer(forms.Form):
    contact = forms.CharField(label="Contact", help_text="Who will call")
    note = forms.CharField(label="Note", required=False)
    choice = forms.ChoiceField(
        label="Answer", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    told = forms.BooleanField(label="Told", required=False)


def test_field_joins_hint_and_error_to_its_control() -> None:
    form = Answer({"contact": ""})

    markup = _component("field", field=form["contact"])

    assert 'aria-describedby="id_contact_helptext id_contact_error"' in markup
    assert 'id="id_contact_helptext"' in markup
    assert 'id="id_contact_error"' in markup
    assert 'aria-invalid="true"' in markup
    assert '<label for="id_contact"' in markup


def test_only_optional_fields_say_so() -> None:
    form = Answer()

    assert "optional" not in _component("field", field=form["contact"])
    assert "(optional)" in _component("field", field=form["note"])
    assert "optional" not in _component("field", field=form["told"])


def test_radio_buttons_are_a_fieldset_whose_labels_meet_their_buttons() -> None:
    markup = _component("field", field=Answer()["choice"])

    assert markup.startswith("<fieldset")
    assert re.findall(r'<label class="choice" for="(\w+)"><input [^>]*id="(\w+)"', markup) == [
        ("id_choice_0", "id_choice_0"),
        ("id_choice_1", "id_choice_1"),
    ]


def test_error_summary_links_each_error_to_its_control() -> None:
    form = Answer({"note": "x"})
    form.add_error(None, "These two do not fit together.")

    markup = _component("error_summary", form=form)

    assert re.findall(r'href="#(\w+)"', markup) == ["id_contact", "id_choice_0"]
    assert "These two do not fit together." in markup
    assert 'role="alert"' in markup


def test_form_carries_token_key_and_version() -> None:
    markup = _component("form", form=Answer(), submit="Send the referral", version=7)

    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', markup)
    assert re.search(r'name="idempotency_key" value="[0-9a-f-]{36}"', markup)
    assert 'name="version" value="7"' in markup
    assert "novalidate" in markup


def test_each_form_has_a_key_of_its_own() -> None:
    assert linkwell.form_key() != linkwell.form_key()


# ---- Signs ----------------------------------------------------------------------------------
def test_what_waits_for_the_recipient_is_theirs_to_do() -> None:
    assert signs.sign("referral", "sent", "sender").role == "info"
    assert signs.sign("referral", "sent", "recipient").role == "warn"
    assert signs.sign("referral", "info_requested", "sender").role == "warn"
    assert signs.sign("referral", "info_requested", "recipient").role == "info"
    assert signs.sign("referral", "accepted", "sender") == signs.sign("referral", "accepted")


@pytest.mark.parametrize("code", signs.REFERRAL)
def test_each_status_has_one_bucket_per_side(code: str) -> None:
    mine, theirs = signs.bucket(code, "sender"), signs.bucket(code, "recipient")

    assert {mine, theirs} <= set(signs.BUCKET)
    assert (mine == theirs) or {mine, theirs} == {"yours", "waiting"}


def test_unknown_code_shows_a_question_mark_instead_of_failing() -> None:
    assert "#unknown" in _component("chip_status", code="invented")


def test_time_limit_turns_amber_after_four_fifths() -> None:
    start = now() - timedelta(hours=8)
    before = words.remaining(start + timedelta(hours=10, minutes=3), start)
    after = words.remaining(start + timedelta(hours=9, minutes=58), start)

    assert (before.role, after.role) == ("info", "warn")  # type: ignore[union-attr]  # both have a limit


@pytest.mark.parametrize(
    ("left", "role", "word"),
    [
        (timedelta(days=2, minutes=1), "info", "2 days left"),
        (timedelta(days=1, minutes=1), "info", "1 day left"),
        (timedelta(minutes=-5), "danger", "Overdue"),
        (timedelta(hours=-3), "danger", "3 hours late"),
        (timedelta(days=-4), "danger", "4 days late"),
    ],
)
def test_time_limit_in_words(left: timedelta, role: str, word: str) -> None:
    found = words.remaining(now() + left)

    assert found is not None
    assert (found.role, found.word) == (role, word)


def test_a_day_is_due_until_it_ends() -> None:
    due = [words.remaining(today() + timedelta(days=days)) for days in (-1, 0, 1)]

    assert [found.word for found in due if found] == [
        "1 day late",
        "Due today",
        "1 day left",
    ]


def test_a_listing_nobody_verified_is_not_green() -> None:
    markup = _component("chip_verified", state="active", on=None, how="imported")

    assert "state--ok" not in markup
    assert "Not verified yet" in markup


def test_verification_says_when_how_and_by_whom() -> None:
    markup = _component(
        "chip_verified",
        state="active",
        on=today() - timedelta(days=12),
        how="by phone",
        by="social work station",
    )

    assert "Verified 12 days ago by phone · social work station" in _words(markup)


def test_capacity_carries_its_age() -> None:
    markup = _component("availability", code="limited", left=0, on=today() - timedelta(days=2))

    assert _words(markup) == "Few places left 0 places left · updated 2 days ago"


# ---- Words ----------------------------------------------------------------------------------
def test_dates_in_both_languages() -> None:
    english = (words.day(NOON), words.long_day(NOON), words.stamp(NOON))
    with translation.override("zh-hans"):
        chinese = words.long_day(NOON)

    assert english == ("2026-11-25 (Wed)", "November 25, 2026", "2026-11-25 (Wed) 12:00")
    assert chinese == "2026年11月25日"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "yesterday"),
        (-1, "tomorrow"),
        (12, "12 days ago"),
        (-3, "in 3 days"),
        (400, "13 months ago"),
    ],
)
def test_how_long_ago(days: int, said: str) -> None:
    assert words.ago(today() - timedelta(days=days)) == said


@pytest.mark.parametrize(
    ("metres", "precision", "said"),
    [
        (4, "exact", "10 m straight line"),
        (847, "exact", "850 m straight line"),
        (960, "street", "1.0 km straight line"),
        (2340, "exact", "2.3 km straight line"),
        (12300, "exact", "12 km straight line"),
        (3200, "town", "about 3 km"),
        (300, "county", "in Lanjiang"),
        (None, "none", "in Lanjiang"),
    ],
)
def test_distance_is_as_precise_as_the_position(
    metres: float | None, precision: str, said: str
) -> None:
    markup = _component("distance", metres=metres, precision=precision, area="Lanjiang")

    assert _words(markup) == said


def test_a_remote_service_is_anywhere_and_an_unknown_place_is_unknown() -> None:
    assert _words(_component("distance", remote=True)) == "anywhere"
    assert _words(_component("distance")) == "position unknown"


@pytest.mark.parametrize(
    ("number", "shown", "masked"),
    [
        ("13812345678", "138 1234 5678", "138****5678"),
        ("+8613812345678", "138 1234 5678", "138****5678"),
        ("0900-62180455", "0900-6218 0455", "090****0455"),
        ("+862112345678", "021-1234 5678", "211****5678"),
        ("12348", "12348", "*****"),
        ("+1 202 555 0100", "+1 202 555 0100", "120****0100"),
    ],
)
def test_phone_numbers_in_groups_and_masked(number: str, shown: str, masked: str) -> None:
    assert words.phone(number) == shown
    assert words.masked_phone(number) == masked


def test_money() -> None:
    assert words.money(Decimal("1234.5")) == "¥1,234.50"
    assert words.money(None) == ""


def test_text_of_another_language_is_tagged_and_marked() -> None:
    markup = linkwell.catalogue_text(Text("长者食堂", "zh-Hans"), "name")  # type: ignore[arg-type]  # speaks like a record

    assert markup == '<span lang="zh-Hans">长者食堂</span> <span class="lang-mark">(Chinese)</span>'


def test_text_of_the_page_language_is_escaped_and_plain() -> None:
    record: Any = Text("Meals <b>& more", "en")

    assert linkwell.catalogue_text(record, "name") == "Meals &lt;b&gt;&amp; more"
    assert linkwell.plain(record, "name") == "Meals <b>& more"


def test_paragraphs_of_a_listing_stay_text() -> None:
    record: Any = Text("One\n\n<script>two", "en")

    markup = linkwell.catalogue_text(record, "description", paragraphs=True)

    assert markup == "<p>One</p>\n\n<p>&lt;script&gt;two</p>"


# ---- Lists ----------------------------------------------------------------------------------
def test_pager_keeps_the_query() -> None:
    markup = _component("pager", page=Paginator(range(100), 25).page(3))

    assert 'href="?q=meals&amp;page=2" rel="prev"' in markup
    assert '<span aria-current="page">3</span>' in markup


def test_first_page_and_new_order_need_no_page_number() -> None:
    context: Any = RequestContext(RequestFactory().get("/list/?q=meals&page=3"))

    assert linkwell.page_url(context, "page", 1) == "?q=meals"
    assert linkwell.page_url(context, "sort", "distance") == "?q=meals&sort=distance"
    assert linkwell.query(context, q=None, page=None) == "/list/"


def test_one_page_has_no_pager() -> None:
    assert _component("pager", page=Paginator(range(3), 25).page(1)) == ""


def test_filters_work_without_script_and_keep_what_was_asked() -> None:
    group = {"legend": "District", "name": "area", "options": [{"value": "1", "label": "Lanjiang"}]}

    markup = _component("filters", groups=[group], keep=[("q", "meals")])

    assert '<input type="hidden" name="q" value="meals">' in markup
    assert '<button class="btn" type="submit">' in markup


def test_confidential_address_is_not_printed() -> None:
    markup = _component("address", hidden=True, area="Lanjiang", text="14 Yuqian Lane", geo="1,2")

    assert "Yuqian" not in markup
    assert "geo:" not in markup


def test_button_that_cannot_be_used_says_why() -> None:
    markup = _component("button", label="Send", id="send", why="Consent is missing.")

    assert 'aria-disabled="true" aria-describedby="send-why"' in markup
    assert 'id="send-why"' in markup


# ---- QR -------------------------------------------------------------------------------------
def test_qr_code_has_its_quiet_zone_and_finders() -> None:
    drawn = linkwell.qr_path("https://example.org/s/K7M2P9QX")

    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h", drawn.path)}

    assert min(min(module) for module in dark) == 4
    assert max(max(module) for module in dark) == drawn.size - 5
    assert {(4, 4), (4, 10), (10, 4), (drawn.size - 5, 4), (4, drawn.size - 5)} <= dark


# ---- The page of samples --------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_samples_speak_one_language(language: str) -> None:
    request = RequestFactory().get("/help/components/")
    source = Template(
        '{% load specimens %}{% specimens as s %}{% include "core/specimens/_signs.html" %}'
        '{% include "core/specimens/_forms.html" %}{% include "core/specimens/_lists.html" %}'
        '{% include "core/specimens/_case.html" %}{% include "core/specimens/_messages.html" %}'
    )

    with translation.override(language):
        markup = source.render(RequestContext(request))

    ids = re.findall(r'\sid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    if language == "en":
        foreign = re.sub(r'<(\w+)[^>]* lang="zh-Hans">.*?</\1>', "", markup)
        assert not re.search(r"[\u4e00-\u9fff]", foreign)


def test_context_is_not_needed_for_a_status() -> None:
    template = Template('{% include "core/components/chip_priority.html" with code="p1" only %}')

    assert "Level 1" in template.render(Context())
