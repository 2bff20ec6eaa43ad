"""The words that columns hold."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.geography.states import Precision


class State(TextChoices):
    """Where a service stands; what a reader is told besides is computed (`ListingStatus`)."""

    DRAFT = "draft", _("draft")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("rejected")
    MERGED = "merged", _("merged")


class PlaceState(TextChoices):
    """Where a service at one location stands."""

    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("closed")


class OrganizationState(TextChoices):
    """Only listed organizations show services."""

    CANDIDATE = "candidate", _("candidate")
    LISTED = "listed", _("listed")
    SUSPENDED = "suspended", _("suspended")
    EXCLUDED = "excluded", _("excluded")


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

    DRAFT = "draft", _("draft")
    ACTIVE = "active", _("active")
    DUE = "due", _("verification due")
    STALE = "stale", _("verification overdue")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("rejected")
    MERGED = "merged", _("merged")


class Freshness(TextChoices):
    """How much a confirmation is still worth."""

    UNVERIFIED = "unverified", _("not verified")
    FRESH = "fresh", _("verified")
    DUE = "due", _("verification due")
    STALE = "stale", _("verification overdue")


class Audience(TextChoices):
    """Who may read a record; the narrowest on the path wins."""

    PUBLIC = "public", _("everybody")
    PARTNER = "partner", _("partner organizations")
    STAFF = "staff", _("staff only")


class Sensitivity(TextChoices):
    """Protected services get quick exit, neutral titles and no query text in statistics."""

    NORMAL = "normal", _("normal")
    PROTECTED = "protected", _("protected")


class ReferralMode(TextChoices):
    """By which way a person comes to the service."""

    OPEN = "open", _("by oneself or by referral")
    REFERRAL_ONLY = "referral_only", _("by referral only")
    SELF_ONLY = "self_only", _("by oneself only")
    NONE = "none", _("information only")


class Availability(TextChoices):
    """Whether the provider takes people now, in the provider's own word."""

    OPEN = "open", _("accepting")
    LIMITED = "limited", _("limited places")
    WAITLIST = "waitlist", _("waiting list")
    FULL = "full", _("full")
    PAUSED = "paused", _("paused")
    UNKNOWN = "unknown", _("unknown")


class LocationType(TextChoices):
    PHYSICAL = "physical", _("physical")
    POSTAL = "postal", _("postal")
    VIRTUAL = "virtual", _("virtual")


class NoAddress(TextChoices):
    """Why a physical location shows no address."""

    CONFIDENTIAL = "confidential", _("the address is confidential")
    MOBILE = "mobile", _("the service moves about")
    OUTREACH = "outreach", _("staff come to you")
    UNKNOWN = "unknown", _("the address is not known")


class CoordSource(TextChoices):
    PIN = "pin", _("set on the map")
    GPS = "gps", _("measured on site")
    IMPORT = "import", _("from the source")
    PROVIDER = "provider", _("from a geocoding service")
    GAZETTEER = "gazetteer", _("from the place name")
    AREA = "area", _("center of the area")


MEASURED: Final = frozenset({Precision.EXACT, Precision.STREET})


class PhoneType(TextChoices):
    VOICE = "voice", _("voice")
    FAX = "fax", _("fax")
    CELL = "cell", _("mobile")
    TEXT = "text", _("text message")
    VIDEO = "video", _("video")
    PAGER = "pager", _("pager")
    TEXTPHONE = "textphone", _("textphone")


class Frequency(TextChoices):
    WEEKLY = "WEEKLY", _("weekly")
    MONTHLY = "MONTHLY", _("monthly")


class OnHolidays(TextChoices):
    CLOSED = "closed", _("closed on public holidays")
    OPEN = "open", _("open on public holidays")
    UNKNOWN = "unknown", _("public holidays not known")


class OnMakeUpDays(TextChoices):
    """What happens on a weekend day that the holiday calendar turns into a working day."""

    AS_WEEKDAY = "as_weekday", _("open as on a working day")
    CLOSED = "closed", _("closed on make-up working days")


class ExceptionKind(TextChoices):
    CLOSED = "closed", _("closed")
    HOURS = "hours", _("special hours")


class LinkType(TextChoices):
    """What a term says about the thing it is attached to."""

    SERVICE_TYPE = "service_type", _("kind of service")
    TARGET_POPULATION = "target_population", _("who it is for")
    ELIGIBILITY = "eligibility", _("eligibility")
    FEE = "fee", _("fee")
    APPLICATION = "application", _("how to apply")
    ACCESSIBILITY = "accessibility", _("accessibility")
    OTHER = "other", _("other")


class Polarity(TextChoices):
    REQUIRES = "requires", _("requires")
    EXCLUDES = "excludes", _("excludes")


class Trust(TextChoices):
    """What an import may do by itself."""

    LOW = "low", _("low: new listings are drafts, changes are reviewed")
    NORMAL = "normal", _("normal: listed, local corrections win")
    AUTHORITATIVE = "authoritative", _("authoritative: listed, the source wins")


class KeptBy(TextChoices):
    """Who answers for a record's content."""

    OPERATOR = "operator", _("the directory")
    PARTNER = "partner", _("the provider")
    SOURCE = "source", _("the source")


class ChangeAction(TextChoices):
    UPSERT = "upsert", _("written")
    DELETE = "delete", _("withdrawn")
    MERGE = "merge", _("merged")


class RestrictionKind(TextChoices):
    DO_NOT_LIST = "do_not_list", _("do not list")
    DO_NOT_CONTACT = "do_not_contact", _("do not contact")
    DO_NOT_VISIT = "do_not_visit", _("do not visit")


class RestrictionState(TextChoices):
    DRAFT = "draft", _("draft")
    ACTIVE = "active", _("active")
    LIFTED = "lifted", _("lifted")


class MatchKind(TextChoices):
    """By what a restriction recognizes its subject; numbers and mailboxes are kept blind."""

    UID = "uid", _("record")
    IDENTIFIER = "identifier", _("registration number")
    E164 = "e164", _("phone number")
    EMAIL = "email", _("e-mail address")
    DOMAIN = "domain", _("website")
    NAME = "name", _("name and area")
