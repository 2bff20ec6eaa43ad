"""R1, the page behind the link: opening changes nothing, two clicks confirm, wrong links give
nothing away."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message
from accounts.queries import guest, system
from core import jobs as clock
from directory.catalogue.models import ListingRestriction, ServiceCapacity
from directory.upkeep import jobs
from directory.upkeep.models import (
    Doubt,
    ListingProposal,
    Verification,
    VerificationRequest,
    VerificationTask,
)
from directory.upkeep.models.request import OPENS
from directory.upkeep.operations import checks
from directory.upkeep.states import Kind
from tests.directory.upkeep.conftest import Listing, days, late
from tests.factories import catalogue as make
from tests.support import dbhash

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = reverse("upkeep:confirm")


def links() -> list[str]:
    """Return the links that were mailed, the oldest first."""
    sent = Message.objects.filter(template="upkeep.confirm").order_by("pk")
    return [message.body["link"].removeprefix("http://testserver") for message in sent]


@dataclass
class Desk:
    """Somebody at a provider's mailbox who opened the link."""

    listing: Listing
    tasks: list[VerificationTask]
    browser: Client = field(default_factory=Client)

    def open(self, link: str = "") -> Any:
        return self.browser.get(link or links()[0], follow=True)

    def send(self, act: str = "correct", query: str = "", **values: Any) -> Any:
        form: dict[str, Any] = {"name": "方师傅", "role": "站长", "act": act}
        for task in self.tasks:
            form[f"version-{task.uid}"] = task.service.version
        return self.browser.post(
            PAGE + query, form | values | {"idempotency_key": str(uuid.uuid4())}
        )

    def filled(self, task: VerificationTask | None = None) -> dict[str, str]:
        """Return what the page shows in the fields of a listing, as a browser sends it back."""
        prefix = str((task or self.tasks[0]).uid)
        page = self.open().content.decode()
        areas = re.findall(
            rf'<textarea name="({prefix}-\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL
        )
        boxes = re.findall(rf'<input type="text" name="({prefix}-hours_\w+)"([^>]*)>', page)
        values = {n: (re.search(r'value="([^"]*)"', rest) or ["", ""])[1] for n, rest in boxes}
        return dict(areas) | values

    def reload(self) -> None:
        self.listing.reload()
        for task in self.tasks:
            task.refresh_from_db()


