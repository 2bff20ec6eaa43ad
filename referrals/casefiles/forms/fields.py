"""Fields of our own: words that mean a row, dates as people write them, a signed page."""

import base64
import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django import forms
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, UnidentifiedImageError

from accounts.models import User
from core.errors import DomainError
from core.text import fold
from directory.geography import queries as geography
from directory.geography.models import Area

T = TypeVar("T")
MAX_UPLOAD = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
# 2024.3.5, 2024-03-05, 20240305, 2024年3月5日
BIRTH = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?")


class OperationForm(forms.Form):
    """A form whose operation may still say no: its sentence goes to the field it names."""

    def choose_from(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set the choices of a field that come from the database."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def choose_rows(self, name: str, rows: QuerySet[Any]) -> None:
        """Set the rows that a field offers."""
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def take(self, error: DomainError) -> bool:
        """Put a refusal where the user can correct it; other refusals are not the form's."""
        if error.status not in {409, 422}:
            return False
        named = [row for row in error.errors if row.get("field") in self.fields]
        for row in named:
            self.add_error(str(row["field"]), str(row.get("detail") or error.message))
        if not named:
            self.add_error(None, str(error.message))
            for row in error.errors:
                if row.get("detail") and str(row["detail"]) != str(error.message):
                    self.add_error(None, str(row["detail"]))
        return True


class DayField(forms.DateField):
    """A day, from a picker or typed as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Read the usual Chinese and computer forms."""
        if isinstance(value, str) and (match := BIRTH.fullmatch(fold(value.strip()))):
            try:
                return date(*map(int, match.groups()))
            except ValueError as error:
                raise forms.ValidationError(self.error_messages["invalid"]) from error
        found: date | None = super().to_python(value)
        return found


class WordsField(forms.CharField, Generic[T]):
    """Words that mean one row; without script they are looked up when the form is sent."""

    def __init__(self, *, find: Callable[[str], list[tuple[T, str]]], **kwargs: Any) -> None:
        """Keep how rows are found: whole matches first, each with the words it is shown by."""
        super().__init__(max_length=200, **kwargs)
        self.find = find

    def clean(self, value: Any) -> Any:
        """Return the row that the words name, or the ones they might mean."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = self.find(text)
        whole = [row for row, words in found if fold(words) == fold(text)]
        if len(whole) == 1 or len(found) == 1:
            return whole[0] if whole else found[0][0]
        if not found:
            raise forms.ValidationError(_("Nothing of that name is known."))
        words = _(", ").join(words for _row, words in found[:6])
        raise forms.ValidationError(_("Which one? %(words)s") % {"words": words})


def find_areas(text: str) -> list[tuple[Area, str]]:
    """Return the areas that somebody may mean, each with what it lies in."""
    if text.isdigit():
        area = geography.by_code(text).area
        return [(area, geography.label(area))] if area else []
    last = text.rsplit(maxsplit=1)[-1] if text.split() else text
    found = [one.area for one in geography.near_candidates(last) if one.area is not None]
    rows = [(area, geography.label(area)) for area in found]
    whole = [row for row in rows if fold(row[1]) == fold(text)]
    return whole or rows


class EvidenceField(forms.FileField):
    """A signed page: PDF or picture, by its content."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"

    def to_python(self, data: "UploadedFile[bytes] | None") -> "Evidence | None":  # type: ignore[override]  # a checked page instead of the upload
        """Return the checked content and its true type."""
        upload = super().to_python(data)
        if upload is None:
            return None
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return checked(upload.read())


class Evidence(NamedTuple):
    """What is kept of a signed page."""

    file: File[bytes]
    content_type: str


def checked(content: bytes) -> Evidence:
    """Tell the type by the content, never by the name; a picture must be readable."""
    kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), "")
    if not kind:
        raise forms.ValidationError(_("Only PDF, JPEG and PNG files can be kept."))
    if kind == "application/pdf":
        return Evidence(ContentFile(content), kind)
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > MAX_PIXELS:
            raise forms.ValidationError(_("The picture is too large."))
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise forms.ValidationError(_("The picture cannot be read.")) from error
    return Evidence(ContentFile(content), kind)


class SignatureField(forms.Field):
    """A drawing from the signature pad, sent as a data address."""

    def to_python(self, value: Any) -> "Evidence | None":
        """Return the drawing, none where nothing was drawn."""
        _head, _comma, body = str(value or "").partition(",")
        if not body:
            return None
        try:
            return checked(base64.b64decode(body, validate=True))
        except ValueError as error:
            raise forms.ValidationError(_("The signature cannot be read.")) from error


class ColleagueField(forms.ModelChoiceField[User]):
    """Somebody who works with files of an organization."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), empty_label="-", **kwargs)


OPTIONAL_TEXT: dict[str, Any] = {"required": False, "max_length": 4000}
NEUTRAL = gettext_lazy("Write facts, no labels.")
