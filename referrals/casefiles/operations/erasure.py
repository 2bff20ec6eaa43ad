"""Erasing a person: the key is destroyed, what stays are codes, dates and numbers."""

from collections.abc import Iterator

from django.apps import apps
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited, idempotency, message
from accounts.permissions import Permission
from core import crypto
from core.crypto import EncryptedJSONField, EncryptedTextField
from core.jobs import now
from core.models import AppendOnly
from core.safeguards import safeguard
from referrals.casefiles.errors import ErasureRefused
from referrals.casefiles.models import Client, ClientKey, ClientPhone, OfClientRecord
from referrals.casefiles.signals import client_erased
from referrals.casefiles.states import CaseState

# What searches and lists could still find a person by.
INDEXES = ("name_bidx", "pseudonym_bidx", "id_bidx")
# Facts in clear that say more about one person than a count may.
TRAITS: dict[str, list[str] | None] = {
    "languages": [],
    "populations": [],
    "risks": [],
    "household_registration_area": None,
}


def blockers(client: Client) -> list[str]:
    """Return what stands against erasing this client: `erased`, `legal_hold`, `case_open`."""
    found = []
    if client.erased_at is not None:
        found.append("erased")
    if client.cases.filter(legal_hold=True).exists():
        found.append("legal_hold")
    if client.cases.filter(state=CaseState.OPEN).exists():
        found.append("case_open")
    return found


def erase(client: Client, *, by: User) -> Client:
    """Make everything that was said about a person unreadable for good.

    Logs stay whole: their sealed words are dead with the key. Upper applications delete theirs in
    the same transaction; one that still needs the person refuses by raising.
    """
    with audited(by=by, action="client.erase", on=client, client=client):
        by.must(Permission.PRIVACY_HANDLE, client.organization_id)
        locked = Client._base_manager.select_for_update(no_key=True).get(pk=client.pk)
        if stands := blockers(locked):
            raise ErasureRefused(
                _("This file cannot be erased now."),
                errors=[{"field": "", "code": code, "detail": code} for code in stands],
            )
        at = now()
        _destroy_key(locked, at)
        _empty(locked)
        Client._base_manager.filter(pk=locked.pk).update(
            erased_at=at,
            updated_at=at,
            **dict.fromkeys([*_sealed(Client), *INDEXES], ""),
            **TRAITS,
        )
        message.forget(locked)
        idempotency.forget(locked)
        client_erased.send(Client, client=locked)
    client.refresh_from_db()
    return client


def hold(client: Client, *, by: User, held: bool) -> None:
    """Keep a file from being erased while a court or an authority may ask for it, or let it go."""
    with audited(by=by, action="client.hold", on=client, client=client, held=held):
        by.must(Permission.PRIVACY_HANDLE, client.organization_id)
        client.cases.update(legal_hold=held)


def _destroy_key(client: Client, at: object) -> None:
    if safeguard("key_destroy"):
        ClientKey.objects.filter(pk=client.key_id).update(wrapped="", destroyed_at=at)
        crypto.forget(client.data_key_id)


def _empty(client: Client) -> None:
    """Take the words out of the rows that may change, and the scans out of the store."""
    for consent in client.consents.exclude(evidence=""):
        consent.evidence.delete(save=False)
    client.consents.update(evidence="", evidence_type="")
    ClientPhone._base_manager.filter(client=client).delete()
    for model in _models():
        path = model.objects.none().client_path  # type: ignore[attr-defined]  # all are OfClient
        if columns := _sealed(model):
            rows = model._base_manager.filter(**{path: client})
            rows.update(**dict.fromkeys(columns, ""))


def _models() -> Iterator[type[OfClientRecord]]:
    for model in apps.get_app_config("casefiles").get_models():
        if issubclass(model, OfClientRecord) and not issubclass(model, AppendOnly):
            yield model


def _sealed(model: type) -> list[str]:
    """Return the columns of sealed text; a sealed structure stays, dead, to keep its shape."""
    return [
        field.name
        for field in model._meta.concrete_fields  # type: ignore[attr-defined]  # a model
        if isinstance(field, EncryptedTextField) and not isinstance(field, EncryptedJSONField)
    ]
