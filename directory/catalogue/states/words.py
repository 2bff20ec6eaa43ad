"""The words that columns hold."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.geography.states import Precision


class State(TextChoices):
    """Where a service stands; what a reader is told besides is computed (`ListingStatus`)."""

    DRAFT = "draft", _("Awaiting review")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Service suspended")
    CLOSED = "closed", _("Closed down")
    REJECTED = "rejected", _("Did not pass review")
    MERGED = "merged", _("Merged")


class PlaceState(TextChoices):
    """Where a service at one location stands."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Service suspended")
    CLOSED = "closed", _("Closed down")


class OrganizationState(TextChoices):
    """Only listed organizations show services."""

    CANDIDATE = "candidate", _("Candidate")
    LISTED = "listed", _("Listed")
    SUSPENDED = "suspended", _("Suspended")
    EXCLUDED = "excluded", _("Excluded")


class Reason(TextChoices):
    """Why something is suspended; each word says who can lift it."""

    PROVIDER_BREAK = "provider_break", _("The provider is on a break")
    OPERATOR = "operator", _("Suspended by the directory")
    UPSTREAM_INACTIVE = "upstream_inactive", _("Marked inactive by the source")
    UPSTREAM_GONE = "upstream_gone", _("No longer in the source")
    REPORTED_CLOSED = "reported_closed", _("Reported closed")
    REFUSED = "refused", _("The provider does not want to be listed")
    UNCONFIRMED = "unconfirmed", _("Not confirmed in time")
    UNREACHABLE = "unreachable", _("The provider could not be reached")


class ListingStatus(TextChoices):
    """The one code that cards, facets and lists show (code set `listing_status`)."""

    DRAFT = "draft", _("Awaiting review")
    ACTIVE = "active", _("Active")
    DUE = "due", _("Verification due")
    STALE = "stale", _("Verification overdue")
    SUSPENDED = "suspended", _("Service suspended")
    CLOSED = "closed", _("Closed down")
    REJECTED = "rejected", _("Did not pass review")
    MERGED = "merged", _("Merged")


class Freshness(TextChoices):
    """How much a confirmation is still worth."""

    UNVERIFIED = "unverified", _("Not verified yet")
    FRESH = "fresh", _("Verified")
    DUE = "due", _("Verification due")
    STALE = "stale", _("Verification overdue")


class Audience(TextChoices):
    """Who may read a record; the narrowest on the path wins."""

    PUBLIC = "public", _("Everybody")
    PARTNER = "partner", _("Partner organizations")
    STAFF = "staff", _("Staff only")


class Sensitivity(TextChoices):
    """Protected services get quick exit, neutral titles and no query text in statistics."""

    NORMAL = "normal", _("Not sensitive")
    PROTECTED = "protected", _("Sensitive topic")


class ReferralMode(TextChoices):
    """By which way a person comes to the service."""

    OPEN = "open", _("By oneself or by referral")
    REFERRAL_ONLY = "referral_only", _("By referral only")
    SELF_ONLY = "self_only", _("By oneself only")
    NONE = "none", _("Information only")


class Availability(TextChoices):
    """Whether the provider takes people now, in the provider's own word."""

    OPEN = "open", _("Has room")
    LIMITED = "limited", _("Few places left")
    WAITLIST = "waitlist", _("Waiting list")
    FULL = "full", _("Full")
    PAUSED = "paused", _("Intake paused")
    UNKNOWN = "unknown", _("Capacity unknown")


class LocationType(TextChoices):
    PHYSICAL = "physical", _("A place to go to")
    POSTAL = "postal", _("Postal address")
    VIRTUAL = "virtual", _("By phone or on the web")


class NoAddress(TextChoices):
    """Why a physical location shows no address."""

    CONFIDENTIAL = "confidential", _("The address is confidential.")
    MOBILE = "mobile", _("The service moves about.")
    OUTREACH = "outreach", _("Staff come to you.")
    UNKNOWN = "unknown", _("The address is not known.")


class CoordSource(TextChoices):
    PIN = "pin", _("Set on the map")
    GPS = "gps", _("Measured on site")
    IMPORT = "import", _("From the source")
    PROVIDER = "provider", _("From a geocoding service")
    GAZETTEER = "gazetteer", _("From the place name")
    AREA = "area", _("Center of the area")


MEASURED: Final = frozenset({Precision.EXACT, Precision.STREET})


class PhoneType(TextChoices):
    VOICE = "voice", _("Voice line")
    FAX = "fax", _("Fax")
    CELL = "cell", _("Mobile phone")
    TEXT = "text", _("Text messages")
    VIDEO = "video", _("Video calls")
    PAGER = "pager", _("Pager")
    TEXTPHONE = "textphone", _("Textphone")


class Frequency(TextChoices):
    WEEKLY = "WEEKLY", _("Every week")
    MONTHLY = "MONTHLY", _("Every month")


class OnHolidays(TextChoices):
    CLOSED = "closed", _("Closed on public holidays")
    OPEN = "open", _("Open on public holidays")
    UNKNOWN = "unknown", _("Public holidays not known")


class OnMakeUpDays(TextChoices):
    """What happens on a weekend day that the holiday calendar turns into a working day."""

    AS_WEEKDAY = "as_weekday", _("Open as on a working day")
    CLOSED = "closed", _("Closed on make-up working days")


class ExceptionKind(TextChoices):
    CLOSED = "closed", _("Closed this day")
    HOURS = "hours", _("Special hours")


class LinkType(TextChoices):
    """What a term says about the thing it is attached to."""

    SERVICE_TYPE = "service_type", _("Kind of service")
    TARGET_POPULATION = "target_population", _("Who it is for")
    ELIGIBILITY = "eligibility", _("Eligibility")
    FEE = "fee", _("Fees")
    APPLICATION = "application", _("How to apply")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    OTHER = "other", _("Other terms")


class Polarity(TextChoices):
    REQUIRES = "requires", _("Applies to")
    EXCLUDES = "excludes", _("Does not apply to")


class Trust(TextChoices):
    """What an import may do by itself."""

    LOW = "low", _("Low: new listings are drafts, changes are reviewed")
    NORMAL = "normal", _("Normal: listed, local corrections win")
    AUTHORITATIVE = "authoritative", _("Authoritative: listed, the source wins")


class KeptBy(TextChoices):
    """Who answers for a record's content."""

    OPERATOR = "operator", _("Kept by the directory")
    PARTNER = "partner", _("Kept by the provider")
    SOURCE = "source", _("Kept by the source")


class ChangeAction(TextChoices):
    UPSERT = "upsert", _("Written")
    DELETE = "delete", _("Taken out")
    MERGE = "merge", _("Merged")


class RestrictionKind(TextChoices):
    DO_NOT_LIST = "do_not_list", _("Do not list")
    DO_NOT_CONTACT = "do_not_contact", _("Do not contact")
    DO_NOT_VISIT = "do_not_visit", _("Do not visit")


class RestrictionState(TextChoices):
    DRAFT = "draft", _("Draft entry")
    ACTIVE = "active", _("In force")
    LIFTED = "lifted", _("Lifted")


class MatchKind(TextChoices):
    """By what a restriction recognizes its subject; numbers and mailboxes are kept blind."""

    UID = "uid", _("Record number")
    IDENTIFIER = "identifier", _("Registration number")
    E164 = "e164", _("Phone number")
    EMAIL = "email", _("E-mail address")
    DOMAIN = "domain", _("Website")
    NAME = "name", _("Name and area")
