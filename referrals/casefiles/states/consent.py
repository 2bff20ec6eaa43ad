"""Life of a consent, and the words of disclosure: for what, to whom, which data, on what basis."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# A scope or a question that names no data class in particular.
ANY = "ANY"
LONGEST_CONSENT = timedelta(days=365)


class Purpose(TextChoices):
    """What the data are given for."""

    REFERRAL = "referral", _("Referral")
    CONFERENCE = "conference", _("Case conference")
    FOLLOW_UP_CONTACT = "follow_up_contact", _("Follow-up contact")
    TRAINING_RESEARCH = "training_research", _("Training and research")


class RecipientKind(TextChoices):
    """How widely a scope reaches, narrowest first."""

    SERVICE = "service", _("One service")
    CONFERENCE = "conference", _("One conference")
    ORGANIZATION = "organization", _("One organization")
    CATEGORY = "category", _("All providers of a category")
    ANY = "any", _("Anybody")


class DataClass(TextChoices):
    """The 21 kinds of data about a person; every packet field belongs to exactly one."""

    IDENTITY = "identity", _("Identity")
    CONTACT = "contact", _("Contact details")
    HOUSEHOLD = "household", _("Household and relatives")
    ADDRESS_DETAIL = "address_detail", _("Exact address")
    NEED_NARRATIVE = "need_narrative", _("Description of the need")
    FINANCE = "finance", _("Income and money")
    BENEFITS = "benefits", _("Benefits and assistance")
    HEALTH_GENERAL = "health_general", _("General health")
    HIV = "hiv", _("HIV")
    MENTAL_HEALTH = "mental_health", _("Mental condition")
    SUBSTANCE = "substance", _("Alcohol and drugs")
    DISABILITY = "disability", _("Disability and functioning")
    VIOLENCE = "violence", _("Violence suffered")
    WHEREABOUTS = "whereabouts", _("Protected whereabouts")
    CRIMINAL_RECORD = "criminal_record", _("Criminal record and corrections")
    JUVENILE_RECORD = "juvenile_record", _("Sealed juvenile record")
    RESIDENCE_STATUS = "residence_status", _("Household registration and residence")
    EDUCATION = "education", _("Education")
    EMPLOYMENT = "employment", _("Employment")
    CHILD_DATA = "child_data", _("Data about a child")
    DOCUMENTS = "documents", _("Identity number and certificates")


class ConsentStatus(TextChoices):
    """Where a consent stands."""

    PENDING = "pending", _("Consent not yet given")
    ACTIVE = "active", _("Consent in force")
    REFUSED = "refused", _("Consent refused")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    EXPIRED = "expired", _("Consent expired")
    SUPERSEDED = "superseded", _("Replaced by a newer consent")


class ConsentMethod(TextChoices):
    """How the consent was given."""

    WRITTEN = "written", _("Written signature")
    ELECTRONIC = "electronic", _("Electronic signature")
    ORAL = "oral", _("Oral, two witnesses")
    WECHAT = "wechat", _("Confirmed by WeChat or SMS")


class ConsentBasis(TextChoices):
    """The legal name of what was given."""

    CONSENT = "consent", _("Own consent")
    SEPARATE = "separate", _("Separate consent")
    GUARDIAN = "guardian", _("Guardian's consent")
    GUARDIAN_AND_MINOR = "guardian_and_minor", _("Guardian's consent and the minor's assent")
    STATUTORY_DUTY = "statutory_duty", _("Statutory duty")
    EMERGENCY = "emergency", _("Emergency, life and health")
    AUTHORITY_ORDER = "authority_order", _("Lawful order of an authority")


class GrantorKind(TextChoices):
    """Who consents."""

    CLIENT = "client", _("The client")
    GUARDIAN = "guardian", _("The guardian")
    ATTORNEY = "attorney", _("A person with power of attorney")
    STATUTORY = "statutory", _("A statutory representative")


class ScopeDecision(TextChoices):
    """Deny beats permit."""

    PERMIT = "permit", _("Permit")
    DENY = "deny", _("Deny")


class LegalBasisKind(TextChoices):
    """What permits a provision beside consent; it is not consent."""

    MANDATORY_REPORT = "mandatory_report", _("Mandatory report")
    LIFE_SAFETY = "life_safety", _("Danger to life or health")
    COURT_ORDER = "court_order", _("Court order or lawful demand")
    STATUTORY = "statutory", _("Statutory duty or power")

    @property
    def consent_basis(self) -> ConsentBasis:
        """Name it as registers do."""
        return {
            LegalBasisKind.LIFE_SAFETY: ConsentBasis.EMERGENCY,
            LegalBasisKind.COURT_ORDER: ConsentBasis.AUTHORITY_ORDER,
        }.get(self, ConsentBasis.STATUTORY_DUTY)


class ContextKind(TextChoices):
    """What a grant serves; the thing itself is a row of an upper application."""

    REFERRAL = "referral", _("Referral")
    AGENDA_ITEM = "agenda_item", _("Case conference item")
    EXPORT = "export", _("Export")
    MANDATORY_REPORT = "mandatory_report", _("Mandatory report")
    SUBJECT_REQUEST = "subject_request", _("Request by the person")


class Tier(TextChoices):
    """How much of a packet a grant opens."""

    PREVIEW = "preview", _("Preview without identity")
    FULL = "full", _("Full packet")


class AccessPurpose(TextChoices):
    """Why somebody opens a file."""

    OWN_CASE = "own_case", _("Own case")
    REFERRAL_IN = "referral_in", _("Received referral")
    SUPERVISION = "supervision", _("Supervision")
    CONFERENCE = "conference", _("Case conference")
    AUDIT = "audit", _("Audit")
    EMERGENCY = "emergency", _("Emergency access")
    SUBJECT_REQUEST = "subject_request", _("Request by the person")


class PolicyRule(TextChoices):
    """How a class stands in the packets of a category of providers."""

    REQUIRED = "required", _("Required")
    OPTIONAL = "optional", _("Where needed")
    NEVER = "never", _("Never given")


class Verdict(TextChoices):
    """What the reviewer of an emergency access found."""

    JUSTIFIED = "justified", _("Justified")
    UNJUSTIFIED = "unjustified", _("Not justified")


_C = ConsentStatus
_MOVES: frozenset[tuple[ConsentStatus, ConsentStatus]] = frozenset(
    {
        (_C.PENDING, _C.ACTIVE),
        (_C.PENDING, _C.REFUSED),
        (_C.ACTIVE, _C.WITHDRAWN),
        (_C.ACTIVE, _C.EXPIRED),
        (_C.ACTIVE, _C.SUPERSEDED),
    }
)


def consent_move(source: str, target: str) -> bool:
    """Say whether a consent may go from one status to the other; nothing comes back to life."""
    return (ConsentStatus(source), ConsentStatus(target)) in _MOVES
