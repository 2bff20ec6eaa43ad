"""The words listings are sorted by: terms, and the codes whose labels people may edit."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict
from core.jobs import now
from directory.catalogue import guards
from directory.catalogue.models import Attribute, Code, Taxonomy, TaxonomyTerm
from directory.catalogue.operations import listing
from directory.catalogue.operations.batch import Batch
from directory.catalogue.operations.writing import fill
from directory.catalogue.signals import Outcome


def add_taxonomy(*, by: User, values: Mapping[str, Any]) -> Taxonomy:
    """Enter a further vocabulary."""
    by.must(Permission.DIRECTORY_SETTINGS)
    taxonomy = Taxonomy()
    with audited(by=by, action="taxonomy.create", on=taxonomy):
        batch = Batch(by=by, event="create", reason="taxonomy:")
        fill(batch, taxonomy, dict(values), by=by)
        batch.write()
    return taxonomy


def add_term(*, by: User, values: Mapping[str, Any]) -> TaxonomyTerm:
    """Enter a term; its code is its name for ever and is not given twice."""
    by.must(Permission.DIRECTORY_SETTINGS)
    term = TaxonomyTerm()
    with audited(by=by, action="taxonomy.term", on=term):
        batch = Batch(by=by, event="create", reason="term:")
        fill(batch, term, dict(values), by=by)
        batch.write()
    return term


def change(
    target: Taxonomy | TaxonomyTerm, *, by: User, changes: Mapping[str, Any], base_version: int
) -> Outcome:
    """Change a vocabulary or a term; its code is fixed once listings use it."""
    by.must(Permission.DIRECTORY_SETTINGS)
    if "code" in changes and isinstance(target, TaxonomyTerm) and target.attributes.exists():
        raise Conflict(_("Listings use this code; give the term another name instead."))
    with audited(by=by, action="taxonomy.change", on=target):
        live = listing.write(
            target, by=by, changes=changes, base_version=base_version, reason="taxonomy:"
        )
    return Outcome(live=live)


def retire(term: TaxonomyTerm, *, by: User, successor: TaxonomyTerm) -> int:
    """Replace a term by another; every listing that used it is tagged anew in the same act."""
    by.must(Permission.DIRECTORY_SETTINGS)
    if term.pk == successor.pk or successor.retired_by_id is not None:
        raise Conflict(_("The term that replaces it is retired itself."))
    with audited(by=by, action="taxonomy.retire", on=term, successor=str(successor.uid)):
        batch = Batch(by=by, event="retire", reason=f"retire:{term.uid}")
        batch.change(term, retired_by=successor)
        taken = set(
            Attribute.objects.filter(term=successor).values_list("link_uid", "link_type", "value")
        )
        rows = list(Attribute.objects.filter(term=term))
        for row in rows:
            if (row.link_uid, row.link_type, row.value) in taken:
                batch.remove(row)
            else:
                batch.change(row, term=successor)
        batch.write()
    return len(rows)


def rename_code(
    code: Code, *, by: User, name: str, translations: Mapping[str, Any] | None = None
) -> Code:
    """Change the label of a code; the code itself never changes."""
    by.must(Permission.SETTINGS_EDIT)
    with audited(by=by, action="code.rename", set=code.set, code=code.code):
        code.name = guards.cleaned(Code, "name", name, "name")
        if translations is not None:
            code.translations = dict(translations)
        code.save(update_fields=["name", "translations"])
    return code


def add_code(
    *,
    by: User,
    set: str,  # noqa: A002  # the column's name
    code: str,
    name: str,
    translations: Mapping[str, Any] | None = None,
) -> Code:
    """Add a code to a set, behind those that are there."""
    by.must(Permission.SETTINGS_EDIT)
    last = Code.objects.filter(set=set).count()
    row = Code(set=set, code=code, name=name, translations=dict(translations or {}), order=last)
    with audited(by=by, action="code.add", set=set, code=code):
        if Code.objects.filter(set=set, code=code).exists():
            raise Conflict(_("This code is in use already."))
        row.save()
    return row


def retire_code(code: Code, *, by: User) -> Code:
    """Take a code off the forms; rows that hold it keep and show it."""
    by.must(Permission.SETTINGS_EDIT)
    with audited(by=by, action="code.retire", set=code.set, code=code.code):
        code.retired_at = code.retired_at or now()
        code.save(update_fields=["retired_at"])
    return code
