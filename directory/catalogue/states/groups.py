"""The groups of fields that are confirmed, doubted and approved together."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """Parts of a listing that are confirmed, doubted and approved together."""

    SCOPE = "scope", _("What is offered")
    ELIGIBILITY = "eligibility", _("Who can apply")
    FEES = "fees", _("Fees")
    APPLICATION = "application", _("How to apply")
    AREA = "area", _("Area served")
    PHONE = "phone", _("Phone")
    ADDRESS = "address", _("Address")
    HOURS = "hours", _("Opening hours")
    AVAILABILITY = "availability", _("Free places")


SERVICE_GROUPS: Final = (
    Group.SCOPE,
    Group.ELIGIBILITY,
    Group.FEES,
    Group.APPLICATION,
    Group.AREA,
)
# Confirmed per place, or at the service where it has no place.
PLACE_GROUPS: Final = (Group.PHONE, Group.ADDRESS, Group.HOURS, Group.AVAILABILITY)
CRITICAL_GROUPS: Final = frozenset(
    {Group.ELIGIBILITY, Group.APPLICATION, Group.PHONE, Group.ADDRESS, Group.HOURS}
)

# Path of a change (table.field, table.list or table.list.kind) → the group it belongs to.
FIELD_GROUPS: Final[dict[str, Group]] = {
    "service.name": Group.SCOPE,
    "service.alternate_name": Group.SCOPE,
    "service.description": Group.SCOPE,
    "service.program": Group.SCOPE,
    "service.organization": Group.SCOPE,
    "service.url": Group.PHONE,
    "service.email": Group.PHONE,
    "service.urls": Group.PHONE,
    "service.interpretation_services": Group.APPLICATION,
    "service.languages": Group.APPLICATION,
    "service.application_process": Group.APPLICATION,
    "service.handling_days": Group.APPLICATION,
    "service.intake_note": Group.APPLICATION,
    "service.referral_mode": Group.APPLICATION,
    "service.required_documents": Group.APPLICATION,
    "service.wait_time": Group.AVAILABILITY,
    "service.fees": Group.FEES,
    "service.fees_description": Group.FEES,
    "service.cost_options": Group.FEES,
    "service.funding": Group.SCOPE,
    "service.accreditations": Group.SCOPE,
    "service.licenses": Group.SCOPE,
    "service.legal_basis": Group.SCOPE,
    "service.audience": Group.SCOPE,
    "service.sensitivity": Group.SCOPE,
    "service.eligibility_description": Group.ELIGIBILITY,
    "service.minimum_age": Group.ELIGIBILITY,
    "service.maximum_age": Group.ELIGIBILITY,
    "service.alert": Group.AVAILABILITY,
    "service.alert_until": Group.AVAILABILITY,
    "service.assurer_email": Group.SCOPE,
    "service.upstream_assured_on": Group.SCOPE,
    "service.language": Group.SCOPE,
    "service.phones": Group.PHONE,
    "service.contacts": Group.PHONE,
    "service.schedules": Group.HOURS,
    "service.schedule_exceptions": Group.HOURS,
    "service.service_areas": Group.AREA,
    "service.capacities": Group.AVAILABILITY,
    "service.attributes": Group.SCOPE,
    "service.terms.service_type": Group.SCOPE,
    "service.terms.target_population": Group.ELIGIBILITY,
    "service.terms.eligibility": Group.ELIGIBILITY,
    "service.terms.fee": Group.FEES,
    "service.terms.application": Group.APPLICATION,
    "service.terms.accessibility": Group.ADDRESS,
    "service.terms.other": Group.SCOPE,
    "service_at_location.description": Group.SCOPE,
    "service_at_location.audience": Group.SCOPE,
    "service_at_location.is_intake_site": Group.APPLICATION,
    "service_at_location.language": Group.SCOPE,
    "service_at_location.phones": Group.PHONE,
    "service_at_location.contacts": Group.PHONE,
    "service_at_location.schedules": Group.HOURS,
    "service_at_location.schedule_exceptions": Group.HOURS,
    "service_at_location.service_areas": Group.AREA,
    "service_at_location.capacities": Group.AVAILABILITY,
    "service_at_location.attributes": Group.SCOPE,
    "location.phones": Group.PHONE,
    "location.contacts": Group.PHONE,
    "location.schedules": Group.HOURS,
    "location.schedule_exceptions": Group.HOURS,
    "location.languages": Group.APPLICATION,
    # Like a pause, the provider's own word that counts at once.
    "organization.accepts_referrals": Group.AVAILABILITY,
    "organization.phones": Group.PHONE,
    "organization.contacts": Group.PHONE,
    "organization.email": Group.PHONE,
    "organization.website": Group.PHONE,
    "organization.urls": Group.PHONE,
}


def group_of(path: str) -> Group:
    """Return the group of a path; what a location has besides belongs to its address."""
    row, _dot, name = path.split("@", 1)[0].partition(".")
    # `location:<uid>.phones` is a fact of the same group, whichever row it stands in.
    table = row.split(":", 1)[0]
    return FIELD_GROUPS.get(
        f"{table}.{name}", Group.ADDRESS if table == "location" else Group.SCOPE
    )
