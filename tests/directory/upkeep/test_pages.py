"""Pages for visitors, providers, those who call and those who decide."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message, User
from accounts.permissions import Role
from accounts.queries import system
from core import jobs as clock
from directory.catalogue.models import ListingRestriction
from directory.catalogue.operations import listing as catalogue
from directory.catalogue.operations import protected
from directory.upkeep.models import Doubt, ListingProposal, ListingReport, VerificationTask
from directory.upkeep.operations import checks, doubts
from directory.upkeep.states import Kind, Source
from tests.directory.upkeep.conftest import Listing, days
from tests.factories import accounts
from tests.factories import catalogue as make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
NOBODY = "00000000-0000-4000-8000-000000000000"
HOSTILE = ("\x00", "x" * 5000, "<script>alert(1)</script>")


def send(browser: Client, address: str, **data: Any) -> Any:
    return browser.post(address, {"idempotency_key": str(uuid.uuid4())} | data)


def at(name: str, thing: Any) -> str:
    return reverse(f"upkeep:{name}", args=[thing.uid])


def proposals() -> Any:
    return ListingProposal.objects.visible_to(system())


@pytest.fixture
def check(listing: Listing) -> VerificationTask:
    return checks.start(
        listing.service, listing.place, by=system(), kind=Kind.FIRST, due_on=clock.today()
    )


@pytest.fixture
def proposal(listing: Listing) -> ListingProposal:
    """Let a worker ask for two changes, none of which may go live."""
    catalogue.change(
        listing.service,
        by=listing.worker,
        base_version=listing.service.version,
        source=Source.WORKER,
        key="k",
        changes={"service.name": "送餐到家", "service.description": "午餐和晚餐"},
    )
    made: ListingProposal = proposals().get()
    return made


# ---- Everybody: a report, a suggestion ---------------------------------------------------------
@LANGUAGES
@pytest.mark.parametrize("name", ["report", "suggest"])
def test_pages_for_everybody_open_without_an_account(
    listing: Listing, name: str, language: str
) -> None:
    visitor = Client()
    visitor.cookies["django_language"] = language
    address = at("report", listing.service) if name == "report" else reverse("upkeep:suggest")

    page = visitor.get(address, {"q": "助浴"})

    assert page.status_code == 200
    assert page["Content-Language"] == language


def test_a_visitors_report_waits_for_moderators_and_doubts_the_named_facts(
    listing: Listing,
) -> None:
    report = {"kind": "hours", "text": "下午没有人", "contact": "138 0000 0000"}

    page = send(Client(), at("report", listing.service), **report)

    made = ListingReport.objects.get()
    assert page.status_code == 200
    assert (made.kind, made.groups, made.text, made.author) == (
        "hours",
        ["hours"],
        "下午没有人",
        None,
    )
    assert Doubt.objects.get().weight == 1
    public = Client().get(reverse("catalogue:service", args=[listing.service.uid]))
    assert "下午没有人" not in public.content.decode()


def test_a_workers_report_ranks_the_listing_last_at_once(listing: Listing) -> None:
    browser = accounts.browser(listing.worker)

    send(browser, at("report", listing.service), kind="closed", text="搬走了")

    listing.reload()
    assert ListingReport.objects.get().author == listing.worker
    assert listing.service.freshness == "stale"


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(listing: Listing) -> None:
    trap = {"website": "http://spam.example"}

    first = send(Client(), at("report", listing.service), kind="phone", text="买药", **trap)
    second = send(Client(), reverse("upkeep:suggest"), text="买药", **trap)

    assert first.status_code == second.status_code == 200
    assert not ListingReport.objects.exists()


@pytest.mark.parametrize(
    ("form", "named"),
    [({"text": "x"}, "kind"), ({"kind": "phone"}, "text"), ({"kind": "?", "text": "x"}, "kind"),
     ({"kind": "phone", "text": "x" * 2001}, "text")],
)  # fmt: skip
def test_a_report_that_lacks_something_names_the_field(
    listing: Listing, form: dict[str, str], named: str
) -> None:
    page = send(Client(), at("report", listing.service), **form)

    assert page.status_code == 422
    assert f'href="#id_{named}' in page.content.decode()
    assert not ListingReport.objects.exists()


def test_a_suggestion_reaches_the_moderators(listing: Listing) -> None:
    send(Client(), reverse("upkeep:suggest"), text="听雨街道有助浴车", contact="")

    page = accounts.browser(listing.coordinator).get(reverse("upkeep:moderation"))
    assert "听雨街道有助浴车" in page.content.decode()
    assert not Doubt.objects.exists()


def test_too_many_reports_from_one_address_wait_an_hour(listing: Listing) -> None:
    for _time in range(5):
        send(Client(), at("report", listing.service), kind="phone", text="打不通")

    refused = send(Client(), at("report", listing.service), kind="phone", text="打不通")

    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_a_listing_that_nobody_may_see_takes_no_report(listing: Listing) -> None:
    listing.service.audience = "staff"
    listing.service.save()

    assert Client().get(at("report", listing.service)).status_code == 404


# ---- Those who call ----------------------------------------------------------------------------
@LANGUAGES
def test_call_list_and_check_open_in_both_languages(
    listing: Listing, check: VerificationTask, language: str
) -> None:
    browser = accounts.browser(listing.worker)
    browser.cookies["django_language"] = language

    calls = browser.get(reverse("upkeep:checks"))
    page = browser.get(at("check", check))

    assert listing.service.name in calls.content.decode()
    assert page.status_code == 200
    assert "0571-8888" in page.content.decode().replace("&nbsp;", "")


def test_the_call_list_is_narrowed_by_step_area_and_person(
    listing: Listing, check: VerificationTask
) -> None:
    browser = accounts.browser(listing.worker)
    send(browser, at("claim", check), version=check.version)

    def found(**query: str) -> bool:
        page = browser.get(reverse("upkeep:checks"), query)
        return listing.service.name in page.content.decode()

    assert found(mine="true", area="3301", stage="ask")
    assert not found(area="1101")
    assert not found(stage="visit")


def test_a_check_is_taken_on_and_given_back_and_of_two_who_try_one_is_told(
    listing: Listing, check: VerificationTask
) -> None:
    browser, other = accounts.browser(listing.worker), accounts.browser(listing.coordinator)

    send(browser, at("claim", check), version=check.version)
    late = send(other, at("claim", check), version=check.version)

    check.refresh_from_db()
    assert check.assignee == listing.worker
    assert late.status_code == 409
    send(browser, at("claim", check), version=check.version)
    check.refresh_from_db()
    assert check.assignee is None


def recorded(check: VerificationTask, **facts: Any) -> dict[str, Any]:
    return {
        "version": check.service.version, "method": "phone", "result": "confirmed",
        "groups": check.groups, "contact_name": "方师傅", "contact_role": "站长",
    } | facts  # fmt: skip


def test_a_call_confirms_what_is_ticked(listing: Listing, check: VerificationTask) -> None:
    browser = accounts.browser(listing.worker)

    answer = send(browser, at("check", check), **recorded(check))

    check.refresh_from_db()
    listing.reload()
    assert answer.status_code == 302
    assert (check.state, check.result) == ("done", "confirmed")
    assert (listing.place.verified_on, listing.place.verified_how) == (clock.today(), "phone")


def test_nobody_reached_is_an_attempt_and_the_check_stays_open(
    listing: Listing, check: VerificationTask
) -> None:
    form = recorded(check, result="unreachable", disposition="no_answer")

    send(accounts.browser(listing.worker), at("check", check), **form)

    check.refresh_from_db()
    assert check.state == "open"
    assert [one.disposition for one in check.attempts.all()] == ["no_answer"]


def test_who_does_not_want_to_be_listed_is_taken_down_and_entered_in_the_register(
    listing: Listing, check: VerificationTask
) -> None:
    send(accounts.browser(listing.worker), at("check", check), **recorded(check, result="refused"))

    listing.reload()
    entry = ListingRestriction.objects.get()
    assert (listing.service.state, listing.service.state_reason) == ("suspended", "refused")
    assert (entry.kind, entry.state) == ("do_not_list", "draft")
    assert entry.match_value == str(listing.service.uid)


def test_a_closed_place_is_proposed_and_its_proposal_opens(
    listing: Listing, check: VerificationTask
) -> None:
    send(accounts.browser(listing.worker), at("check", check), **recorded(check, result="closed"))

    moderator = accounts.browser(listing.coordinator)
    assert moderator.get(reverse("upkeep:moderation")).status_code == 200
    assert moderator.get(at("proposal", proposals().get())).status_code == 200
    send(moderator, at("proposal", proposals().get()), act="accept", reason="电话核实已关门")
    listing.reload()
    assert listing.place.state == "closed"


def test_a_closing_that_is_turned_down_shows_the_listing_again(
    listing: Listing, check: VerificationTask
) -> None:
    send(accounts.browser(listing.worker), at("check", check), **recorded(check, result="closed"))
    listing.reload()
    assert listing.place.state == listing.service.state == "suspended"

    closing = at("proposal", proposals().get())
    send(accounts.browser(listing.coordinator), closing, act="reject", reason="还在营业")

    listing.reload()
    assert listing.place.state == listing.service.state == "active"


@pytest.mark.parametrize(
    ("facts", "named"),
    [({"groups": []}, "groups"), ({"result": "unreachable"}, "disposition"),
     ({"method": "dream"}, "method"), ({"result": ""}, "result"), ({"groups": ["x"]}, "groups"),
     ({"contact_name": "x" * 5000}, "contact_name")],
)  # fmt: skip
def test_a_result_that_lacks_something_names_the_field(
    listing: Listing, check: VerificationTask, facts: dict[str, Any], named: str
) -> None:
    page = send(accounts.browser(listing.worker), at("check", check), **recorded(check, **facts))

    check.refresh_from_db()
    assert page.status_code == 422
    assert f'href="#id_{named}' in page.content.decode()
    assert check.state == "open"


def test_a_listing_that_changed_during_the_call_is_not_confirmed(
    listing: Listing, check: VerificationTask
) -> None:
    browser = accounts.browser(listing.worker)

    for version in ("", "abc", "999", "9" * 30):
        answer = send(browser, at("check", check), **recorded(check, version=version))
        assert answer.status_code == 409

    check.refresh_from_db()
    assert check.state == "open"


# ---- Those who decide --------------------------------------------------------------------------
@LANGUAGES
def test_moderators_see_old_beside_new_in_both_languages(
    listing: Listing, proposal: ListingProposal, language: str
) -> None:
    browser = accounts.browser(listing.coordinator)
    browser.cookies["django_language"] = language

    queue = browser.get(reverse("upkeep:moderation")).content.decode()
    page = browser.get(at("proposal", proposal)).content.decode()

    assert listing.service.name in queue
    assert re.search(r"<del>午餐送到家</del>.*<ins>午餐和晚餐</ins>", page, re.DOTALL)


def decision(proposal: ListingProposal, **facts: Any) -> dict[str, Any]:
    version = proposal.service.version if proposal.service else 0
    return {"version": version, "act": "accept", "accept": list(proposal.changes)} | facts


def test_accepting_makes_it_live_and_the_author_is_told(
    listing: Listing, proposal: ListingProposal
) -> None:
    browser = accounts.browser(listing.coordinator)

    answer = send(browser, at("proposal", proposal), **decision(proposal))

    listing.reload()
    proposal.refresh_from_db()
    assert answer.status_code == 302
    assert (proposal.state, proposal.decided_by) == ("applied", listing.coordinator)
    assert (listing.service.name, listing.service.description) == ("送餐到家", "午餐和晚餐")
    assert Message.objects.filter(template="upkeep.decided", recipient=listing.worker).exists()


def test_what_is_not_ticked_is_rejected_with_a_reason(
    listing: Listing, proposal: ListingProposal
) -> None:
    browser = accounts.browser(listing.coordinator)
    only = decision(proposal, accept=["service.description"])

    missing = send(browser, at("proposal", proposal), **only)
    answer = send(browser, at("proposal", proposal), **only, reason="名称以登记证为准")

    listing.reload()
    proposal.refresh_from_db()
    assert missing.status_code == 422
    assert 'href="#id_reason' in missing.content.decode()
    assert answer.status_code == 302
    assert proposal.state == "partly"
    assert listing.service.description == "午餐和晚餐"
    assert listing.service.name != "送餐到家"


def test_rejecting_leaves_the_listing_as_it_is(listing: Listing, proposal: ListingProposal) -> None:
    browser = accounts.browser(listing.coordinator)

    missing = send(browser, at("proposal", proposal), **decision(proposal, act="reject"))
    send(browser, at("proposal", proposal), **decision(proposal, act="reject", reason="不属实"))

    proposal.refresh_from_db()
    listing.reload()
    assert missing.status_code == 422
    assert (proposal.state, proposal.reason) == ("rejected", "不属实")
    assert listing.service.description == "午餐送到家"


def test_of_two_moderators_the_second_is_told(listing: Listing, proposal: ListingProposal) -> None:
    one, other = (
        accounts.browser(listing.coordinator),
        accounts.browser(accounts.member("coordinator")),
    )
    send(one, at("proposal", proposal), **decision(proposal))

    late = send(other, at("proposal", proposal), act="reject", reason="重复")

    proposal.refresh_from_db()
    assert late.status_code == 409
    assert proposal.state == "applied"


def test_a_listing_that_changed_meanwhile_is_compared_in_three_columns(
    listing: Listing, proposal: ListingProposal
) -> None:
    browser = accounts.browser(listing.coordinator)
    stale = decision(proposal)
    catalogue.change(
        listing.service, by=listing.coordinator, base_version=listing.service.version,
        changes={"service.description": "周六也送"},
    )  # fmt: skip

    page = browser.get(at("proposal", proposal)).content.decode()
    refused = send(browser, at("proposal", proposal), **stale)

    proposal.refresh_from_db()
    assert "周六也送" in page
    assert 'value="service.description" checked' not in page
    assert 'value="service.name" checked' in page
    assert refused.status_code == 409
    assert proposal.state == "pending"


@pytest.mark.parametrize("act", ["", "perhaps"])
def test_a_decision_without_a_button_decides_nothing(
    listing: Listing, proposal: ListingProposal, act: str
) -> None:
    page = send(
        accounts.browser(listing.coordinator),
        at("proposal", proposal),
        **decision(proposal, act=act),
    )

    proposal.refresh_from_db()
    assert page.status_code == 422
    assert proposal.state == "pending"


def test_reports_are_settled_once(listing: Listing) -> None:
    report = doubts.report(None, None, by=listing.worker, kind="missing", groups=[], text="缺",
                           contact="", key="")  # fmt: skip
    browser, address = accounts.browser(listing.coordinator), reverse("upkeep:moderation")

    send(browser, address, report=report.uid, act="uphold")
    again = send(browser, address, report=report.uid, act="dismiss")

    report.refresh_from_db()
    assert (report.state, report.settled_by) == ("upheld", listing.coordinator)
    assert again.status_code == 409
    for wrong in ({"report": "x"}, {"report": NOBODY, "act": "uphold"}, {"report": report.uid}):
        assert send(browser, address, **wrong).status_code == 404


def test_an_author_reads_the_outcome_and_takes_the_proposal_back(
    listing: Listing, proposal: ListingProposal
) -> None:
    author = accounts.browser(listing.worker)
    page = author.get(at("proposal", proposal)).content.decode()

    send(author, at("withdraw", proposal))

    proposal.refresh_from_db()
    assert 'name="accept"' not in page
    assert proposal.state == "withdrawn"
    assert send(author, at("proposal", proposal), **decision(proposal)).status_code == 403


# ---- Providers ---------------------------------------------------------------------------------
@LANGUAGES
def test_a_provider_sees_its_own_listings(listing: Listing, language: str) -> None:
    other = make.complete()
    browser = accounts.browser(listing.editor)
    browser.cookies["django_language"] = language

    page = browser.get(reverse("upkeep:listings"))
    edit = browser.get(at("listing_edit", listing.service))

    assert listing.service.name in page.content.decode()
    assert other.name not in page.content.decode()
    assert edit.status_code == 200


def test_all_ticked_listings_are_confirmed_with_one_click(listing: Listing) -> None:
    second = make.complete(listing.organization)
    ticked = [f"{one.uid}:{one.version}" for one in (listing.service, second)]

    send(accounts.browser(listing.editor), reverse("upkeep:confirm_all"), listing=ticked)

    listing.reload()
    second.refresh_from_db()
    assert listing.place.verified_how == second.verified_how == "partner_update"


@pytest.mark.parametrize(
    ("ticked", "status"),
    [("x", 404), (f"{NOBODY}:1", 404), ("{own}:abc", 404), ("{own}:999", 409), ("{own}", 404),
     ("{foreign}:1", 403), ("x" * 5000, 404)],
)  # fmt: skip
def test_a_tick_that_means_no_listing_of_ones_own_confirms_nothing(
    listing: Listing, ticked: str, status: int
) -> None:
    named = ticked.format(own=listing.service.uid, foreign=make.complete().uid)
    good = f"{listing.service.uid}:{listing.service.version}"

    answer = send(
        accounts.browser(listing.editor), reverse("upkeep:confirm_all"), listing=[good, named]
    )

    listing.reload()
    assert answer.status_code == status
    assert listing.place.verified_on is None


def settle_in(person: User) -> None:
    """Let an account be older than a week: until then everything it changes is looked at."""
    User.objects.filter(pk=person.pk).update(created_at=clock.now() - days(30))


def edit(listing: Listing, **facts: Any) -> dict[str, Any]:
    return {"version": listing.service.version} | facts


def test_a_provider_edits_and_reads_what_waits(listing: Listing) -> None:
    browser = accounts.browser(listing.editor)
    settle_in(listing.editor)
    listing.reload()

    answer = send(
        browser, at("listing_edit", listing.service),
        **edit(listing, application_process="打电话预约", description="午餐和晚餐"),
    )  # fmt: skip

    listing.reload()
    assert answer.status_code == 302
    assert listing.service.application_process == "打电话预约"
    assert listing.service.description == "午餐送到家"
    assert "午餐和晚餐" in browser.get(at("proposal", proposals().get())).content.decode()


def test_wrong_input_of_a_provider_is_named_and_a_stale_form_refused(listing: Listing) -> None:
    browser, address = accounts.browser(listing.editor), at("listing_edit", listing.service)

    wrong = send(browser, address, **edit(listing, phones="打给我"))
    stale = send(browser, address, version="7", application_process="打电话预约")

    assert wrong.status_code == 422
    assert 'href="#id_phones' in wrong.content.decode()
    assert stale.status_code == 409


def test_free_places_a_break_and_the_way_back(listing: Listing) -> None:
    browser = accounts.browser(listing.editor)

    send(browser, at("availability", listing.service), state="full")
    send(browser, at("pause", listing.service), back_on=str(clock.today() + days(9)))
    listing.reload()
    assert (listing.service.state, listing.service.state_reason) == ("suspended", "provider_break")
    assert listing.place.capacities.get().availability == "full"

    send(browser, at("resume", listing.service))
    listing.reload()
    assert listing.service.state == "active"


def test_wrong_words_on_free_places_and_breaks_are_answered_in_words(listing: Listing) -> None:
    browser = accounts.browser(listing.editor)

    for name, form in (("availability", {"state": "x"}), ("availability", {}),
                       ("pause", {"back_on": "soon"})):  # fmt: skip
        assert send(browser, at(name, listing.service), **form).status_code == 302
    assert send(browser, at("pause", listing.service), back_on="2020-01-01").status_code == 422

    listing.reload()
    assert listing.service.state == "active"


def test_a_provider_stops_and_starts_taking_referrals(listing: Listing) -> None:
    settle_in(listing.editor)
    browser = accounts.browser(listing.editor)
    before = listing.organization.accepts_referrals

    send(browser, at("intake", listing.organization))

    listing.organization.refresh_from_db()
    assert listing.organization.accepts_referrals is not before


# ---- Whose pages they are ----------------------------------------------------------------------
PEOPLE = ("worker", "coordinator", "editor", "foreign_editor", "auditor")
MATRIX = {
    "checks": {"worker", "coordinator"},
    "check": {"worker", "coordinator"},
    "moderation": {"coordinator"},
    "proposal": {"worker", "coordinator", "editor"},
    "listings": {"editor", "foreign_editor"},
    "listing_edit": {"editor"},
}


@pytest.mark.parametrize("name", MATRIX)
def test_each_page_opens_for_those_it_is_for_and_for_nobody_else(
    listing: Listing, check: VerificationTask, proposal: ListingProposal, name: str
) -> None:
    things = {"check": check, "proposal": proposal, "listing_edit": listing.service}
    address = at(name, things[name]) if name in things else reverse(f"upkeep:{name}")
    people = {
        "worker": listing.worker, "coordinator": listing.coordinator, "editor": listing.editor,
        "foreign_editor": accounts.member(Role.PARTNER_EDITOR, make.organization()),
        "auditor": accounts.member(Role.AUDITOR),
    }  # fmt: skip

    codes = {
        who: accounts.browser(person).get(address).status_code for who, person in people.items()
    }

    assert {who for who, code in codes.items() if code == 200} == MATRIX[name]
    assert set(codes.values()) <= {200, 403, 404}
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["availability", "pause", "resume", "listing_edit"])
def test_another_organizations_editor_changes_nothing(listing: Listing, name: str) -> None:
    stranger = accounts.browser(accounts.member(Role.PARTNER_EDITOR, make.organization()))

    answer = send(stranger, at(name, listing.service), state="full", version=1, phones="110")

    listing.reload()
    assert answer.status_code == 403
    assert listing.service.state == "active"
    assert send(stranger, at("intake", listing.organization)).status_code == 404


def test_no_input_breaks_a_page(
    listing: Listing, check: VerificationTask, proposal: ListingProposal
) -> None:
    pages = (
        (listing.worker, at("check", check), recorded(check)),
        (listing.coordinator, at("proposal", proposal), decision(proposal, reason="")),
        (listing.editor, at("listing_edit", listing.service), edit(listing, phones="")),
        (listing.editor, at("availability", listing.service), {"state": "", "wait_days": ""}),
        (listing.editor, at("pause", listing.service), {"back_on": ""}),
        (listing.worker, at("claim", check), {"version": ""}),
    )  # fmt: skip
    for person, address, form in pages:
        browser = accounts.browser(person)
        for name in (*form, "idempotency_key"):
            for hostile in HOSTILE:
                answer = send(browser, address, **form | {name: hostile})

                assert answer.status_code < 500, (address, name, hostile[:9])


# ---- Protected addresses -----------------------------------------------------------------------
def test_a_protected_address_leaves_every_proposal(listing: Listing) -> None:
    path = f"location:{listing.place.location.uid}.addresses"
    catalogue.change(
        listing.service, by=listing.worker, base_version=listing.service.version,
        source=Source.WORKER, key="k",
        changes={path: [{"address_1": "金丝雀路 77 号"}], "service.description": "午餐和晚餐"},
    )  # fmt: skip
    catalogue.change(
        listing.place.location, by=listing.worker, base_version=listing.place.location.version,
        source=Source.WORKER, key="k2", changes={"transportation": "金丝雀站下车"},
    )  # fmt: skip
    assert proposals().count() == 2

    protected.protect(listing.place.location, by=listing.coordinator, reason="庇护")

    assert "金丝雀" not in repr(list(proposals().values_list("changes", "decisions")))
    states = dict(proposals().values_list("table", "state"))
    assert states == {"service": "pending", "location": "superseded"}
    page = accounts.browser(listing.coordinator).get(
        at("proposal", proposals().get(table="service"))
    )
    assert "午餐和晚餐" in page.content.decode()
