"""May this recipient have this class of data now? The order of arguments, without a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.casefiles.disclosure.classes import is_restricted, is_sensitive
from referrals.casefiles.states import ANY, ConsentStatus, RecipientKind, ScopeDecision

K = RecipientKind
# How narrow a scope is; a conference is as narrow as a service.
BREADTH = {K.SERVICE: 0, K.CONFERENCE: 0, K.ORGANIZATION: 1, K.CATEGORY: 2, K.ANY: 3}
NAMED = frozenset({K.SERVICE, K.CONFERENCE, K.ORGANIZATION})


class Refusal(TextChoices):
    """Why the answer is no."""

    DENIED = "denied", _("The client has forbidden giving this to this recipient.")
    NO_BASIS = "no_basis", _("No consent and no legal basis covers this.")
    NOT_SEPARATE = "not_separate", _("This is sensitive and needs a separate consent of its own.")
    TOO_BROAD = "too_broad", _("This is restricted: the consent must name the recipient.")


@dataclass(frozen=True)
class Recipient:
    """Somebody that data may go to, together with everything that contains them."""

    kind: RecipientKind
    uid: str
    within: frozenset[tuple[RecipientKind, str]] = field(default_factory=frozenset)

    @property
    def reach(self) -> frozenset[tuple[str, str]]:
        """Return every (kind, uid) by which a scope may mean this recipient."""
        own = {(self.kind.value, self.uid), (K.ANY.value, "")}
        return frozenset(own | {(kind.value, uid) for kind, uid in self.within})


class ConsentLike(Protocol):
    """What the decision reads of a consent."""

    @property
    def status(self) -> str: ...
    @property
    def given_at(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...


class ScopeLike(Protocol):
    """What the decision reads of a scope."""

    @property
    def consent(self) -> ConsentLike: ...
    @property
    def purpose(self) -> str: ...
    @property
    def recipient_kind(self) -> str: ...
    @property
    def recipient_uid(self) -> str: ...
    @property
    def data_class(self) -> str: ...
    @property
    def decision(self) -> str: ...
    @property
    def separate_consent(self) -> bool: ...


class BasisLike(Protocol):
    """What the decision reads of a legal basis."""

    @property
    def recipients(self) -> list[str]: ...
    @property
    def data_classes(self) -> list[str]: ...
    @property
    def approved_at(self) -> datetime | None: ...
    @property
    def until(self) -> datetime: ...


S = TypeVar("S", bound=ScopeLike)
B = TypeVar("B", bound=BasisLike)
G = TypeVar("G")


@dataclass(frozen=True)
class Question:
    """For what, to whom, which class, when, and whether every class counts as sensitive."""

    recipient: Recipient
    purpose: str
    data_class: str
    at: datetime
    under_14: bool = False


@dataclass(frozen=True)
class Decision(Generic[G]):
    """The answer with its ground: the scope or legal basis, or why not."""

    allowed: bool
    basis: G | None = None
    reason: str = ""

    @property
    def sentence(self) -> str | Promise:
        """Say the refusal in words that are safe to show."""
        return Refusal(self.reason).label if self.reason else ""


def decide(question: Question, scopes: Iterable[S], bases: Iterable[B]) -> Decision[S | B]:
    """Answer by the fixed order: a deny ends it; the narrowest permit; a legal basis; else no.

    A narrow permit without the separate tick is not replaced by a wider one that has it:
    what the client said about this recipient counts, not what was once said about all.
    """
    matching = [scope for scope in scopes if _matches(scope, question)]
    if any(scope.decision == ScopeDecision.DENY for scope in matching):
        return Decision(allowed=False, reason=Refusal.DENIED)
    refusal = Refusal.NO_BASIS
    if matching:
        permit = min(matching, key=_specificity)
        flaw = _flaw(permit, question)
        if flaw is None:
            return Decision(allowed=True, basis=permit)
        refusal = flaw
    for basis in bases:
        if _names(basis, question):
            return Decision(allowed=True, basis=basis)
    return Decision(allowed=False, reason=refusal)


def _matches(scope: ScopeLike, question: Question) -> bool:
    consent = scope.consent
    return (
        consent.status == ConsentStatus.ACTIVE
        and consent.given_at is not None
        and consent.given_at <= question.at
        and consent.expires_at is not None
        and question.at < consent.expires_at
        and scope.purpose == question.purpose
        and (scope.recipient_kind, scope.recipient_uid) in question.recipient.reach
        and scope.data_class in {question.data_class, ANY}
    )


def _specificity(scope: ScopeLike) -> tuple[int, bool, bool]:
    return (
        BREADTH[RecipientKind(scope.recipient_kind)],
        scope.data_class == ANY,
        not scope.separate_consent,
    )


def _flaw(permit: ScopeLike, question: Question) -> Refusal | None:
    sensitive = is_sensitive(question.data_class, under_14=question.under_14)
    if sensitive and not (permit.data_class != ANY and permit.separate_consent):
        return Refusal.NOT_SEPARATE
    if is_restricted(question.data_class) and permit.recipient_kind not in NAMED:
        return Refusal.TOO_BROAD
    return None


def _names(basis: BasisLike, question: Question) -> bool:
    named = {f"{kind}:{uid}" for kind, uid in question.recipient.reach if kind in NAMED}
    return (
        basis.approved_at is not None
        and basis.approved_at <= question.at < basis.until
        and question.data_class in basis.data_classes
        and not named.isdisjoint(basis.recipients)
    )
