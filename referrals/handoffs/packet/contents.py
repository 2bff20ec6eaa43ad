"""The full packet: class by class what policy, consent and the worker's tick leave of the file."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from directory.catalogue.models import Attribute
from directory.catalogue.states import LinkType
from referrals.casefiles import disclosure
from referrals.casefiles.disclosure.classes import WRITTEN_FIELD
from referrals.casefiles.queries import packets as files
from referrals.casefiles.states import DataClass, PolicyRule, RecipientKind
from referrals.handoffs.models import Referral

Body = dict[str, dict[str, Any]]


def recipient(referral: Referral) -> disclosure.Recipient:
    """Name the recipient with everything that contains it, as scopes of consent do."""
    if referral.service is not None:
        return disclosure.recipient_of(referral.service)
    contact = referral.off_platform_contact
    if contact is not None and contact.organization is not None:
        return disclosure.recipient_of(contact.organization)
    category = referral.category
    within = frozenset((RecipientKind.CATEGORY, part) for part in (category, category[:2]))
    # Somebody whose name is still being typed has no number, so no consent names them yet.
    return disclosure.Recipient(
        RecipientKind.ORGANIZATION, str(contact.uid) if contact else "", within
    )


def open_key(referral: Referral, need_id: int) -> str:
    """Return what may exist once among open referrals: the need and its recipient."""
    if referral.service_id is not None:
        return f"{need_id}:{referral.service_id}"
    return f"{need_id}:c{referral.off_platform_contact_id}"


def categories(referral: Referral) -> list[str]:
    """Return the leaves that decide what the recipient may be given."""
    if referral.service is None:
        return [referral.category]
    leaves = Attribute.objects.filter(
        service=referral.service, link_type=LinkType.SERVICE_TYPE, term__isnull=False
    )
    return sorted(leaves.values_list("term__code", flat=True)) or [referral.category]


def fields(referral: Referral) -> Mapping[DataClass, tuple[str, ...]]:
    """Return the fields of each ticked class that the recipient's category may have."""
    allowed = disclosure.recipient_allowances(categories(referral))
    return {
        name: allowed[name].fields
        for name in map(DataClass, referral.data_classes)
        if allowed[name].rule != PolicyRule.NEVER
    }


def full(referral: Referral) -> Body:
    """Fill the fields from the file; what the worker wrote for this recipient comes first."""
    held = files.facts(referral.client, referral.served)
    body: Body = {}
    for name, wanted in fields(referral).items():
        values = dict(held.get(name, {}))
        if referral.details.get(name) and name in WRITTEN_FIELD:
            values[WRITTEN_FIELD[name]] = referral.details[name]
        body[name.value] = {field: values[field] for field in wanted if values.get(field)}
    return body


def digest(body: object) -> str:
    """Return the fingerprint by which a reading names what was read."""
    text = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
