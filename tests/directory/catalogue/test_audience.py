from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.permissions import Role
from directory.catalogue.models import Location, Organization, Service, ServiceAtLocation
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db

STAFF = {
    "worker", "supervisor", "coordinator", "system_administrator", "security_administrator",
    "auditor", "privacy_lead",
}  # fmt: skip
LEVELS = ["public", "partner", "staff"]


def readers():
    """Return a reader for every role, a visitor, and somebody without any role."""
    people = {str(role): accounts.member(role) for role in Role}
    return people | {"visitor": AnonymousUser(), "nobody": accounts.user()}


def reach(name):
    """Return how far a reader is let in, written by hand."""
    if name in STAFF:
        return 2
    return 1 if name in {"partner_intake", "partner_editor"} else 0


def test_each_role_sees_what_the_narrowest_audience_on_the_path_allows():
    made = {
        levels: catalogue.service(catalogue.organization(audience=levels[0]), audience=levels[1])
        for levels in product(LEVELS, LEVELS)
    }

    for name, reader in readers().items():
        seen = set(Service.objects.visible_to(reader).values_list("pk", flat=True))
        for levels, service in made.items():
            needed = max(LEVELS.index(level) for level in levels)
            assert (service.pk in seen) == (needed <= reach(name)), (name, levels)


@pytest.mark.parametrize("state", ["draft", "rejected", "active", "suspended", "closed"])
def test_only_published_states_are_open_to_the_public(state):
    reason = "operator" if state == "suspended" else ""
    service = catalogue.service(state=state, state_reason=reason)

    shown = Service.objects.visible_to(AnonymousUser()).filter(pk=service.pk).exists()

    assert shown == (state in {"active", "suspended", "closed"})


def test_a_merged_listing_is_open_to_nobody_but_its_own_and_moderators():
    survivor = catalogue.service()
    merged = catalogue.service(state="merged", merged_into=survivor)
    own = accounts.member("partner_editor", merged.organization)

    assert merged not in Service.objects.visible_to(AnonymousUser())
    assert merged not in Service.objects.visible_to(accounts.member("worker"))
    assert merged in Service.objects.visible_to(own)
    assert merged not in Service.objects.editable_by(own)


def test_a_provider_sees_its_own_drafts_and_nobody_elses():
    mine, theirs = catalogue.service(state="draft"), catalogue.service(state="draft")
    editor = accounts.member("partner_editor", mine.organization)

    assert mine in Service.objects.visible_to(editor)
    assert theirs not in Service.objects.visible_to(editor)


def test_a_moderator_sees_every_state():
    draft = catalogue.service(catalogue.organization(state="candidate"), state="draft")

    assert draft in Service.objects.visible_to(accounts.member("coordinator"))


def test_the_system_sees_everything():
    hidden = catalogue.service(catalogue.organization(audience="staff"), audience="staff")

    assert hidden in Service.objects.visible_to(accounts.system())


@pytest.mark.parametrize("state", ["candidate", "suspended", "excluded"])
def test_organizations_that_are_not_listed_hide_all_they_have(state):
    owner = catalogue.organization(state=state, state_reason="证照过期")
    site = catalogue.place(catalogue.service(owner))

    assert site.service not in Service.objects.visible_to(AnonymousUser())
    assert site not in ServiceAtLocation.objects.visible_to(AnonymousUser())
    assert site.location not in Location.objects.visible_to(AnonymousUser())
    assert owner not in Organization.objects.visible_to(AnonymousUser())


def test_what_was_entered_in_error_is_gone_for_all():
    service = catalogue.service(deleted_at="2026-01-01T00:00Z")

    assert service not in Service.objects.visible_to(accounts.member("coordinator"))
    assert service not in Service.objects.listed()


def test_a_place_of_a_narrower_audience_stays_inside():
    site = catalogue.place(audience="staff")

    assert site not in ServiceAtLocation.objects.visible_to(AnonymousUser())
    assert site in ServiceAtLocation.objects.visible_to(accounts.member("worker"))
    assert site.location not in Location.objects.visible_to(AnonymousUser())


def test_editors_edit_their_own_organization_alone():
    mine, theirs = catalogue.service(), catalogue.service()
    editor = accounts.member("partner_editor", mine.organization)
    intake = accounts.member("partner_intake", mine.organization)

    assert list(Service.objects.editable_by(editor)) == [mine]
    assert not Service.objects.editable_by(intake).exists()
    assert theirs in Service.objects.editable_by(accounts.member("coordinator"))
    assert list(Organization.objects.editable_by(editor)) == [mine.organization]


def test_a_building_that_several_organizations_share_belongs_to_none_of_their_editors():
    site = catalogue.place()
    editor = accounts.member("partner_editor", site.service.organization)
    assert site.location in Location.objects.editable_by(editor)

    catalogue.place(catalogue.service(), site.location)

    assert site.location not in Location.objects.editable_by(editor)
    assert site in ServiceAtLocation.objects.editable_by(editor)


def test_a_search_finds_active_listings_of_listed_organizations_alone():
    active = catalogue.service()
    catalogue.service(state="suspended", state_reason="operator")
    catalogue.service(catalogue.organization(state="candidate"))

    assert list(Service.objects.listed().exclude(organization__kind="hotline")) == [active]


def test_what_is_overdue_comes_longest_first():
    late = catalogue.service(verify_by="2026-01-02")
    later = catalogue.service(verify_by="2026-01-01")
    catalogue.service(verify_by="2026-02-01")

    assert list(Service.objects.verification_due(on="2026-01-02")) == [later, late]


@pytest.mark.parametrize(
    ("state", "freshness", "shown"),
    [
        ("active", "fresh", "active"),
        ("active", "unverified", "active"),
        ("active", "due", "due"),
        ("active", "stale", "stale"),
        ("suspended", "stale", "suspended"),
        ("closed", "due", "closed"),
    ],
)
def test_the_code_readers_see_is_the_same_as_property_and_annotation(state, freshness, shown):
    reason = "operator" if state == "suspended" else ""
    service = catalogue.service(state=state, state_reason=reason, freshness=freshness)

    annotated = Service.objects.with_listing_status().get(pk=service.pk)

    assert service.listing_status == shown
    assert annotated.listing_status == shown
