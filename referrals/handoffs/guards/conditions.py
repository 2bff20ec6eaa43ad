"""G1 to G5: what must hold before a person's data move; everything that fails is named at once."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.permissions import GRANTS, Permission
from core.jobs import now
from directory.catalogue import queries as catalogue
from directory.catalogue.states import Availability
from referrals.casefiles import disclosure
from referrals.casefiles.models import LegalBasis
from referrals.casefiles.states import DataClass, Purpose
from referrals.handoffs import packet
from referrals.handoffs.guards.facts import Finding
from referrals.handoffs.models import Referral, SenderRules
from referrals.handoffs.packet.eligibility import FAILS, verdict
from referrals.handoffs.states import Channel

RECENT = timedelta(days=30)
ATTEMPTS_WITHOUT_APPROVAL = 3
ANSWERING = sorted(
    role for role, granted in GRANTS.items() if Permission.REFERRAL_ANSWER in granted
)


def examine(referral: Referral, *, by: User, at: datetime | None = None) -> list[Finding]:
    """Run every guard and return what fails and what merely warns, in their order."""
    moment = at or now()
    return [finding for guard in GUARDS.values() for finding in guard(referral, by, moment)]


def failing(referral: Referral, names: Iterable[str], *, by: User, at: datetime) -> list[Finding]:
    """Return what stops a step that asks for these guards."""
    found = [finding for name in names for finding in GUARDS[name](referral, by, at)]
    return [finding for finding in found if finding.blocks]


def complete(referral: Referral, _by: User, _at: datetime) -> list[Finding]:
    """G1: an open need, somebody who takes referrals, a reason, and safe ways to call are known."""
    found = []
    if not any(need.is_active for need in referral.served):
        found.append(Finding("G1", "no_open_need", _("None of the needs is open any more.")))
    found += _referable(referral)
    if not referral.referral_reason:
        found.append(Finding("G1", "required", _("Say why you refer."), "referral_reason"))
    safety = getattr(referral.client, "contact_safety", None)
    if safety is None or safety.answered_at is None:
        found.append(
            Finding(
                "G1",
                "contact_safety_unknown",
                _("First record how the client can be contacted safely."),
            )
        )
    return found


def _referable(referral: Referral) -> list[Finding]:
    if referral.service is None:
        return []
    answer = catalogue.referable(referral.service, referral.place)
    if answer.verdict == "no":
        return [
            Finding("G1", "not_referable", _("This service takes no referrals now."), "service")
        ]
    # That it is full is G4's matter.
    if set(answer.reasons) - {"full"}:
        confirmed = "referable" in referral.confirmed
        return [
            Finding(
                "G1",
                "referable_warn",
                _("This entry may be out of date; confirm that you have checked by phone."),
                "confirmed",
                blocks=not confirmed,
            )
        ]
    return []


def covered(referral: Referral, _by: User, at: datetime) -> list[Finding]:
    """G2: consent, or a stored legal basis, covers the recipient and every class of the packet."""
    if not referral.data_classes:
        return [
            Finding(
                "G2",
                "packet_empty",
                _("Choose which information the client agrees to give."),
                "classes",
            )
        ]
    lacking = [
        Finding("G2", "required_class", _required(name), f"classes.{name}")
        for name, allowance in disclosure.recipient_allowances(packet.categories(referral)).items()
        if allowance.rule == "required" and name not in referral.data_classes
    ]
    return lacking + [
        Finding("G2", "basis_missing", _uncovered(name), f"classes.{name}")
        for name in missing_classes(referral, at=at)
    ]


def missing_classes(
    referral: Referral, classes: Iterable[str] | None = None, *, at: datetime
) -> list[str]:
    """Return the classes of the packet that nothing permits giving to this recipient now."""
    wanted = referral.data_classes if classes is None else classes
    answers = disclosure.decisions(
        referral.client, packet.recipient(referral), Purpose.REFERRAL, wanted, at
    )
    return [str(name) for name, answer in answers.items() if not answer.allowed]


def _uncovered(name: str) -> str:
    return gettext("No consent covers this: %(kind)s.") % {"kind": DataClass(name).label}


def _required(name: str) -> str:
    return gettext("This recipient cannot work without: %(kind)s.") % {
        "kind": DataClass(name).label
    }


def single(referral: Referral, by: User, at: datetime) -> list[Finding]:
    """G3: no second open referral of the need to this service, and nobody who is related."""
    found = []
    if _has_rival(referral):
        found.append(
            Finding(
                "G3", "duplicate_open", _("This need already has an open referral to this service.")
            )
        )
    if referral.client.conflicts.filter(user=by).exists():
        found.append(
            Finding("G3", "staff_conflict", _("You are related to the client; hand the case over."))
        )
    if _served_lately(referral, at):
        found.append(
            Finding(
                "G3",
                "served_lately",
                _("A service of this kind was used in the last 30 days."),
                blocks=False,
            )
        )
    return found


def _has_rival(referral: Referral) -> bool:
    """Look through the client's own referrals: the key names the need, so no other can hold it."""
    keys = [packet.open_key(referral, need.pk) for need in referral.served]
    others = referral.client.referrals.exclude(pk=referral.pk)
    return bool(others.filter(needs__open_key__in=keys).exists())


