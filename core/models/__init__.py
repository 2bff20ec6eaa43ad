"""Abstract tables that every application builds on."""

from core.models.append_only import AppendOnly, append_only_models, guard, missing_guards
from core.models.creation import CreateModels
from core.models.indexes import AddIndexOnline
from core.models.records import Record, Translated, Versioned
from core.models.scoped import ScopedModel, ScopedQuerySet, unscoped

__all__ = [
    "AddIndexOnline",
    "AppendOnly",
    "CreateModels",
    "Record",
    "ScopedModel",
    "ScopedQuerySet",
    "Translated",
    "Versioned",
    "append_only_models",
    "guard",
    "missing_guards",
    "unscoped",
]