@pytest.fixture
def desk(listing: Listing) -> Desk:
    make.schedule(service_at_location=listing.place)
    late(listing, -30)
    jobs.open_checks()
    jobs.advance_checks()
    jobs.send_requests()
    return Desk(listing, list(VerificationTask.objects.filter(service=listing.service)))


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Let the same message ask about a second listing."""
    second = make.complete(desk.listing.organization, name="第二项服务")
    task = checks.start(second, None, by=system(), kind=Kind.FIRST, due_on=clock.today())
    VerificationRequest.objects.get().lines.create(task=task, step=1)
    desk.tasks.append(task)
    return desk


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_opening_the_link_changes_nothing_and_takes_the_token_out_of_the_address(
    desk: Desk, language: str
) -> None:
    desk.browser.cookies["django_language"] = language
    before = dbhash.database_hash()

    for _again in range(2):
        page = desk.open()

    assert dbhash.database_hash() == before
    assert page.redirect_chain == [(PAGE, 302)]
    assert page.status_code == 200
    assert desk.listing.service.name in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    cookie = desk.browser.cookies["confirm"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_mail_and_one_more_click_confirm_everything(two: Desk) -> None:
    page = two.open()
    assert 'value="方师傅"' in page.content.decode()

    answer = two.send()

    two.reload()
    assert answer.status_code == 200
    assert {task.result for task in two.tasks} == {"confirmed"}
    assert two.listing.place.verified_on == clock.today()
    assert two.listing.place.verified_how == "email"
    said = Verification.objects.filter(service=two.listing.service).get()
    assert (said.contact_name, said.contact_role, said.author) == ("方师傅", "站长", guest())


def test_the_same_answer_again_says_that_it_is_recorded(desk: Desk) -> None:
    desk.open()
    desk.send()

    again = desk.send()

    assert again.status_code == 200
    assert "已经记录" in again.content.decode()
    assert Verification.objects.count() == 1


def test_changed_hours_of_a_known_contact_are_live_and_its_new_text_waits(desk: Desk) -> None:
    task = desk.tasks[0]
    values = desk.filled() | {
        f"{task.uid}-hours_MO": "08:00-12:00, 22:00-06:00",
        f"{task.uid}-description": "午餐和晚餐都送",
    }

    answer = desk.send("changed", **values)

    desk.reload()
    assert answer.status_code == 200
    hours = desk.listing.place.schedules.filter(byday="MO").order_by("opens_at")
    assert [(str(row.opens_at), row.closes_next_day) for row in hours] == [
        ("08:00:00", False),
        ("22:00:00", True),
    ]
    assert desk.listing.service.description == "午餐送到家"
    proposal = ListingProposal.objects.visible_to(system()).get()
    assert proposal.changes == {"service.description": ["午餐送到家", "午餐和晚餐都送"]}
    assert (proposal.source, proposal.author) == ("link", guest())


def test_what_was_typed_counts_under_either_button(desk: Desk) -> None:
    values = desk.filled() | {f"{desk.tasks[0].uid}-phones": "0571-87654321"}

    desk.send("correct", **values)

    assert [phone.number for phone in desk.listing.service.phones.all()] == ["0571-87654321"]


def test_a_form_sent_back_untouched_changes_nothing(desk: Desk) -> None:
    desk.send("changed", **desk.filled())

    desk.reload()
    assert desk.tasks[0].result == "confirmed"
    assert not ListingProposal.objects.visible_to(system()).exists()


def test_an_unknown_address_is_believed_like_a_visitor(desk: Desk) -> None:
    VerificationRequest.objects.update(is_known=False)
    values = desk.filled() | {f"{desk.tasks[0].uid}-phones": "0571-87654321"}

    desk.send("changed", **values)

    assert [phone.number for phone in desk.listing.service.phones.all()] == ["0571-88880000"]
    assert ListingProposal.objects.visible_to(system()).get().source == "public"


def test_two_places_of_one_service_are_answered_together(two: Desk) -> None:
    """The first answer raises the version of the service that the second one is about."""
    task = checks.start(two.listing.service, make.place(two.listing.service, make.measured()),
                        by=system(), kind=Kind.FIRST, due_on=clock.today())  # fmt: skip
    VerificationRequest.objects.get().lines.create(task=task, step=1)
    two.tasks.append(task)
    values = two.filled() | {f"{two.tasks[0].uid}-phones": "0571-87654321"}

    answer = two.send("changed", **values)

    two.reload()
    assert answer.status_code == 200
    assert [task.state for task in two.tasks] == ["done", "done", "done"]


def test_free_places_are_told_in_passing(desk: Desk) -> None:
    desk.open()
    prefix = f"{desk.tasks[0].uid}-a"

    desk.send(**{f"{prefix}-state": "waitlist", f"{prefix}-wait_days": "12"})

    told = ServiceCapacity.objects.get(place=desk.listing.place)
    assert (told.availability, told.wait_days) == ("waitlist", 12)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("hours_MO", "早上到晚上", "09:00-12:00"),
        ("hours_MO", "18:00-17:00", "09:00-12:00"),
        ("hours_MO", "25:00-26:00", "09:00-12:00"),
        ("phones", "打给我", "打给我"),
        ("phones", "1" * 501, "500"),
        ("description", "长" * 4001, "4000"),
        ("a-wait_days", "很久", 'aria-invalid="true"'),
        ("a-state", "unheard", 'aria-invalid="true"'),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_and_nothing_is_recorded(
    desk: Desk, name: str, value: str, says: str
) -> None:
    field_name = f"{desk.tasks[0].uid}-{name}"
    values = desk.filled() | {field_name: value}

    answer = desk.send("changed", **values)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field_name}' in page
    assert says in page
    assert not Verification.objects.exists()


def test_who_answers_has_to_say_so(desk: Desk) -> None:
    desk.open()

    answer = desk.send(name="", role="")

    assert answer.status_code == 422
    assert not Verification.objects.exists()


def test_closing_one_listing_leaves_the_others_alone(two: Desk) -> None:
    two.open()

    two.send("closed", query=f"?line={two.tasks[1].uid}")

    two.reload()
    assert [task.state for task in two.tasks] == ["open", "done"]
    assert two.listing.service.state == "active"
    closed = two.tasks[1].service
    closed.refresh_from_db()
    assert (closed.state, closed.state_reason) == ("suspended", "reported_closed")
    assert ListingProposal.objects.visible_to(system()).get().kind == "close"


def test_every_listing_has_a_button_that_closes_it_after_those_that_confirm(two: Desk) -> None:
    page = two.open().content.decode()

    buttons = re.findall(r'<button[^>]*name="act" value="(\w+)"(?: formaction="([^"]*)")?', page)
    assert buttons == [
        ("correct", ""),
        ("changed", ""),
        *(("closed", f"?line={task.uid}") for task in two.tasks),
        ("not_us", ""),
        ("stop", ""),
    ]


@pytest.mark.parametrize(
    ("act", "query", "status"),
    [
        ("", "", 422),
        ("everything", "", 422),
        ("closed", "", 200),
        ("closed", "?line=nonsense", 200),
        ("closed", "?line=00000000-0000-4000-8000-000000000000", 200),
    ],
)
def test_an_answer_that_names_no_listing_and_no_button_records_nothing(
    two: Desk, act: str, query: str, status: int
) -> None:
    two.open()

    answer = two.send(act, query=query)

    assert answer.status_code == status
    assert not Verification.objects.exists()


def test_a_listing_that_changed_meanwhile_is_not_confirmed(two: Desk) -> None:
    two.open()

    answer = two.send(**{f"version-{two.tasks[1].uid}": "999"})

    assert answer.status_code == 409
    assert not Verification.objects.exists()


def test_a_wrong_address_is_believed_at_once_and_its_listing_is_doubted(desk: Desk) -> None:
    desk.open()

    page = desk.send("not_us")

    desk.reload()
    assert page.status_code == 200
    assert desk.tasks[0].stage == "phone"
    doubt = Doubt.objects.get()
    assert (doubt.groups, doubt.reason) == (["phone"], "not_us")
    assert desk.open().status_code == 404
    assert not ListingRestriction.objects.exists()


def test_who_wants_no_more_messages_gets_none_and_a_coordinator_hears_of_it(desk: Desk) -> None:
    desk.open()

    desk.send("stop")

    desk.reload()
    entry = ListingRestriction.objects.get()
    assert (entry.kind, entry.state, entry.channels) == ("do_not_contact", "draft", ["email"])
    assert entry.match_value == str(desk.listing.organization.uid)
    assert desk.tasks[0].stage == "phone"
    assert not Doubt.objects.exists()
    with clock.shifted(days(7)):
        jobs.advance_checks()
        jobs.send_requests()
    assert len(links()) == 1


def lapse(request: VerificationRequest) -> None:
    request.expires_at = clock.now() - timedelta(minutes=1)


def wear_out(request: VerificationRequest) -> None:
    request.posts = OPENS


def revoke(request: VerificationRequest) -> None:
    request.state = "revoked"


def without_tokens(page: Any) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value)="[^"]*"', r"\1",
                  page.content.decode())  # fmt: skip


@pytest.mark.parametrize("end", [lapse, wear_out, revoke])
def test_a_link_that_is_over_reads_like_one_that_never_was(desk: Desk, end: Any) -> None:
    request = VerificationRequest.objects.get()
    end(request)
    request.save()

    over, unknown = desk.open(), Client().get(f"{PAGE}{'x' * 43}/")

    assert over.status_code == unknown.status_code == 404
    assert without_tokens(over) == without_tokens(unknown)
    assert desk.send().status_code == 404
    assert not Verification.objects.exists()


@pytest.mark.parametrize(("end", "sent"), [(lapse, 2), (wear_out, 2), (revoke, 1)])
def test_a_new_link_goes_to_the_address_on_file_alone(desk: Desk, end: Any, sent: int) -> None:
    request = VerificationRequest.objects.get()
    end(request)
    request.save()
    desk.open()

    form = {"idempotency_key": str(uuid.uuid4()), "email": "thief@example.org"}
    page = desk.browser.post(reverse("upkeep:confirm_renew"), form)

    assert page.status_code == 200
    assert "example.org" not in page.content.decode()
    mails = Message.objects.filter(template="upkeep.confirm")
    assert [mail.body["to"] for mail in mails] == ["fang@example.org"] * sent
    assert desk.open(links()[-1]).status_code == (200 if sent == 2 else 404)


def test_without_a_link_there_is_nothing_to_see(desk: Desk) -> None:
    assert Client().get(PAGE).status_code == 404
    stranger = Client()
    stranger.cookies["confirm"] = "forged:1tq:x"
    assert stranger.get(PAGE).status_code == 404


@pytest.mark.parametrize(
    "hostile", ["\x00", "x" * 5000, "'; DROP TABLE x; --", "<script>alert(1)</script>", "\ud800"]
)
def test_no_input_breaks_the_page(desk: Desk, hostile: str) -> None:
    desk.open()
    uid = desk.tasks[0].uid
    names = ("name", "role", f"version-{uid}", f"{uid}-phones", f"{uid}-description",
             f"{uid}-hours_MO", f"{uid}-a-state", f"{uid}-a-wait_days", "act")  # fmt: skip

    for name in names:
        answer = desk.send(**{"act": "changed", name: hostile.encode("utf-8", "replace").decode()})

        assert answer.status_code in {200, 400, 409, 422, 429}, name
        assert "<script>alert" not in answer.content.decode()
