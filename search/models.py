"""Tables of search: what waits to be indexed, generations, words, suggestion keys, the tally."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from search.states import Form, GenerationState, Kind, Language, Origin


# ---- Synchronization ------------------------------------------------------------------------
class IndexVersion(models.Model):
    """How often a service was touched; outlives the service, or a late write could revive it."""

    service_id = models.BigIntegerField(primary_key=True)
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"


class Generation(models.Model):
    """One physical index."""

    backend = models.CharField(max_length=20)
    name = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(max_length=20)
    state = models.CharField(
        max_length=10, choices=GenerationState, default=GenerationState.BUILDING
    )
    created_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)
    # The copy goes by primary key; after a kill it continues here.
    built_through_id = models.BigIntegerField(default=0)
    docs = models.PositiveIntegerField(default=0)
    # {"documents": N, "df": {token: n}}: what the planner weighs words by.
    token_table = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="generation_state_is_known", condition=Q(state__in=GenerationState.values)
            ),
            models.UniqueConstraint(
                fields=["backend"],
                name="generation_one_live",
                condition=Q(state=GenerationState.LIVE),
            ),
            models.UniqueConstraint(
                fields=["backend"],
                name="generation_one_building",
                condition=Q(state=GenerationState.BUILDING),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IndexPending(models.Model):
    """A service that a generation has yet to see; many changes of one service are one row."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="pending")
    service_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField()
    queued_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = _("services to be indexed")
        indexes = [
            models.Index(fields=["generation", "next_try_at", "queued_at"], name="pending_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["generation", "service_id"], name="pending_service_waits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"


class Timetable(models.Model):
    """A set of opening rules that many services share; ids are never used again."""

    hash = models.CharField(max_length=32, unique=True)
    spec = models.JSONField()
    zone = models.CharField(max_length=50)
    region = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.hash


# ---- Words ----------------------------------------------------------------------------------
class LexiconState(models.Model):
    """One row: raised with every change of a word, so that each process knows when to reload."""

    number = models.PositiveIntegerField(default=1)
    # Set when a term or a wording changed; the worker then spells all terms anew.
    keys_are_old = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.number)


class UseReference(Record):
    """Another wording of a term; never displayed, because many are blunt."""

    code = models.CharField(_("category"), max_length=100, db_index=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    text = models.CharField(_("wording"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OPERATOR)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("other wording")
        verbose_name_plural = _("other wordings")
        ordering = ["code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "folded", "code"], name="use_reference_is_unique"
            ),
            models.CheckConstraint(
                name="use_reference_origin_is_known", condition=Q(origin__in=Origin.values)
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WordClass(Record):
    """A group of everyday words that mean the same for this product."""

    name = models.SlugField(_("name"), max_length=40, unique=True)
    # Codes of the set `population` that the words speak of: such services come first.
    population = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("word class")
        verbose_name_plural = _("word classes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WordClassWord(models.Model):
    """One word of a class."""

    word_class = models.ForeignKey(WordClass, models.CASCADE, related_name="words")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    word = models.CharField(_("word"), max_length=80)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["word_class", "language", "word"], name="class_word_is_unique"
            )
        ]

    def __str__(self) -> str:
        return self.word


class SafetyTrigger(Record):
    """A wording that puts the safety panel above the list."""

    topic = models.CharField(_("topic"), max_length=30)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    phrase = models.CharField(_("wording"), max_length=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("safety wording")
        verbose_name_plural = _("safety wordings")
        ordering = ["topic", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "phrase"], name="safety_trigger_is_unique")
        ]

    def __str__(self) -> str:
        return self.phrase


# ---- Suggestions and tally ------------------------------------------------------------------
class SuggestKey(models.Model):
    """A spelling by which a name is found while it is typed."""

    # Bytes, so that both databases compare and sort them alike.
    key = models.BinaryField(max_length=160, db_index=True)
    kind = models.CharField(max_length=15, choices=Kind)
    form = models.CharField(max_length=10, choices=Form, default=Form.NAME)
    target_uid = models.UUIDField(null=True, blank=True, db_index=True)
    service_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    code = models.CharField(max_length=100, blank=True, db_index=True)
    label_zh = models.CharField(max_length=300, blank=True)
    label_en = models.CharField(max_length=300, blank=True)
    weight = models.FloatField(default=1.0)
    audience = models.CharField(max_length=10, default="public")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suggest_key_kind_is_known", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="suggest_key_form_is_known", condition=Q(form__in=Form.values)
            ),
        ]

    def __str__(self) -> str:
        return self.label_zh or self.label_en


class QueryTally(models.Model):
    """How often a wording was asked and how well it was answered; of nobody in particular."""

    day = models.DateField()
    text = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=Language)
    n = models.PositiveIntegerField(default=0)
    zero = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(default=0)
    relaxed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "-n"]
        constraints = [
            models.UniqueConstraint(fields=["day", "text", "language"], name="tally_is_one_row")
        ]

    def __str__(self) -> str:
        return self.text
