"""The notice that is read before somebody consents, with names filled in."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from core.jobs import now
from directory.catalogue.models import Organization, Phone, Service, TaxonomyTerm
from directory.catalogue.states import Audience
from referrals.casefiles.disclosure import CLASSES, recipient_of
from referrals.casefiles.disclosure.decide import Recipient
from referrals.casefiles.disclosure.notice import filled
from referrals.casefiles.models import Client, Consent, ConsentScope, ConsentText
from referrals.casefiles.queries.words import NEEDS
from referrals.casefiles.states import ANY, DataClass, RecipientKind

LANGUAGES = ("zh-Hans", "en")


def text_for(purpose: str, language: str) -> ConsentText | None:
    """Return the published notice, in Chinese where the language has none."""
    wanted = "zh-Hans" if language.lower().startswith("zh") else language
    found = ConsentText.objects.in_force(purpose, wanted, now())
    return found or ConsentText.objects.in_force(purpose, LANGUAGES[0], now())


def read_out(
    text: ConsentText,
    client: Client,
    *,
    recipients: Iterable[str],
    classes: Iterable[str],
    until: datetime | None,
) -> str:
    """Return the notice as it is read to the client, in the language of its text."""
    with translation.override(text.language.lower()):
        organization = client.organization
        kinds = [_class_words(name) for name in classes]
        return filled(
            text.body,
            {
                "handler": organization.text("name")[0],
                "contact": contact_words(organization),
                "recipient": _(", ").join(recipients),
                "classes": "\n".join(f"· {words}" for words in kinds) or _("none"),
                "until": f"{until:%Y-%m-%d}" if until else _("further notice"),
                "retention": retention_words(client),
            },
        )


def as_given(consent: Consent, language: str) -> str:
    """Return the notice of a consent in either language, under the version that was read."""
    text = consent.text
    if text.language.lower() != language.lower():
        same = ConsentText.objects.filter(purpose=text.purpose, number=text.number)
        text = next((one for one in same if one.language.lower() == language.lower()), text)
    scopes = list(consent.scopes.all())
    with translation.override(text.language.lower()):
        recipients = dict.fromkeys(recipient_words(scope) for scope in scopes)
    return read_out(
        text,
        consent.client,
        recipients=recipients,
        classes=[scope.data_class for scope in scopes if scope.decision == "permit"],
        until=consent.expires_at,
    )


def contact_words(organization: Organization) -> str:
    """Return how the handler is reached: published numbers, mail, address on the web."""
    phones = Phone.objects.filter(organization=organization, audience=Audience.PUBLIC)
    parts = [phone.number for phone in phones[:2]]
    parts += [organization.email, organization.website]
    return _(", ").join(part for part in parts if part) or organization.text("name")[0]


def retention_words(client: Client) -> str:
    """Say how long the file is kept."""
    case = client.cases.first()
    if case is not None and case.retention_class == "case_minor":
        return _("The file is kept until five years after closing and after the age of 18.")
    return _("The file is kept for five years after closing.")


def recipient_words(scope: ConsentScope) -> str:
    """Name whom a scope means."""
    return name_of(scope.recipient_kind, scope.recipient_uid)


def name_of(kind: str, uid: str) -> str:
    """Name a recipient by kind and uid; one that is gone keeps its kind."""
    if kind == RecipientKind.ANY:
        return _("anybody who can help")
    if kind == RecipientKind.CATEGORY:
        term = TaxonomyTerm.objects.filter(taxonomy__code=NEEDS, code=uid).first()
        name = term.text("name")[0] if term else uid
        return _("providers of “%(category)s”") % {"category": name}
    found = _found(kind, uid)
    if found is None:
        return str(RecipientKind(kind).label)
    if isinstance(found, Service):
        provider = found.organization.text("name")[0]
        return f"{provider} · {found.text('name')[0]}"
    return found.text("name")[0]


def recipient_from(kind: str, uid: str) -> Recipient | None:
    """Return a recipient by kind and uid as pages and programs name it."""
    if kind == RecipientKind.ANY:
        return Recipient(RecipientKind.ANY, "")
    if kind == RecipientKind.CATEGORY:
        known = TaxonomyTerm.objects.filter(taxonomy__code=NEEDS, code=uid).exists()
        return Recipient(RecipientKind.CATEGORY, uid) if known else None
    if kind == RecipientKind.CONFERENCE and _is_uid(uid):
        return Recipient(RecipientKind.CONFERENCE, uid)
    found = _found(kind, uid)
    return recipient_of(found) if found else None


def categories_of(recipient: Recipient) -> list[str]:
    """Return the leaves of a recipient, by which its policy is looked up."""
    own = [recipient.uid] if recipient.kind == RecipientKind.CATEGORY else []
    codes = {uid for kind, uid in recipient.within if kind == RecipientKind.CATEGORY}
    return own + sorted(code for code in codes if len(code) > 2)


def _class_words(name: str) -> str:
    if name == ANY:
        return _("everything that is not sensitive")
    label = DataClass(name).label
    if CLASSES[DataClass(name)].sensitive:
        return _("%(kind)s (sensitive)") % {"kind": label}
    return str(label)


def _found(kind: str, uid: str) -> Service | Organization | None:
    if not _is_uid(uid):
        return None
    if kind == RecipientKind.SERVICE:
        return Service.objects.filter(uid=uid).select_related("organization").first()
    return (
        Organization.objects.filter(uid=uid).first() if kind == RecipientKind.ORGANIZATION else None
    )


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
