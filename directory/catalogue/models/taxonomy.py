"""The words listings are sorted by: taxonomies, terms, their use, and editable codes."""

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models.location import Location, ServiceAtLocation
from directory.catalogue.models.organization import Organization
from directory.catalogue.models.record import Child, Root, known
from directory.catalogue.models.service import Service
from directory.catalogue.states import LinkType, Polarity


class Taxonomy(Root):
    """A vocabulary."""

    # By which our own code finds a vocabulary; foreign ones have none.
    code = models.SlugField(max_length=60, blank=True)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    uri = models.CharField(max_length=1000, blank=True)
    vocabulary_version = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = _("taxonomies")
        ordering = ["pk"]
        indexes = [models.Index(fields=["last_modified", "id"], name="taxonomy_modified")]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="taxonomy_code_is_unique", condition=~models.Q(code="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class TermQuerySet(models.QuerySet["TaxonomyTerm"]):
    def current(self) -> Self:
        """Keep terms that may still be chosen."""
        return self.filter(retired_by__isnull=True, deleted_at__isnull=True)

    def under(self, terms: "models.QuerySet[TaxonomyTerm]") -> Self:
        """Keep the given terms and everything below them."""
        found = models.Q(pk__in=terms)
        for path in terms.values_list("path", flat=True):
            found |= models.Q(path__startswith=path)
        return self.filter(found)


class TaxonomyTerm(Root):
    """One word of a vocabulary, with its place in the tree."""

    taxonomy = models.ForeignKey(
        Taxonomy, models.PROTECT, null=True, blank=True, related_name="terms"
    )
    # The vocabulary as foreign records name it, where they give no more than a word.
    taxonomy_name = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    term_uri = models.CharField(max_length=1000, blank=True)
    # Ancestors' and own primary keys: `/3/17/`.
    path = models.CharField(max_length=255, blank=True, db_index=True, editable=False)
    retired_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="retired", editable=False
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["code", "pk"]
        indexes = [models.Index(fields=["last_modified", "id"], name="term_modified")]
        constraints = [
            models.UniqueConstraint(
                fields=["taxonomy", "code"],
                name="term_code_is_unique",
                condition=~models.Q(code=""),
            ),
            models.CheckConstraint(
                name="term_is_not_its_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TermMapping(models.Model):
    """The same notion in a foreign vocabulary."""

    term = models.ForeignKey(TaxonomyTerm, models.CASCADE, related_name="mappings")
    scheme = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "scheme", "code"], name="term_mapping_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class Attribute(Child):
    """A term, or a bare value, attached to any record of the catalogue."""

    link_entity = models.CharField(max_length=60)
    link_uid = models.UUIDField()
    link_type = models.CharField(max_length=60, blank=True)
    term = models.ForeignKey(
        TaxonomyTerm, models.PROTECT, null=True, blank=True, related_name="attributes"
    )
    value = models.CharField(max_length=1000, blank=True)
    label = models.CharField(max_length=300, blank=True)
    polarity = models.CharField(max_length=10, choices=Polarity, default=Polarity.REQUIRES)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="attributes"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="attributes"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="attributes"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True, related_name="attributes"
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["link_entity", "link_uid"], name="attribute_link"),
            models.Index(fields=["term", "service"], name="attribute_of_service"),
        ]
        constraints = [
            models.CheckConstraint(
                name="attribute_says_something",
                condition=models.Q(term__isnull=False) | ~models.Q(value=""),
            ),
            known("attribute_polarity_is_known", "polarity", Polarity),
            models.UniqueConstraint(
                fields=["link_entity", "link_uid", "term", "link_type", "value"],
                name="attribute_is_unique",
            ),
            # NULL terms never equal each other, so bare values need a rule of their own.
            models.UniqueConstraint(
                fields=["link_entity", "link_uid", "link_type", "value"],
                name="attribute_value_is_unique",
                condition=models.Q(term__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.term or self.value)

    @property
    def kind(self) -> str:
        """Return the link type as ours; foreign ones count as `other`."""
        return self.link_type if self.link_type in LinkType.values else LinkType.OTHER


class CodeQuerySet(models.QuerySet["Code"]):
    def of(self, name: str) -> Self:
        """Keep the codes of a set that may still be chosen, in the order people know."""
        return self.filter(set=name, retired_at__isnull=True).order_by("order", "code")


class Code(models.Model):
    """A word that people may rename and retire; the code itself is fixed where logic reads it."""

    set = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    translations = models.JSONField(default=dict, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        ordering = ["set", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["set", "code"], name="code_is_unique")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the reader's language, else as it was entered."""
        wanted = (get_language() or "").split("-", 1)[0]
        return self.translations.get(wanted, {}).get("name") or self.name
