from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import queries
from accounts.errors import PartnerBlocked, RoleReach, SeparationOfRoles
from accounts.models import Membership
from accounts.operations import membership
from accounts.permissions import GRANTS, NETWORK_ROLES, SECOND_FACTOR_ROLES, Permission, Role
from accounts.signals import partner_activating
from core.errors import AlreadyThere, NotPermitted, as_domain_error
from tests.factories.accounts import browser, member, organization, user

# Written by hand from the rules, not from accounts/permissions.py.
TABLE = {
    "client.read_own": "worker",
    "client.read_org": "supervisor",
    "client.write": "worker",
    "consent.record": "worker",
    "access.approve": "supervisor",
    "need.override_priority": "supervisor",
    "privacy.handle": "privacy_lead",
    "referral.prepare": "worker supervisor",
    "referral.send": "worker supervisor",
    "referral.approve": "supervisor",
    "referral.answer": "partner_intake",
    "referral.coordinate": "coordinator",
    "conference.convene": "coordinator",
    "conference.take_part": "worker supervisor partner_intake coordinator",
    "report.read_org": "supervisor coordinator",
    "report.freeze": "supervisor coordinator",
    "report.network": "coordinator",
    "listing.edit": "partner_editor",
    "listing.verify": "worker coordinator",
    "listing.moderate": "coordinator",
    "listing.merge": "coordinator",
    "listing.import": "coordinator",
    "listing.export": "coordinator",
    "restriction.edit": "coordinator",
    "protected.view": "supervisor coordinator",
    "protected.edit": "coordinator",
    "lexicon.edit": "coordinator",
    "directory.settings": "system_administrator",
    "audit.read": "auditor",
    "user.manage": "security_administrator",
    "settings.edit": "system_administrator",
}
NETWORK = {"coordinator", "system_administrator", "security_administrator", "auditor"}


def test_each_permission_is_held_by_the_roles_of_the_rules():
    found = {p.value: {r.value for r in Role if p in GRANTS[r]} for p in Permission}

    assert found == {name: set(roles.split()) for name, roles in TABLE.items()}


def test_every_role_grants_something():
    assert set(GRANTS) == set(Role)
    assert all(GRANTS.values())


def test_roles_of_the_network_are_those_of_the_rules():
    assert {role.value for role in NETWORK_ROLES} == NETWORK


def test_only_the_editor_of_public_listings_signs_in_by_password_alone():
    assert set(Role) - SECOND_FACTOR_ROLES == {Role.PARTNER_EDITOR}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_role_counts_where_it_is_held(role):
    here, elsewhere = organization("here"), organization("elsewhere")
    person = member(role, None if role in NETWORK_ROLES else here)

    for permission in Permission:
        granted = permission in GRANTS[role]
        assert person.may(permission) is granted
        assert person.may(permission, here) is granted
        assert person.may(permission, elsewhere) is (granted and role in NETWORK_ROLES)
        ids = person.organization_ids(permission)
        assert ids == (
            None if granted and role in NETWORK_ROLES else {here.pk} if granted else set()
        )


@pytest.mark.django_db
def test_may_takes_an_organization_or_its_key():
    here = organization()
    person = member(Role.WORKER, here)

    assert person.may(Permission.CLIENT_WRITE, here)
    assert person.may(Permission.CLIENT_WRITE, here.pk)


@pytest.mark.django_db
def test_must_raises_where_may_says_no():
    person = member(Role.WORKER)

    with pytest.raises(NotPermitted):
        person.must(Permission.AUDIT_READ)


@pytest.mark.django_db
def test_somebody_without_a_role_may_nothing():
    person = user()

    assert not any(person.may(permission) for permission in Permission)


@pytest.mark.django_db
def test_a_closed_account_may_nothing():
    person = member(Role.COORDINATOR, is_active=False)

    assert not any(person.may(permission) for permission in Permission)
    assert person.organization_ids(Permission.LISTING_MODERATE) == set()


@pytest.mark.django_db
def test_the_scheduler_may_everything_and_the_guest_nothing():
    system, guest = queries.system(), queries.guest()

    assert all(system.may(permission) for permission in Permission)
    assert system.organization_ids(Permission.CLIENT_READ_OWN) is None
    assert not any(guest.may(permission) for permission in Permission)
    assert not system.is_active
    assert not guest.is_active
    assert not system.has_usable_password()


@pytest.mark.django_db
def test_rights_change_with_the_next_request():
    person = member(Role.AUDITOR)
    client = browser(person)
    before = client.get("/settings/access-log/").status_code

    membership.end(person.memberships.get(), by=queries.system())

    assert before == 200
    assert client.get("/settings/access-log/").status_code == 403


@pytest.mark.django_db
def test_an_ended_role_can_be_given_again_and_both_rows_stay():
    person, here, system = user(), organization(), queries.system()
    first = membership.grant(person, by=system, role=Role.WORKER, organization=here)

    membership.end(first, by=system)
    membership.grant(person, by=system, role=Role.WORKER, organization=here)

    assert person.memberships.count() == 2
    assert person.memberships.current().count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_as_far_as_it_says(role):
    where = organization() if role in NETWORK_ROLES else None

    with pytest.raises(RoleReach):
        membership.grant(user(), by=queries.system(), role=role, organization=where)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user(), role=role, organization=where)


@pytest.mark.django_db
@pytest.mark.parametrize("second", [Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR])
def test_who_admits_people_may_not_run_or_audit_the_system(second, settings):
    person = member(Role.SECURITY_ADMINISTRATOR)

    with pytest.raises(SeparationOfRoles):
        membership.grant(person, by=queries.system(), role=second)

    settings.COMBINED_ADMIN_OK = True
    membership.grant(person, by=queries.system(), role=second)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["network", "organization"])
def test_a_role_is_held_once(where):
    system, person = queries.system(), user()
    given: dict[str, Any] = {"role": Role.AUDITOR}
    if where == "organization":
        given = {"role": Role.WORKER, "organization": organization()}
    membership.grant(person, by=system, **given)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        membership.grant(person, by=system, **given)

    assert isinstance(as_domain_error(caught.value), AlreadyThere)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SECURITY_ADMINISTRATOR])
def test_only_the_security_administrator_gives_roles(role):
    with pytest.raises(NotPermitted):
        membership.grant(user(), by=member(role), role=Role.AUDITOR)


@pytest.mark.django_db
def test_a_partner_is_let_in_only_when_nothing_above_objects():
    def no_agreement(sender, membership, blockers, **_rest):
        blockers.append("There is no agreement.")

    partner_activating.connect(no_agreement)
    person, here = user(), organization()
    try:
        with pytest.raises(PartnerBlocked) as caught:
            membership.grant(
                person, by=queries.system(), role=Role.PARTNER_INTAKE, organization=here
            )
    finally:
        partner_activating.disconnect(no_agreement)

    assert caught.value.errors == [{"detail": "There is no agreement."}]
    assert not person.memberships.exists()
