"""Pages of a file: masked by default, each reading noted, strangers read one and the same page."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Result
from accounts.permissions import Role
from core.jobs import today
from directory.catalogue.states import OrganizationState
from referrals.casefiles import operations
from referrals.casefiles.models import BreakGlass, CaseTransfer, Client, Consent, Need
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME, PHONE, ADDRESS = "王桂芳", "13812341234", "榆钱巷 9 号 601"
ID_NUMBER = "900101194803050048"


@pytest.fixture
def client():
    made = make.adult(id_number=ID_NUMBER)
    make.safe(made)
    return made


@pytest.fixture
def desk(client):
    return accounts.browser(client.worker)


def address(name, thing):
    return reverse(f"casefiles:{name}", args=[thing.uid])


def send(browser, url, **data):
    return browser.post(url, {"idempotency_key": str(uuid.uuid4())} | data)


def log(action):
    return accounts.queries.log().filter(action=action)


def title(response):
    return re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[1]


ON_CLIENT = (
    *("client", "client_edit", "safety", "facts", "guardian_new", "household", "conflict"),
    *("timeline", "needs", "need_new", "consents", "consent_new", "who_saw", "basis_new"),
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ON_CLIENT)
def test_every_page_of_a_file_opens_for_its_team_and_carries_no_name_in_its_title(
    desk, client, name, language
):
    desk.cookies["django_language"] = language
    response = desk.get(address(name, client))

    assert response.status_code == 200
    assert NAME not in title(response)
    assert log("client.read").exists() or log("client.unmask").exists()


@pytest.mark.parametrize("name", ON_CLIENT)
def test_who_may_not_see_a_file_reads_the_same_as_where_there_is_none(client, name):
    browser = accounts.browser(make.colleague(client))

    hidden = browser.get(address(name, client))
    absent = browser.get(reverse(f"casefiles:{name}", args=[uuid.uuid4()]))

    assert hidden.status_code == absent.status_code == 404
    assert without_tokens(hidden) == without_tokens(absent)
    assert accounts.queries.log().filter(result=Result.DENIED).count() == 2


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.PARTNER_INTAKE])
def test_roles_without_files_find_none(client, role):
    organization = client.organization if role == Role.PARTNER_INTAKE else None
    browser = accounts.browser(accounts.member(role, organization))

    assert browser.get(address("client", client)).status_code == 404


def without_tokens(response):
    text = response.content.decode()
    return re.sub(r'value="[^"]{30,}"|[0-9a-f]{8,}[0-9a-f-]*', "", text)


def test_pages_of_needs_consents_and_cases_open_and_hide_alike(desk, client):
    need, consent = make.need(client), make.consent(client, make.service())
    case = make.case(client)
    stranger = accounts.browser(make.worker())
    addresses = [
        address("need", need),
        address("need_settle", need),
        address("consent", consent),
        address("consent_withdraw", consent),
        *(address(f"case{tail}", case) for tail in ("", "_stage", "_offer", "_close")),
    ]

    assert [desk.get(url).status_code for url in addresses] == [200] * len(addresses)
    assert [stranger.get(url).status_code for url in addresses] == [404] * len(addresses)


def test_names_and_numbers_are_masked_until_asked_for(desk, client):
    text = desk.get(address("client", client)).content.decode()

    for secret in (NAME, PHONE, ADDRESS, ID_NUMBER):
        assert secret not in text
    assert "王**" in text
    assert "138****1234" in text


@pytest.mark.parametrize(
    ("field", "shown"),
    [("name", NAME), ("id_number", ID_NUMBER), ("address", ADDRESS), ("phones", "138 1234 1234")],
)
def test_unmasking_shows_one_thing_and_is_noted(desk, client, field, shown):
    response = send(desk, address("unmask", client), field=field)

    text = response.content.decode()
    assert shown in text
    hidden = {NAME, ID_NUMBER, ADDRESS} - {shown}
    assert not any(secret in text for secret in hidden)
    entry = log("client.unmask").get()
    assert (entry.meta["fields"], entry.basis) == ([field], "own_case")


def test_nothing_is_unmasked_by_a_link(desk, client):
    assert desk.get(address("unmask", client)).status_code == 405
    assert send(desk, address("unmask", client), field="password").status_code == 404


def test_a_reading_changes_nothing_but_the_log(desk, client):
    before = Client._base_manager.filter(pk=client.pk).values().get()

    desk.get(address("client", client))

    assert Client._base_manager.filter(pk=client.pk).values().get() == before


def test_a_file_beyond_the_own_caseload_asks_why_first(client):
    browser = accounts.browser(make.colleague(client, Role.SUPERVISOR))
    asked = browser.get(address("client", client))
    assert "王**" not in asked.content.decode()
    assert not log("client.read").exists()

    answered = send(
        browser,
        address("reason", client),
        purpose="supervision",
        next=address("client", client),
    )

    assert answered.url == address("client", client)
    assert "王**" in browser.get(answered.url).content.decode()
    assert log("client.read").get().basis == "supervision"


def test_a_reason_leads_to_no_other_site(client):
    browser = accounts.browser(make.colleague(client, Role.SUPERVISOR))

    answered = send(
        browser, address("reason", client), purpose="supervision", next="https://evil.example/"
    )

    assert answered.url == reverse("casefiles:clients")


# ---- Finding and opening -------------------------------------------------------------------
def test_the_list_shows_the_own_caseload_masked(desk, client):
    make.need(client, urgency="u1")
    make.adult(name="李明")

    text = desk.get(reverse("casefiles:clients")).content.decode()

    assert "王**" in text
    assert "李**" not in text
    assert NAME not in text


def test_a_search_is_sent_by_post_and_kept_as_a_hash(desk, client):
    url = reverse("casefiles:clients")

    found = send(desk, url, q="wgf")

    assert address("client", client) in found.content.decode()
    entry = log("client.search").get()
    assert "wgf" not in str(entry.meta)
    assert address("client", client) in desk.get(url, {"q": "zzz"}).content.decode()


def test_who_reads_no_files_has_no_list():
    for role in (Role.COORDINATOR, Role.AUDITOR, Role.PARTNER_EDITOR):
        browser = accounts.browser(accounts.member(role))
        assert browser.get(reverse("casefiles:clients")).status_code == 403


def new_file(by, **facts):
    return {
        "organization": by.station.pk,
        "kind": "person",
        "case_type": "casework",
        "name": "许小梅",
        "sex": "unknown",
        "phone_0": "13912341234",
    } | facts


def test_a_new_file_leads_to_the_question_of_safe_contact(desk, client):
    response = send(desk, reverse("casefiles:client_new"), **new_file(client.worker))

    made = Client.objects.caseload_of(client.worker).exclude(pk=client.pk).get()
    assert response.url == address("safety", made)
    assert made.name == "许小梅"


def test_a_possible_double_is_shown_masked_once_and_never_blocks(desk, client):
    url = reverse("casefiles:client_new")
    facts = new_file(client.worker, phone_0=PHONE)

    warned = send(desk, url, **facts)
    opened = send(desk, url, **facts, seen="1")

    text = warned.content.decode()
    assert (warned.status_code, opened.status_code) == (200, 302)
    assert "王**" in text
    assert NAME not in text
    assert Client.objects.caseload_of(client.worker).count() == 2


def test_the_same_form_sent_twice_opens_one_file(desk, client):
    facts = new_file(client.worker) | {"idempotency_key": "one-key"}

    for _round in range(2):
        desk.post(reverse("casefiles:client_new"), facts)

    assert Client.objects.caseload_of(client.worker).count() == 2


def test_an_identity_number_fills_in_birth_date_and_sex(desk, client):
    facts = new_file(client.worker, id_number="９００１０１１９４８０３０５００４８", seen="1")

    send(desk, reverse("casefiles:client_new"), **facts)

    made = Client.objects.caseload_of(client.worker).exclude(pk=client.pk).get()
    assert (made.born.isoformat(), made.sex) == ("1948-03-05", "female")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"id_number": "900101194803050040"}, "id_number"),
        ({"phone_0": "abc"}, "phones"),
        ({"area": "没有这个地方"}, "area"),
        ({"birth_date": "2024-13-45"}, "birth_date"),
    ],
)
def test_a_mistake_in_the_form_keeps_what_was_typed(desk, client, wrong, field):
    response = send(
        desk, reverse("casefiles:client_new"), **new_file(client.worker, pseudonym="") | wrong
    )

    assert response.status_code == 422
    assert 'value="139' in response.content.decode() or "phone_0" in wrong
    assert Client.objects.caseload_of(client.worker).count() == 1


@pytest.mark.parametrize("written", ["1950.3.5", "1950-03-05", "19500305", "1950年3月5日"])
def test_a_birth_date_is_read_as_people_write_it(desk, client, written):
    facts = new_file(client.worker, birth_date=written)

    send(desk, reverse("casefiles:client_new"), **facts)

    made = Client.objects.caseload_of(client.worker).exclude(pk=client.pk).get()
    assert made.born.isoformat() == "1950-03-05"


def test_of_two_editors_the_second_is_told_and_keeps_the_typed_text(desk, client):
    url = address("client_edit", client)
    form = desk.get(url).context["form"]
    data = {name: value for name in form.fields if (value := form[name].value())}
    operations.client.change(client, by=client.worker, expected_version=1, address="新地址")

    second = send(desk, url, **data | {"address": "榆钱巷 10 号", "version": 1})

    assert second.status_code == 409
    assert "榆钱巷 10 号" in second.content.decode()
    assert Client._base_manager.get(pk=client.pk).address == "新地址"


# ---- Notes, needs ---------------------------------------------------------------------------
def test_a_quick_note_is_kept_where_one_stands(desk, client):
    response = send(
        desk, address("note", client), text="本人说洗澡仍靠邻居", next=address("needs", client)
    )

    assert response.headers["Location"] == address("needs", client)
    assert "本人说洗澡仍靠邻居" in desk.get(address("timeline", client)).content.decode()


def test_a_word_that_labels_a_person_is_named_but_not_refused(desk, client):
    response = send(desk, address("note", client), text="他又来闹事")

    assert "闹事" in desk.get(response.headers["Location"]).content.decode()
    assert client.timeline.filter(kind="note").count() == 1


def test_an_empty_note_is_shown_with_its_mistake(desk, client):
    assert send(desk, address("note", client), text=" ").status_code == 422


def test_the_timeline_is_narrowed_by_kind(desk, client):
    make.need(client)

    narrowed = desk.get(address("timeline", client), {"kind": "need"})

    assert narrowed.context["page"].paginator.count == 1
    assert desk.get(address("timeline", client), {"kind": "nonsense"}).status_code == 404


def test_a_need_is_recorded_with_its_level_shown(desk, client):
    category = make.term("EL05")

    response = send(
        desk,
        address("need_new", client),
        category=category.name,
        urgency="u2",
        impact="i1",
        client_rank="1",
        summary="自己无法进出浴缸",
    )

    need = Need.objects.visible_to(client.worker).get()
    assert response.url == address("needs", client)
    assert (need.priority, need.client_rank) == ("p2", 1)
    shown = desk.get(address("need", need)).content.decode()
    assert "+3" in shown
    assert "+2" in shown


def test_a_kind_of_need_that_nobody_knows_is_named(desk, client):
    response = send(desk, address("need_new", client), category="飞行", urgency="u2", impact="i1")

    assert response.status_code == 422
    assert not Need.objects.visible_to(client.worker).exists()


def test_kinds_of_need_are_suggested_by_words_and_sound(desk):
    make.term("EL05")

    for typed in ("助浴", "zhuyu", "zy", "EL05"):
        found = desk.get(reverse("casefiles:need_kinds"), {"q": typed}).json()["results"]
        assert "EL05" in [row["value"] for row in found]


def test_who_comes_second_sees_both_assessments(desk, client):
    need = make.need(client)
    operations.need.reassess(need, by=client.worker, expected_version=1, summary="别人写的")

    second = send(
        desk,
        address("need", need),
        category=need.category.text("name")[0],
        urgency="u4",
        impact="i1",
        summary="我写的",
        version=1,
    )

    text = second.content.decode()
    assert second.status_code == 409
    assert "别人写的" in text
    assert "我写的" in text


def test_another_level_asks_for_its_reason(desk, client):
    need = make.need(client, urgency="u4")
    url = address("need_level", need)

    assert send(desk, url, level="p1", reason="", version=1).status_code == 422
    assert send(desk, url, level="p1", reason="邻居搬走", version=1).status_code == 302

    need.refresh_from_db()
    assert (need.priority, need.computed_priority) == ("p1", "p4")


def test_a_need_is_settled_with_what_the_status_asks_for(desk, client):
    need = make.need(client)
    url = address("need_settle", need)

    assert send(desk, url, status="unmet").status_code == 422
    done = send(
        desk, url, status="unmet", reason="NO_CAPACITY", review_on=today() + timedelta(days=30)
    )

    need.refresh_from_db()
    assert (done.status_code, need.status) == (302, "unmet")


def test_the_clients_order_is_moved_by_buttons(desk, client):
    first = make.need(client, client_rank=1)
    second = make.need(client, category="HO05", client_rank=2)

    send(desk, address("need_order", client), need=str(second.uid), move="up")

    assert list(client.needs.order_by("client_rank")) == [second, first]


# ---- Consent --------------------------------------------------------------------------------
def test_consent_is_recorded_for_the_recipient_one_came_from(desk, client):
    service = make.service("EL05")
    url = address("consent_new", client)
    back = address("needs", client)
    came = f"{url}?recipient=service:{service.uid}&classes=identity,contact&next={back}"
    shown = desk.get(came)
    assert [o["value"] for o in shown.context["options"] if o["checked"]] == ["identity", "contact"]

    response = send(
        desk,
        came,
        recipient=f"service:{service.uid}",
        next=back,
        answer="give",
        grantor_kind="client",
        method="oral",
        witness_1="周晓棠",
        witness_2="林一舟",
        classes=["identity", "contact", "disability"],
        expires_on=today() + timedelta(days=90),
    )

    consent = Consent.objects.visible_to(client.worker).get()
    ticks = dict(consent.scopes.values_list("data_class", "separate_consent"))
    assert response.url == back
    assert ticks == {"identity": False, "contact": False, "disability": True}


def test_what_policy_forbids_cannot_be_ticked(desk, client):
    service = make.service("LE02")

    shown = desk.get(f"{address('consent_new', client)}?recipient=service:{service.uid}")

    offered = {option["value"] for option in shown.context["options"]}
    assert offered.isdisjoint({"hiv", "mental_health"})
    assert {"identity", "finance"} <= offered


def test_an_unknown_recipient_does_not_exist(desk, client):
    for recipient in (f"service:{uuid.uuid4()}", "service:x", "nobody:1"):
        url = f"{address('consent_new', client)}?recipient={recipient}"
        assert desk.get(url).status_code == 404


def test_consent_for_a_category_never_covers_restricted_data(desk, client):
    make.term("EL")
    response = send(
        desk,
        address("consent_new", client),
        answer="give",
        grantor_kind="client",
        method="oral",
        witness_1="甲",
        witness_2="乙",
        category="EL",
        classes=["hiv"],
        expires_on=today() + timedelta(days=90),
    )

    assert response.status_code == 422
    assert not Consent.objects.visible_to(client.worker).exists()


def test_a_refusal_is_recorded_without_a_recipient(desk, client):
    response = send(
        desk,
        address("consent_new", client),
        answer="refuse",
        grantor_kind="client",
        method="oral",
        witness_1="甲",
        witness_2="乙",
        expires_on=today() + timedelta(days=90),
    )

    assert response.status_code == 302
    assert Consent.objects.visible_to(client.worker).get().status == "refused"


def test_c6_a_consent_is_withdrawn_in_two_clicks(desk, client):
    consent = make.consent(client, make.service())
    make.grant(client, consent, uuid.uuid4())
    tab = desk.get(address("consents", client)).content.decode()

    # One click opens the page that says what stops, one click does it.
    assert address("consent_withdraw", consent) in tab
    desk.get(address("consent_withdraw", consent))
    done = send(desk, address("consent_withdraw", consent), via="phone")

    consent.refresh_from_db()
    assert (done.url, consent.status) == (address("consents", client), "withdrawn")
    assert desk.get(address("consent_withdraw", consent)).status_code == 404


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "处理者"), ("en", "Handler")])
def test_the_receipt_is_printed_in_either_language(desk, client, language, word):
    consent = make.consent(client, make.service())

    text = desk.get(address("consent", consent), {"in": language}).content.decode()

    assert word in text
    assert client.organization.name in text
    assert "{" not in re.sub(r"<[^>]+>", "", text.split("prose")[1].split("</section>")[0])


@pytest.mark.parametrize(
    ("content", "kept"),
    [(b"%PDF-1.7 x", True), (b"<svg onload=x>", False), (b"\x89PNG\r\n\x1a\nbroken", False)],
)
def test_a_signed_page_is_checked_by_its_content_and_kept_sealed(desk, client, content, kept):
    response = send(
        desk,
        address("consent_new", client),
        answer="give",
        grantor_kind="client",
        method="written",
        recipient=f"service:{make.service().uid}",
        classes=["identity"],
        expires_on=today() + timedelta(days=90),
        evidence=SimpleUploadedFile("page.pdf", content),
    )

    assert response.status_code == (302 if kept else 422)
    if kept:
        consent = Consent.objects.visible_to(client.worker).get()
        assert consent.evidence.storage.size(consent.evidence.name) == len(content)
        handed = desk.get(address("evidence", consent))
        assert handed.content == content
        assert handed.headers["Content-Disposition"].startswith("attachment")
        stored = consent.evidence.storage.path(consent.evidence.name)
        with open(stored, "rb") as file:  # noqa: PTH123
            assert content not in file.read()


def test_c10_who_saw_my_data_is_one_page_without_names_of_the_client(desk, client):
    consent = make.consent(client, make.service())
    grant = make.grant(client, consent, uuid.uuid4())
    operations.disclosure.record_read(
        grant, by=accounts.user(), channel="page", fields=["name"], packet_sha256="0" * 64
    )

    text = desk.get(address("who_saw", client)).content.decode()

    assert grant.recipient_org.name in text
    assert NAME not in text


def test_a_legal_basis_is_written_by_one_and_put_in_force_by_another(desk, client):
    provider = accounts.organization("市第七人民医院")
    type(provider).objects.filter(pk=provider.pk).update(state=OrganizationState.LISTED)
    send(
        desk,
        address("basis_new", client),
        kind="life_safety",
        citation="个人信息保护法第十三条第四项",
        narrative="有自伤危险",
        recipient_name="市第七人民医院",
        data_classes=["identity", "mental_health"],
        until=today() + timedelta(days=3),
    )
    basis = client.legal_bases.get()
    supervisor = make.colleague(client, Role.SUPERVISOR)
    operations.case.assign(make.case(client), by=client.worker, user=supervisor, role="supervisor")

    assert send(desk, address("basis", basis)).status_code == 403
    assert send(accounts.browser(supervisor), address("basis", basis)).status_code == 302

    basis.refresh_from_db()
    assert basis.approver == supervisor


# ---- Case, emergency ------------------------------------------------------------------------
def test_a_blocked_case_names_its_blockers(desk, client):
    make.need(client)

    refused = send(desk, address("case_close", make.case(client)), reason="moved", version=1)

    assert refused.status_code == 422
    assert make.case(client).state == "open"


def test_a_case_is_handed_over_by_offer_and_answer(desk, client):
    heir = make.colleague(client)
    send(desk, address("case_offer", make.case(client)), to_user=heir.pk, reason="休产假")
    offer = CaseTransfer._base_manager.get()
    browser = accounts.browser(heir)
    assert browser.get(address("client", client)).status_code == 404

    assert browser.get(address("transfer", offer)).status_code == 200
    send(browser, address("transfer", offer), state="accepted")

    assert browser.get(address("client", client)).status_code == 200
    assert desk.get(address("transfer", offer)).status_code == 404


def test_c9_an_emergency_opens_the_file_with_a_banner_and_is_judged(client):
    person, supervisor = make.colleague(client), make.colleague(client, Role.SUPERVISOR)
    browser = accounts.browser(person)
    url = reverse("casefiles:emergency")

    nobody = send(browser, url, look_for="无此人", reason="self_harm", narrative="x")
    opened = send(browser, url, look_for=NAME, reason="self_harm", narrative="夜间来电")

    assert (nobody.status_code, opened.url) == (422, address("client", client))
    opening = BreakGlass._base_manager.get()
    assert address("emergency_end", opening) in browser.get(opened.url).content.decode()
    watcher = accounts.browser(supervisor)
    assert "夜间来电" in watcher.get(reverse("casefiles:access")).content.decode()
    send(watcher, address("emergency_review", opening), verdict="justified")
    send(browser, address("emergency_end", opening))
    assert browser.get(address("client", client)).status_code == 404
    opening.refresh_from_db()
    assert opening.verdict == "justified"


def test_a_supervisor_approves_reading_of_a_restricted_file(client):
    operations.client.change(client, by=client.worker, expected_version=1, populations=["plwh"])
    reader = make.colleague(client)
    browser = accounts.browser(make.colleague(client, Role.SUPERVISOR))

    done = send(
        browser,
        reverse("casefiles:access"),
        file_no=client.file_no,
        user=reader.pk,
        purpose="supervision",
        until=today() + timedelta(days=7),
    )

    assert done.status_code == 302
    assert accounts.browser(reader).get(address("client", client)).status_code == 200
    approval = client.approvals.get()
    send(browser, address("approval_end", approval))
    assert accounts.browser(reader).get(address("client", client)).status_code == 404


def test_watchers_alone_see_the_page_of_openings(client, desk):
    assert desk.get(reverse("casefiles:access")).status_code == 403


def test_a_related_worker_closes_the_file_for_himself(desk, client):
    done = send(desk, address("conflict", client), reason="表姐")

    assert done.url == reverse("casefiles:clients")
    assert desk.get(address("client", client)).status_code == 404
