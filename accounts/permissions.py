"""Who may do what: the one table that joins roles and permissions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One act that the product guards; the value is what documents and audit rows call it."""

    CLIENT_READ_OWN = "client.read_own", _("read the files of your own clients")
    CLIENT_READ_ORG = "client.read_org", _("read all client files of the organization")
    CLIENT_WRITE = "client.write", _("write client files")
    CONSENT_RECORD = "consent.record", _("record and withdraw consent")
    ACCESS_APPROVE = "access.approve", _("approve access to restricted files")
    NEED_OVERRIDE_PRIORITY = "need.override_priority", _("override the priority of a need")
    PRIVACY_HANDLE = "privacy.handle", _("handle privacy requests and incidents")

    REFERRAL_PREPARE = "referral.prepare", _("prepare a referral")
    REFERRAL_SEND = "referral.send", _("send a referral")
    REFERRAL_APPROVE = "referral.approve", _("approve a referral before it is sent")
    REFERRAL_ANSWER = "referral.answer", _("answer incoming referrals")
    REFERRAL_COORDINATE = "referral.coordinate", _("coordinate referrals of the whole network")

    CONFERENCE_CONVENE = "conference.convene", _("convene a case conference")
    CONFERENCE_TAKE_PART = "conference.take_part", _("take part in a case conference")

    REPORT_READ_ORG = "report.read_org", _("read the figures of the organization")
    REPORT_FREEZE = "report.freeze", _("freeze a report")
    REPORT_NETWORK = "report.network", _("read the figures of the whole network")

    LISTING_EDIT = "listing.edit", _("edit the organization's listings")
    LISTING_VERIFY = "listing.verify", _("check whether listings are still true")
    LISTING_MODERATE = "listing.moderate", _("decide on proposed changes of listings")
    LISTING_MERGE = "listing.merge", _("merge duplicate listings")
    LISTING_IMPORT = "listing.import", _("import listings")
    LISTING_EXPORT = "listing.export", _("export listings")
    RESTRICTION_EDIT = "restriction.edit", _("restrict listings")
    PROTECTED_VIEW = "protected.view", _("see protected addresses")
    PROTECTED_EDIT = "protected.edit", _("change protected addresses")
    LEXICON_EDIT = "lexicon.edit", _("edit the words that searches understand")
    DIRECTORY_SETTINGS = "directory.settings", _("change the settings of the directory")

    AUDIT_READ = "audit.read", _("read the access log")
    USER_MANAGE = "user.manage", _("manage users and roles")
    SETTINGS_EDIT = "settings.edit", _("change settings and see how the system runs")


class Role(models.TextChoices):
    """What a person is in an organization, or in the whole installation."""

    WORKER = "worker", _("Caseworker")
    SUPERVISOR = "supervisor", _("Supervisor")
    PARTNER_INTAKE = "partner_intake", _("Partner intake")
    PARTNER_EDITOR = "partner_editor", _("Partner editor")
    PRIVACY_LEAD = "privacy_lead", _("Privacy lead")
    COORDINATOR = "coordinator", _("Coordinator")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


_P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.WORKER: frozenset({
        _P.CLIENT_READ_OWN, _P.CLIENT_WRITE, _P.CONSENT_RECORD, _P.REFERRAL_PREPARE,
        _P.REFERRAL_SEND, _P.LISTING_VERIFY, _P.CONFERENCE_TAKE_PART,
    }),
    Role.SUPERVISOR: frozenset({
        _P.CLIENT_READ_ORG, _P.REFERRAL_PREPARE, _P.REFERRAL_SEND, _P.REFERRAL_APPROVE,
        _P.NEED_OVERRIDE_PRIORITY, _P.ACCESS_APPROVE, _P.REPORT_READ_ORG, _P.REPORT_FREEZE,
        _P.PROTECTED_VIEW, _P.CONFERENCE_TAKE_PART,
    }),
    Role.PARTNER_INTAKE: frozenset({_P.REFERRAL_ANSWER, _P.CONFERENCE_TAKE_PART}),
    Role.PARTNER_EDITOR: frozenset({_P.LISTING_EDIT}),
    Role.PRIVACY_LEAD: frozenset({_P.PRIVACY_HANDLE}),
    Role.COORDINATOR: frozenset({
        _P.REFERRAL_COORDINATE, _P.CONFERENCE_CONVENE, _P.CONFERENCE_TAKE_PART,
        _P.REPORT_READ_ORG, _P.REPORT_FREEZE, _P.REPORT_NETWORK, _P.LISTING_VERIFY,
        _P.LISTING_MODERATE, _P.LISTING_MERGE, _P.LISTING_IMPORT, _P.LISTING_EXPORT,
        _P.RESTRICTION_EDIT, _P.PROTECTED_VIEW, _P.PROTECTED_EDIT, _P.LEXICON_EDIT,
    }),
    Role.SYSTEM_ADMINISTRATOR: frozenset({_P.SETTINGS_EDIT, _P.DIRECTORY_SETTINGS}),
    Role.SECURITY_ADMINISTRATOR: frozenset({_P.USER_MANAGE}),
    Role.AUDITOR: frozenset({_P.AUDIT_READ}),
}  # fmt: skip

# Who works with files of clients, their own or those of the organization.
CASEWORK = frozenset({_P.CLIENT_READ_OWN, _P.CLIENT_READ_ORG})
# One installation is one network: these memberships name no organization and reach over all.
NETWORK_ROLES = frozenset({
    Role.COORDINATOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR,
})  # fmt: skip
# Nobody may hold two of these: who runs the system, who admits people, who watches both.
SEPARATE_ROLES = frozenset({
    Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR,
})  # fmt: skip
# Everyone but the editor of public listings comes near client data or runs the installation.
SECOND_FACTOR_ROLES = frozenset(Role) - {Role.PARTNER_EDITOR}
