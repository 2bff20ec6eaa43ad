"""Model fields whose column holds sealed text only."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import checks
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core.crypto.keys import seal, unseal


class Sealed(str):
    """A sealed token, as it stands in the column and in `values()`."""

    __slots__ = ()


class _Opening(DeferredAttribute):
    """Opens a value when it is first read: only here are the row and its uid known."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self.field.unsealed(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that is sealed on the way into the database and opened when somebody reads it.

    The key is the one that `instance.data_key_id` names, by default the ring's. The token is bound
    to model, field and uid of the row; a value that cannot be opened raises.
    """

    descriptor_class = _Opening

    def deconstruct(self) -> Any:
        """Name the class in migrations by where others import it from."""
        name, path, args, kwargs = super().deconstruct()
        return name, path.replace("core.crypto.fields.", "core.crypto."), args, kwargs

    def from_db_value(self, value: str | None, *_context: object) -> str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001  # Django's
        # Past the descriptor: what nobody has opened is written back as it came.
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed) or hasattr(value, "resolve_expression"):
            return value
        plain = self.to_bytes(value)
        if not plain:
            return ""
        key_id = getattr(model_instance, "data_key_id", "") or ""
        return Sealed(seal(plain, self._place(model_instance), key_id=str(key_id)))

    def get_prep_value(self, value: Any) -> Any:
        # `update()` and `bulk_update()` come without a row, so they cannot seal.
        if value is None or value == "" or isinstance(value, Sealed):
            return value
        if hasattr(value, "resolve_expression"):
            return value
        raise TypeError(f"{self} takes plain text by save() or create() only")

    def value_to_string(self, obj: models.Model) -> str:
        return self.pre_save(obj, add=False) or ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted and cannot be searched; use a blind index")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self} is encrypted and cannot be searched; use a blind index")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or self.db_index:  # type: ignore[attr-defined]  # the stubs forget it
            found.append(checks.Error("An encrypted field takes no index.", obj=self))
        if not any(field.name == "uid" for field in self.model._meta.fields):
            found.append(checks.Error("Encrypted fields need a Record (uid).", obj=self))
        if hasattr(self.model, "history"):
            found.append(checks.Error("History would outlive an encrypted row.", obj=self))
        return found

    def to_bytes(self, value: Any) -> bytes:
        """Return what is sealed; nothing is stored for nothing."""
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        """Return the value that was sealed."""
        return plain.decode()

    def unsealed(self, token: str, instance: models.Model) -> Any:
        """Open the token in the row it belongs to."""
        return self.from_bytes(unseal(token, self._place(instance)))

    def _place(self, instance: models.Model) -> bytes:
        label = self.model._meta.label_lower
        return f"{label}.{self.name}.{instance.uid}".encode()  # type: ignore[attr-defined]  # Record


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that is sealed as a whole."""

    if TYPE_CHECKING:
        # What the types of Django read in place of the class's own parameters.
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)

    def to_python(self, value: Any) -> Any:
        return value

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": forms.JSONField} | kwargs)
