"""What waits on a worker's desk from the files."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core.jobs import now, today
from referrals.casefiles.models import BreakGlass, CaseFile, CaseTransfer, Client, Consent, Need
from referrals.casefiles.states import NeedStatus

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """One thing to do: what, for which file, until when, and the page where it is done."""

    kind: str
    label: str | Promise
    action: str | Promise
    due: date | None
    url_name: str
    uid: object
    client: Client | None = None
    need: Need | None = None


def my_work(user: User) -> list[Work]:
    """Return what the user's own files ask for, the longest overdue first."""
    found = [*_needs(user), *_consents(user), *_cases(user), *_offers(user), *_emergencies(user)]
    return sorted(found, key=lambda work: (work.due or date.max, work.kind, str(work.uid)))


def _needs(user: User) -> list[Work]:
    mine: Any = Need.objects.visible_to(user).filter(
        client__in=Client.objects.caseload_of(user).values("pk")
    )
    rows = mine.select_related("client", "category")
    unmet = rows.filter(status=NeedStatus.UNMET, review_on__lte=today() + timedelta(days=7))
    waiting = rows.filter(status=NeedStatus.OPEN)
    return [
        Work(
            "need_review",
            _("Unmet need: look again"),
            _("Look again"),
            need.review_on,
            "casefiles:need",
            need.uid,
            need.client,
            need,
        )
        for need in unmet
    ] + [
        Work(
            "need_open",
            _("Need without help so far"),
            _("Find help"),
            need.deadline,
            "handoffs:find",
            need.uid,
            need.client,
            need,
        )
        for need in waiting
    ]


def _consents(user: User) -> list[Work]:
    rows: Any = Consent.objects.visible_to(user).filter(
        client__in=Client.objects.caseload_of(user).values("pk")
    )
    ending = rows.in_force(now()).filter(expires_at__lte=now() + SOON).select_related("client")
    return [
        Work(
            "consent_ends",
            _("Consent ends"),
            _("Ask again"),
            _day(consent.expires_at),
            "casefiles:consents",
            consent.client.uid,
            consent.client,
        )
        for consent in ending
    ]


def _cases(user: User) -> list[Work]:
    rows: Any = CaseFile.objects.visible_to(user).open().filter(responsible=user)
    due = rows.filter(next_review_on__lte=today() + timedelta(days=7)).select_related("client")
    return [
        Work(
            "case_review",
            _("Review of the case"),
            _("Review the case"),
            case.next_review_on,
            "casefiles:client",
            case.client.uid,
            case.client,
        )
        for case in due
    ]


def _offers(user: User) -> list[Work]:
    rows: Any = CaseTransfer.objects.offered_to(user)
    return [
        Work(
            "transfer",
            _("A colleague offers you a case"),
            _("Answer the offer"),
            None,
            "casefiles:transfer",
            offer.uid,
        )
        for offer in rows
    ]


def _emergencies(user: User) -> list[Work]:
    if not (user.may(Permission.ACCESS_APPROVE) or user.may(Permission.PRIVACY_HANDLE)):
        return []
    rows: Any = BreakGlass.objects.visible_to(user).unreviewed().exclude(user=user)
    return [
        Work(
            "break_glass",
            _("Emergency access to be judged"),
            _("Judge the access"),
            _day(opening.review_due_at),
            "casefiles:access",
            "",
        )
        for opening in rows
    ]


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