def _served_lately(referral: Referral, at: datetime) -> bool:
    same = referral.client.referrals.filter(
        category=referral.category, first_contact_at__gte=at - RECENT
    )
    return bool(same.exclude(pk=referral.pk).exists())


def suitable(referral: Referral, _by: User, _at: datetime) -> list[Finding]:
    """G4: room, area and conditions fit, or the worker says why it is sent all the same."""
    overridden = bool(referral.override_reason)
    found = [
        Finding("G4", code, sentence, "override_reason", blocks=not overridden)
        for code, sentence in _misfits(referral)
    ]
    if referral.channel == Channel.PLATFORM and not _somebody_answers(referral):
        found.append(
            Finding(
                "G4",
                "recipient_absent",
                _("Nobody there answers on the platform; send a link or a printed form."),
                "channel",
            )
        )
    return found


def _misfits(referral: Referral) -> list[tuple[str, str | Promise]]:
    found: list[tuple[str, str | Promise]] = []
    service, client = referral.service, referral.client
    if service is None:
        return found
    listing = catalogue.effective(referral.place or service)
    if listing.availability == Availability.FULL:
        found.append(("full", _("The provider says that it is full.")))
    if not packet.serves(listing, client.area):
        found.append(("out_of_area", _("The client lives outside the area served.")))
    if verdict(packet.fits(service, client)) == FAILS:
        found.append(("not_eligible", _("The client does not meet a published condition.")))
    return found


def _somebody_answers(referral: Referral) -> bool:
    if referral.recipient_org_id is None:
        return False
    return (
        Membership.objects.current()
        .filter(organization=referral.recipient_org_id, role__in=ANSWERING, user__is_active=True)
        .exists()
    )


def unapproved(referral: Referral, _by: User, at: datetime) -> list[Finding]:
    """G5: somebody else looks first when the packet or the case is delicate."""
    return [
        Finding("G5", code, _("A supervisor has to approve this referral first."))
        for code in approval_reasons(referral, at=at)
    ]


def approval_reasons(referral: Referral, *, at: datetime) -> list[str]:
    """Return why somebody has to look first: house rule, delicate data, no consent, long chain."""
    reasons = []
    if SenderRules.objects.filter(
        organization=referral.sender_org_id, always_approve=True
    ).exists():
        reasons.append("house_rule")
    if any(disclosure.is_restricted(name) for name in referral.data_classes):
        reasons.append("restricted_class")
    if referral.priority == "p1" and _rests_on_law(referral, at):
        reasons.append("emergency_without_consent")
    if referral.attempt_no > ATTEMPTS_WITHOUT_APPROVAL:
        reasons.append("long_chain")
    return reasons


def _rests_on_law(referral: Referral, at: datetime) -> bool:
    answers = disclosure.decisions(
        referral.client,
        packet.recipient(referral),
        Purpose.REFERRAL,
        referral.data_classes,
        at,
    )
    return any(isinstance(answer.basis, LegalBasis) for answer in answers.values())


Guard = Callable[[Referral, User, datetime], list[Finding]]
GUARDS: dict[str, Guard] = {
    "G1": complete,
    "G2": covered,
    "G3": single,
    "G4": suitable,
    "G5": unapproved,
}
