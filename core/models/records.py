"""What rows have in common: a public name, a version, texts in several languages."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.jobs import now


class Record(models.Model):
    """A row with a public name: `id` stays inside, `uid` goes out."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that two people may edit: `version` is its ETag and its compare-and-set."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Translated(models.Model):
    """A row with a base text in `language` and other languages beside it."""

    language = models.CharField(_("language"), max_length=35, default="zh-Hans")
    translations = models.JSONField(default=dict, blank=True)
    translation_meta = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def text(self, field: str, language: str | None = None) -> tuple[str, str]:
        """Return the text and its language: what was asked for, else the base text, never blank."""
        base = getattr(self, field)
        wanted = (language or get_language() or self.language).lower()
        primary = wanted.split("-", 1)[0]
        if base and self.language.lower() in {wanted, primary}:
            return base, self.language
        told = {tag: texts[field] for tag, texts in self.translations.items() if texts.get(field)}
        # The very language first, then its relatives (zh-Hant for zh-Hans).
        for tag in sorted(told, key=lambda tag: tag.lower() not in {wanted, primary}):
            if tag.lower() == wanted or tag.lower().split("-", 1)[0] == primary:
                return told[tag], tag
        if not base and told:
            tag = min(told)
            return told[tag], tag
        return base, self.language
