"""Papers to bring, prices, links and accessibility of a page, in one statement."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import CharField, F, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from directory.catalogue.models import Accessibility, CostOption, RequiredDocument, Url

# What each table gives to the common columns: two texts, a link, and a number in writing.
COLUMNS: Final[dict[type[Model], tuple[str, str, str, str]]] = {
    CostOption: ("option", "amount_description", "currency", "amount"),
    RequiredDocument: ("document", "certificate_of", "uri", ""),
    Url: ("label", "", "url", ""),
    Accessibility: ("description", "details", "url", ""),
}
KINDS: Final = {model.__name__: model for model in COLUMNS}


def notes(
    service_id: int, organization_id: int, location_ids: Iterable[int]
) -> dict[type[Model], list[Any]]:
    """Return the small rows of a listing by table, as unsaved rows that can only be read."""
    found: dict[type[Model], list[Any]] = {model: [] for model in COLUMNS}
    held = {
        CostOption: Q(service=service_id),
        RequiredDocument: Q(service=service_id),
        Url: Q(service=service_id) | Q(organization=organization_id),
        Accessibility: Q(location__in=list(location_ids)),
    }
    parts = [_columns(model, condition) for model, condition in held.items()]
    for kind, pk, language, translations, *values in parts[0].union(*parts[1:], all=True):
        model = KINDS[kind]
        texts = {name: value for name, value in zip(COLUMNS[model], values, strict=True) if name}
        if "amount" in texts:
            texts["amount"] = texts["amount"] or None
        row: Any = model(pk=pk, language=language, translations=translations, **texts)
        found[model].append(row)
    return {model: sorted(rows, key=lambda row: row.pk) for model, rows in found.items()}


def _columns(model: type[Any], condition: Q) -> "QuerySet[Any, Any]":
    texts = [_text(name) for name in COLUMNS[model]]
    rows = model.objects.filter(condition).order_by()
    kind = Value(model.__name__, output_field=CharField())
    return rows.values_list(kind, "pk", "language", "translations", *texts)  # type: ignore[no-any-return]  # the model is any of four


def _text(name: str) -> Any:
    return Cast(F(name), TextField()) if name else Value("", output_field=TextField())
