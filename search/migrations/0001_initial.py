import core.jobs
import core.models.creation
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        core.models.creation.CreateModels(
            models=[
                migrations.CreateModel(
                    name="IndexVersion",
                    fields=[
                        ("service_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("version", models.PositiveBigIntegerField(default=1)),
                    ],
                ),
                migrations.CreateModel(
                    name="LexiconState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(default=1)),
                        ("keys_are_old", models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="Timetable",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("hash", models.CharField(max_length=32, unique=True)),
                        ("spec", models.JSONField()),
                        ("zone", models.CharField(max_length=50)),
                        ("region", models.CharField(blank=True, max_length=12)),
                    ],
                ),
                migrations.CreateModel(
                    name="WordClass",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(auto_now=True, verbose_name="updated at"),
                        ),
                        ("name", models.SlugField(max_length=40, unique=True, verbose_name="name")),
                        ("population", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "verbose_name": "word class",
                        "verbose_name_plural": "word classes",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Generation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("backend", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("fingerprint", models.CharField(max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("building", "being built"),
                                    ("live", "in use"),
                                    ("previous", "kept for going back"),
                                    ("failed", "given up"),
                                ],
                                default="building",
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("live_at", models.DateTimeField(blank=True, null=True)),
                        ("built_through_id", models.BigIntegerField(default=0)),
                        ("docs", models.PositiveIntegerField(default=0)),
                        ("token_table", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["building", "live", "previous", "failed"])
                                ),
                                name="generation_state_is_known",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "live")),
                                fields=("backend",),
                                name="generation_one_live",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "building")),
                                fields=("backend",),
                                name="generation_one_building",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QueryTally",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("text", models.CharField(max_length=60)),
                        (
                            "language",
                            models.CharField(
                                choices=[("zh", "Chinese"), ("en", "English")], max_length=2
                            ),
                        ),
                        ("n", models.PositiveIntegerField(default=0)),
                        ("zero", models.PositiveIntegerField(default=0)),
                        ("low", models.PositiveIntegerField(default=0)),
                        ("relaxed", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["-day", "-n"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("day", "text", "language"), name="tally_is_one_row"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SafetyTrigger",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(auto_now=True, verbose_name="updated at"),
                        ),
                        ("topic", models.CharField(max_length=30, verbose_name="topic")),
                        (
                            "language",
                            models.CharField(
                                choices=[("zh", "Chinese"), ("en", "English")],
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        ("phrase", models.CharField(max_length=100, verbose_name="wording")),
                        ("active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "safety wording",
                        "verbose_name_plural": "safety wordings",
                        "ordering": ["topic", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("topic", "phrase"), name="safety_trigger_is_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuggestKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.BinaryField(db_index=True, max_length=160)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("term", "category"),
                                    ("service", "service"),
                                    ("organization", "organization"),
                                    ("area", "area"),
                                ],
                                max_length=15,
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("name", "name"),
                                    ("reference", "other wording"),
                                    ("sound", "pinyin"),
                                    ("initials", "initials"),
                                ],
                                default="name",
                                max_length=10,
                            ),
                        ),
                        ("target_uid", models.UUIDField(blank=True, db_index=True, null=True)),
                        (
                            "service_id",
                            models.BigIntegerField(blank=True, db_index=True, null=True),
                        ),
                        ("code", models.CharField(blank=True, db_index=True, max_length=100)),
                        ("label_zh", models.CharField(blank=True, max_length=300)),
                        ("label_en", models.CharField(blank=True, max_length=300)),
                        ("weight", models.FloatField(default=1.0)),
                        ("audience", models.CharField(default="public", max_length=10)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["term", "service", "organization", "area"])
                                ),
                                name="suggest_key_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("form__in", ["name", "reference", "sound", "initials"])
                                ),
                                name="suggest_key_form_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UseReference",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(auto_now=True, verbose_name="updated at"),
                        ),
                        (
                            "code",
                            models.CharField(
                                db_index=True, max_length=100, verbose_name="category"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("zh", "Chinese"), ("en", "English")],
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        ("text", models.CharField(max_length=200, verbose_name="wording")),
                        ("folded", models.CharField(editable=False, max_length=200)),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("fixture", "shipped"),
                                    ("operator", "entered by an editor"),
                                    ("review", "taken from what people typed"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "other wording",
                        "verbose_name_plural": "other wordings",
                        "ordering": ["code", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("language", "folded", "code"),
                                name="use_reference_is_unique",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("origin__in", ["fixture", "operator", "review"])
                                ),
                                name="use_reference_origin_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndexPending",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("service_id", models.BigIntegerField()),
                        ("version", models.PositiveBigIntegerField()),
                        ("queued_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_try_at", models.DateTimeField()),
                        ("error", models.CharField(blank=True, max_length=200)),
                        (
                            "generation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pending",
                                to="search.generation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "services to be indexed",
                        "indexes": [
                            models.Index(
                                fields=["generation", "next_try_at", "queued_at"],
                                name="pending_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("generation", "service_id"),
                                name="pending_service_waits_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WordClassWord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("zh", "Chinese"), ("en", "English")],
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        ("word", models.CharField(max_length=80, verbose_name="word")),
                        ("active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "word_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="words",
                                to="search.wordclass",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("word_class", "language", "word"),
                                name="class_word_is_unique",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
