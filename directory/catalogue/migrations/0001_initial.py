import core.crypto
import core.jobs
import core.models.creation
import datetime
import directory.catalogue.models.record
import directory.catalogue.models.schedule
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("geography", "0001_initial"),
    ]

    operations = [
        core.models.creation.CreateModels(
            models=[
                migrations.CreateModel(
                    name="ChangeHead",
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
                        ("last_seq", models.PositiveBigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Unit",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("scheme", models.CharField(blank=True, max_length=200)),
                        ("identifier", models.CharField(blank=True, max_length=200)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Code",
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
                        ("set", models.CharField(max_length=60)),
                        ("code", models.CharField(max_length=60)),
                        ("name", models.CharField(max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["set", "order", "code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("set", "code"), name="code_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalUnit",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(max_length=200)),
                        ("scheme", models.CharField(blank=True, max_length=200)),
                        ("identifier", models.CharField(blank=True, max_length=200)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical unit",
                        "verbose_name_plural": "historical units",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ListingChange",
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
                        ("table", models.CharField(max_length=40)),
                        ("uid", models.UUIDField()),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("upsert", "Written"),
                                    ("delete", "Taken out"),
                                    ("merge", "Merged"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("merged_into", models.UUIDField(null=True)),
                        ("at", models.DateTimeField()),
                        ("seq", models.PositiveBigIntegerField(null=True, unique=True)),
                        ("sealed_at", models.DateTimeField(db_index=True, null=True)),
                    ],
                    options={
                        "ordering": ["seq"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("seq__isnull", True)),
                                fields=["id"],
                                name="change_unsealed",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("action__in", ["upsert", "delete", "merge"])),
                                name="listing_change_action_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sealed_at__isnull", True), ("seq__isnull", True)),
                                    models.Q(("sealed_at__isnull", False), ("seq__isnull", False)),
                                    _connector="OR",
                                ),
                                name="listing_change_sealed_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Location",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "location_type",
                            models.CharField(
                                choices=[
                                    ("physical", "A place to go to"),
                                    ("postal", "Postal address"),
                                    ("virtual", "By phone or on the web"),
                                ],
                                default="physical",
                                max_length=10,
                            ),
                        ),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="website"),
                        ),
                        ("name", models.CharField(blank=True, max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "transportation",
                            models.TextField(blank=True, verbose_name="how to get there"),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True, decimal_places=7, max_digits=10, null=True
                            ),
                        ),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True, decimal_places=7, max_digits=10, null=True
                            ),
                        ),
                        ("external_identifier", models.CharField(blank=True, max_length=200)),
                        ("external_identifier_type", models.CharField(blank=True, max_length=200)),
                        (
                            "coord_source",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("pin", "Set on the map"),
                                    ("gps", "Measured on site"),
                                    ("import", "From the source"),
                                    ("provider", "From a geocoding service"),
                                    ("gazetteer", "From the place name"),
                                    ("area", "Center of the area"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("coord_datum", models.CharField(blank=True, max_length=10)),
                        (
                            "precision",
                            models.CharField(
                                choices=[
                                    ("exact", "Exact point"),
                                    ("street", "Street"),
                                    ("town", "Town or sub-district"),
                                    ("county", "District or county"),
                                    ("city", "City"),
                                    ("province", "Province"),
                                    ("none", "No position"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        ("geocoded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "no_address_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("confidential", "The address is confidential."),
                                    ("mobile", "The service moves about."),
                                    ("outreach", "Staff come to you."),
                                    ("unknown", "The address is not known."),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("protected", models.BooleanField(default=False, editable=False)),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="geography.area",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="locations",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["last_modified", "id"], name="location_modified"),
                            models.Index(fields=["latitude", "longitude"], name="location_point"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("location_type__in", ["physical", "postal", "virtual"])
                                ),
                                name="location_type_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "precision__in",
                                        [
                                            "exact",
                                            "street",
                                            "town",
                                            "county",
                                            "city",
                                            "province",
                                            "none",
                                        ],
                                    )
                                ),
                                name="location_precision_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("latitude__isnull", True), ("longitude__isnull", True)
                                    ),
                                    models.Q(
                                        ("latitude__isnull", False), ("longitude__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="location_point_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("latitude__isnull", True),
                                    models.Q(
                                        ("latitude__range", (-90, 90)),
                                        ("longitude__range", (-180, 180)),
                                    ),
                                    _connector="OR",
                                ),
                                name="location_point_on_earth",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("latitude", 0), ("longitude", 0), _negated=True
                                ),
                                name="location_point_is_not_zero",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("latitude__isnull", True),
                                    models.Q(
                                        models.Q(("location_type", "virtual"), _negated=True),
                                        ("protected", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="location_virtual_or_protected_has_no_point",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAddress",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("attention", models.CharField(blank=True, max_length=300)),
                        ("address_1", models.CharField(blank=True, max_length=500)),
                        ("address_2", models.CharField(blank=True, max_length=500)),
                        ("city", models.CharField(blank=True, max_length=200)),
                        ("region", models.CharField(blank=True, max_length=200)),
                        ("state_province", models.CharField(blank=True, max_length=200)),
                        (
                            "postal_code",
                            models.CharField(
                                blank=True, db_index=True, max_length=20, verbose_name="postal code"
                            ),
                        ),
                        ("country", models.CharField(default="CN", max_length=2)),
                        (
                            "address_type",
                            models.CharField(
                                choices=[
                                    ("physical", "A place to go to"),
                                    ("postal", "Postal address"),
                                    ("virtual", "By phone or on the web"),
                                ],
                                default="physical",
                                max_length=10,
                            ),
                        ),
                        (
                            "town",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="town or sub-district"
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="geography.area",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical address",
                        "verbose_name_plural": "historical addresss",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAccessibility",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("description", models.TextField(blank=True)),
                        ("details", models.TextField(blank=True)),
                        ("url", models.CharField(blank=True, max_length=1000)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical accessibility",
                        "verbose_name_plural": "historical accessibility",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Accessibility",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("description", models.TextField(blank=True)),
                        ("details", models.TextField(blank=True)),
                        ("url", models.CharField(blank=True, max_length=1000)),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="accessibility",
                                to="catalogue.location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "accessibility",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Organization",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("name", models.CharField(max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "website",
                            models.URLField(blank=True, max_length=1000, verbose_name="website"),
                        ),
                        ("tax_status", models.CharField(blank=True, max_length=200)),
                        ("tax_id", models.CharField(blank=True, max_length=100)),
                        (
                            "year_incorporated",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        ("legal_status", models.CharField(blank=True, max_length=300)),
                        ("logo", models.CharField(blank=True, max_length=1000)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("parent_uid", models.UUIDField(blank=True, editable=False, null=True)),
                        ("kind", models.CharField(blank=True, db_index=True, max_length=40)),
                        ("sector", models.CharField(blank=True, max_length=40)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("candidate", "Candidate"),
                                    ("listed", "Listed"),
                                    ("suspended", "Suspended"),
                                    ("excluded", "Excluded"),
                                ],
                                default="candidate",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        ("state_reason", models.TextField(blank=True, editable=False)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        ("accepts_referrals", models.BooleanField(default=True)),
                        (
                            "sort_key",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=300
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["last_modified", "id"], name="organization_modified"
                            ),
                            models.Index(fields=["state", "audience"], name="organization_shown"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["candidate", "listed", "suspended", "excluded"])
                                ),
                                name="organization_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("audience__in", ["public", "partner", "staff"])
                                ),
                                name="organization_audience_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="organization_is_not_its_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["suspended", "excluded"]),
                                    ("state_reason", ""),
                                    _negated=True,
                                ),
                                name="organization_out_needs_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOrganizationIdentifier",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("identifier_scheme", models.CharField(blank=True, max_length=60)),
                        ("identifier_type", models.CharField(max_length=200)),
                        ("identifier", models.CharField(max_length=200)),
                        ("normalized", models.CharField(editable=False, max_length=200)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical organization identifier",
                        "verbose_name_plural": "historical organization identifiers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Contact",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(blank=True, max_length=300)),
                        ("title", models.CharField(blank=True, max_length=300)),
                        ("department", models.CharField(blank=True, max_length=300)),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="staff",
                                max_length=10,
                            ),
                        ),
                        ("is_verification_contact", models.BooleanField(default=False)),
                        ("preferred_channel", models.CharField(blank=True, max_length=20)),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False),
                                    ("service__isnull", False),
                                    ("service_at_location__isnull", False),
                                    ("location__isnull", False),
                                    _connector="OR",
                                ),
                                name="contact_has_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("audience__in", ["public", "partner", "staff"])
                                ),
                                name="contact_audience_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Program",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("name", models.CharField(max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programs",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["last_modified", "id"], name="program_modified")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProtectedDetail",
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
                        ("sealed", core.crypto.EncryptedJSONField()),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("staff", "Staff with the permission"),
                                    ("named", "Named people"),
                                ],
                                default="staff",
                                max_length=10,
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("review_on", models.DateField()),
                        (
                            "location",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="protected_detail",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "people",
                            models.ManyToManyField(
                                blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Redirect",
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
                        ("table", models.CharField(max_length=40)),
                        ("old_uid", models.UUIDField()),
                        ("new_uid", models.UUIDField(db_index=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("table", "old_uid"), name="redirect_is_unique"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("old_uid", models.F("new_uid")), _negated=True),
                                name="redirect_leads_elsewhere",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServedArea",
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
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="geography.area",
                            ),
                        ),
                        (
                            "service_area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="served",
                                to="catalogue.servicearea",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("service_area", "area"), name="served_area_is_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Service",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "verified_on",
                            models.DateField(editable=False, null=True, verbose_name="verified on"),
                        ),
                        (
                            "verified_how",
                            models.CharField(blank=True, editable=False, max_length=20),
                        ),
                        (
                            "verified_role",
                            models.CharField(blank=True, editable=False, max_length=120),
                        ),
                        (
                            "verify_by",
                            models.DateField(
                                db_index=True, editable=False, null=True, verbose_name="verify by"
                            ),
                        ),
                        ("referral_confirmed_on", models.DateField(editable=False, null=True)),
                        (
                            "policy_code",
                            models.CharField(blank=True, editable=False, max_length=40),
                        ),
                        ("doubt", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "freshness",
                            models.CharField(
                                choices=[
                                    ("unverified", "Not verified yet"),
                                    ("fresh", "Verified"),
                                    ("due", "Verification due"),
                                    ("stale", "Verification overdue"),
                                ],
                                default="unverified",
                                editable=False,
                                max_length=10,
                            ),
                        ),
                        ("name", models.CharField(max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="website"),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "interpretation_services",
                            models.TextField(blank=True, verbose_name="interpretation"),
                        ),
                        (
                            "application_process",
                            models.TextField(blank=True, verbose_name="how to apply"),
                        ),
                        ("fees_description", models.TextField(blank=True, verbose_name="fees")),
                        ("wait_time", models.TextField(blank=True)),
                        ("fees", models.TextField(blank=True)),
                        (
                            "accreditations",
                            models.TextField(blank=True, verbose_name="accreditations"),
                        ),
                        (
                            "eligibility_description",
                            models.TextField(blank=True, verbose_name="who may apply"),
                        ),
                        (
                            "minimum_age",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="minimum age",
                            ),
                        ),
                        (
                            "maximum_age",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="maximum age",
                            ),
                        ),
                        ("assurer_email", models.EmailField(blank=True, max_length=254)),
                        ("upstream_assured_on", models.DateField(blank=True, null=True)),
                        ("licenses", models.TextField(blank=True)),
                        ("alert", models.TextField(blank=True)),
                        (
                            "alert_until",
                            models.DateField(blank=True, null=True, verbose_name="notice until"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Awaiting review"),
                                    ("active", "Active"),
                                    ("suspended", "Service suspended"),
                                    ("closed", "Closed down"),
                                    ("rejected", "Did not pass review"),
                                    ("merged", "Merged"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        (
                            "state_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("provider_break", "The provider is on a break"),
                                    ("operator", "Suspended by the directory"),
                                    ("upstream_inactive", "Marked inactive by the source"),
                                    ("upstream_gone", "No longer in the source"),
                                    ("reported_closed", "Reported closed"),
                                    ("refused", "The provider does not want to be listed"),
                                    ("unconfirmed", "Not confirmed in time"),
                                    ("unreachable", "The provider could not be reached"),
                                ],
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        ("state_note", models.TextField(blank=True, editable=False)),
                        (
                            "back_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="back on"
                            ),
                        ),
                        (
                            "closed_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="closed on"
                            ),
                        ),
                        ("listed_on", models.DateField(blank=True, editable=False, null=True)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        (
                            "sensitivity",
                            models.CharField(
                                choices=[
                                    ("normal", "Not sensitive"),
                                    ("protected", "Sensitive topic"),
                                ],
                                default="normal",
                                max_length=10,
                            ),
                        ),
                        (
                            "referral_mode",
                            models.CharField(
                                choices=[
                                    ("open", "By oneself or by referral"),
                                    ("referral_only", "By referral only"),
                                    ("self_only", "By oneself only"),
                                    ("none", "Information only"),
                                ],
                                default="open",
                                max_length=15,
                            ),
                        ),
                        (
                            "intake_note",
                            models.TextField(blank=True, verbose_name="note for intake"),
                        ),
                        ("legal_basis", models.TextField(blank=True, verbose_name="legal basis")),
                        (
                            "handling_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="handling time in working days"
                            ),
                        ),
                        ("plain_text", models.TextField(blank=True, editable=False)),
                        (
                            "sort_key",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=300
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="services",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="services",
                                to="catalogue.program",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["last_modified", "id"], name="service_modified"),
                            models.Index(fields=["state", "audience"], name="service_shown"),
                            models.Index(fields=["back_on"], name="service_back_on"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "draft",
                                            "active",
                                            "suspended",
                                            "closed",
                                            "rejected",
                                            "merged",
                                        ],
                                    )
                                ),
                                name="service_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("audience__in", ["public", "partner", "staff"])
                                ),
                                name="service_audience_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sensitivity__in", ["normal", "protected"])),
                                name="service_sensitivity_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "referral_mode__in",
                                        ["open", "referral_only", "self_only", "none"],
                                    )
                                ),
                                name="service_referral_mode_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("freshness__in", ["unverified", "fresh", "due", "stale"])
                                ),
                                name="service_freshness_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("doubt__range", (0, 2))),
                                name="service_doubt_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "suspended"),
                                        (
                                            "state_reason__in",
                                            [
                                                "provider_break",
                                                "operator",
                                                "upstream_inactive",
                                                "upstream_gone",
                                                "reported_closed",
                                                "refused",
                                                "unconfirmed",
                                                "unreachable",
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(("state", "suspended"), _negated=True),
                                        ("state_reason", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="service_suspended_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                                    models.Q(
                                        models.Q(("state", "merged"), _negated=True),
                                        ("merged_into__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="service_merged_names_survivor",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minimum_age__isnull", True),
                                    ("maximum_age__isnull", True),
                                    ("minimum_age__lte", models.F("maximum_age")),
                                    _connector="OR",
                                ),
                                name="service_ages_are_a_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("minimum_age__isnull", True),
                                        ("minimum_age__gte", 0),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("maximum_age__isnull", True),
                                        ("maximum_age__gte", 0),
                                        _connector="OR",
                                    ),
                                ),
                                name="service_ages_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequiredDocument",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("document", models.TextField(blank=True)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("certificate_of", models.CharField(blank=True, max_length=60)),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="required_documents",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Phone",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("number", models.CharField(max_length=100)),
                        (
                            "e164",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=30
                            ),
                        ),
                        ("extension", models.CharField(blank=True, max_length=60)),
                        (
                            "type",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("voice", "Voice line"),
                                    ("fax", "Fax"),
                                    ("cell", "Mobile phone"),
                                    ("text", "Text messages"),
                                    ("video", "Video calls"),
                                    ("pager", "Pager"),
                                    ("textphone", "Textphone"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        (
                            "is_published",
                            models.BooleanField(
                                default=False, verbose_name="published work number"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phones",
                                to="catalogue.contact",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phones",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phones",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phones",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phones",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False),
                                    ("service__isnull", False),
                                    ("service_at_location__isnull", False),
                                    ("location__isnull", False),
                                    ("contact__isnull", False),
                                    _connector="OR",
                                ),
                                name="phone_has_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("audience__in", ["public", "partner", "staff"])
                                ),
                                name="phone_audience_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalUrl",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("label", models.CharField(blank=True, max_length=300)),
                        ("url", models.URLField(max_length=1000)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical url",
                        "verbose_name_plural": "historical urls",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRequiredDocument",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("document", models.TextField(blank=True)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("certificate_of", models.CharField(blank=True, max_length=60)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical required document",
                        "verbose_name_plural": "historical required documents",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLanguage",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("code", models.CharField(blank=True, db_index=True, max_length=35)),
                        ("note", models.TextField(blank=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "phone",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.phone",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical language",
                        "verbose_name_plural": "historical languages",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFunding",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("source", models.TextField(blank=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical funding",
                        "verbose_name_plural": "historical fundings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCostOption",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("option", models.CharField(blank=True, max_length=300)),
                        ("currency", models.CharField(blank=True, max_length=3)),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=12, null=True
                            ),
                        ),
                        ("amount_description", models.TextField(blank=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical cost option",
                        "verbose_name_plural": "historical cost options",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ServiceArea",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(blank=True, max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("extent", models.TextField(blank=True)),
                        ("extent_type", models.CharField(blank=True, max_length=20)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("nationwide", models.BooleanField(default=False)),
                        ("geometry", models.JSONField(blank=True, null=True)),
                        (
                            "areas",
                            models.ManyToManyField(
                                related_name="+",
                                through="catalogue.ServedArea",
                                to="geography.area",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="service_areas",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="service_areas",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("service__isnull", False),
                                    ("service_at_location__isnull", False),
                                    _connector="OR",
                                ),
                                name="service_area_has_parent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalServedArea",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="geography.area",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service_area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.servicearea",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical served area",
                        "verbose_name_plural": "historical served areas",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ServiceAtLocation",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "verified_on",
                            models.DateField(editable=False, null=True, verbose_name="verified on"),
                        ),
                        (
                            "verified_how",
                            models.CharField(blank=True, editable=False, max_length=20),
                        ),
                        (
                            "verified_role",
                            models.CharField(blank=True, editable=False, max_length=120),
                        ),
                        (
                            "verify_by",
                            models.DateField(
                                db_index=True, editable=False, null=True, verbose_name="verify by"
                            ),
                        ),
                        ("referral_confirmed_on", models.DateField(editable=False, null=True)),
                        (
                            "policy_code",
                            models.CharField(blank=True, editable=False, max_length=40),
                        ),
                        ("doubt", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "freshness",
                            models.CharField(
                                choices=[
                                    ("unverified", "Not verified yet"),
                                    ("fresh", "Verified"),
                                    ("due", "Verification due"),
                                    ("stale", "Verification overdue"),
                                ],
                                default="unverified",
                                editable=False,
                                max_length=10,
                            ),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("suspended", "Service suspended"),
                                    ("closed", "Closed down"),
                                ],
                                default="active",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        (
                            "state_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("provider_break", "The provider is on a break"),
                                    ("operator", "Suspended by the directory"),
                                    ("upstream_inactive", "Marked inactive by the source"),
                                    ("upstream_gone", "No longer in the source"),
                                    ("reported_closed", "Reported closed"),
                                    ("refused", "The provider does not want to be listed"),
                                    ("unconfirmed", "Not confirmed in time"),
                                    ("unreachable", "The provider could not be reached"),
                                ],
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        ("state_note", models.TextField(blank=True, editable=False)),
                        (
                            "back_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="back on"
                            ),
                        ),
                        (
                            "closed_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="closed on"
                            ),
                        ),
                        ("is_intake_site", models.BooleanField(default=False)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="places",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="places",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["last_modified", "id"], name="place_modified")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("deleted_at__isnull", True)),
                                fields=("service", "location"),
                                name="place_is_unique",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["active", "suspended", "closed"])
                                ),
                                name="place_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("audience__in", ["public", "partner", "staff"])
                                ),
                                name="place_audience_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("freshness__in", ["unverified", "fresh", "due", "stale"])
                                ),
                                name="place_freshness_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("doubt__range", (0, 2))),
                                name="place_doubt_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "suspended"),
                                        (
                                            "state_reason__in",
                                            [
                                                "provider_break",
                                                "operator",
                                                "upstream_inactive",
                                                "upstream_gone",
                                                "reported_closed",
                                                "refused",
                                                "unconfirmed",
                                                "unreachable",
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(("state", "suspended"), _negated=True),
                                        ("state_reason", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="place_suspended_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScheduleException",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("every_year", models.BooleanField(default=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("closed", "Closed this day"), ("hours", "Special hours")],
                                default="closed",
                                max_length=10,
                            ),
                        ),
                        ("opens_at", models.TimeField(blank=True, null=True)),
                        ("closes_at", models.TimeField(blank=True, null=True)),
                        ("label", models.CharField(blank=True, max_length=200)),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="schedule_exceptions",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="schedule_exceptions",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="schedule_exceptions",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("service__isnull", False),
                                    ("location__isnull", False),
                                    ("service_at_location__isnull", False),
                                    _connector="OR",
                                ),
                                name="schedule_exception_has_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["closed", "hours"])),
                                name="schedule_exception_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("every_year", True),
                                    ("starts_on__lte", models.F("ends_on")),
                                    _connector="OR",
                                ),
                                name="schedule_exception_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closes_at__isnull", True),
                                        ("kind", "closed"),
                                        ("opens_at__isnull", True),
                                    ),
                                    models.Q(
                                        ("closes_at__isnull", False),
                                        ("kind", "hours"),
                                        ("opens_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="schedule_exception_hours_are_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Schedule",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("dtstart", models.DateField(blank=True, null=True)),
                        ("tz", models.CharField(blank=True, max_length=50)),
                        (
                            "utc_offset",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=5, null=True
                            ),
                        ),
                        ("until", models.DateField(blank=True, null=True)),
                        ("count", models.PositiveIntegerField(blank=True, null=True)),
                        ("wkst", models.CharField(blank=True, max_length=2)),
                        (
                            "freq",
                            models.CharField(
                                blank=True,
                                choices=[("WEEKLY", "Every week"), ("MONTHLY", "Every month")],
                                max_length=10,
                            ),
                        ),
                        ("interval", models.PositiveIntegerField(blank=True, null=True)),
                        ("byday", models.CharField(blank=True, max_length=100)),
                        ("byweekno", models.CharField(blank=True, max_length=300)),
                        ("bymonthday", models.CharField(blank=True, max_length=200)),
                        ("byyearday", models.CharField(blank=True, max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("opens_at", models.TimeField(blank=True, null=True)),
                        ("closes_at", models.TimeField(blank=True, null=True)),
                        ("schedule_link", models.CharField(blank=True, max_length=1000)),
                        ("attending_type", models.CharField(blank=True, max_length=100)),
                        ("notes", models.TextField(blank=True)),
                        ("all_day", models.BooleanField(default=False)),
                        ("closes_next_day", models.BooleanField(default=False)),
                        (
                            "on_holidays",
                            models.CharField(
                                choices=[
                                    ("closed", "Closed on public holidays"),
                                    ("open", "Open on public holidays"),
                                    ("unknown", "Public holidays not known"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        (
                            "on_make_up_days",
                            models.CharField(
                                choices=[
                                    ("as_weekday", "Open as on a working day"),
                                    ("closed", "Closed on make-up working days"),
                                ],
                                default="as_weekday",
                                max_length=10,
                            ),
                        ),
                        ("raw_text", models.TextField(blank=True)),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="schedules",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="schedules",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="schedules",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("service__isnull", False),
                                    ("location__isnull", False),
                                    ("service_at_location__isnull", False),
                                    _connector="OR",
                                ),
                                name="schedule_has_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("on_holidays__in", ["closed", "open", "unknown"])
                                ),
                                name="schedule_on_holidays_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("on_make_up_days__in", ["as_weekday", "closed"])
                                ),
                                name="schedule_on_make_up_days_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closes_at__isnull", True), ("opens_at__isnull", True)
                                    ),
                                    models.Q(
                                        ("closes_at__isnull", False), ("opens_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="schedule_span_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at__isnull", True),
                                    ("closes_next_day", True),
                                    ("closes_at__gt", models.F("opens_at")),
                                    _connector="OR",
                                ),
                                name="schedule_closes_after_opening",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from__isnull", True),
                                    ("valid_to__isnull", True),
                                    ("valid_from__lte", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="schedule_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalServiceArea",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(blank=True, max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("extent", models.TextField(blank=True)),
                        ("extent_type", models.CharField(blank=True, max_length=20)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("nationwide", models.BooleanField(default=False)),
                        ("geometry", models.JSONField(blank=True, null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical service area",
                        "verbose_name_plural": "historical service areas",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalScheduleException",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("every_year", models.BooleanField(default=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("closed", "Closed this day"), ("hours", "Special hours")],
                                default="closed",
                                max_length=10,
                            ),
                        ),
                        ("opens_at", models.TimeField(blank=True, null=True)),
                        ("closes_at", models.TimeField(blank=True, null=True)),
                        ("label", models.CharField(blank=True, max_length=200)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical schedule exception",
                        "verbose_name_plural": "historical schedule exceptions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSchedule",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("dtstart", models.DateField(blank=True, null=True)),
                        ("tz", models.CharField(blank=True, max_length=50)),
                        (
                            "utc_offset",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=5, null=True
                            ),
                        ),
                        ("until", models.DateField(blank=True, null=True)),
                        ("count", models.PositiveIntegerField(blank=True, null=True)),
                        ("wkst", models.CharField(blank=True, max_length=2)),
                        (
                            "freq",
                            models.CharField(
                                blank=True,
                                choices=[("WEEKLY", "Every week"), ("MONTHLY", "Every month")],
                                max_length=10,
                            ),
                        ),
                        ("interval", models.PositiveIntegerField(blank=True, null=True)),
                        ("byday", models.CharField(blank=True, max_length=100)),
                        ("byweekno", models.CharField(blank=True, max_length=300)),
                        ("bymonthday", models.CharField(blank=True, max_length=200)),
                        ("byyearday", models.CharField(blank=True, max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("opens_at", models.TimeField(blank=True, null=True)),
                        ("closes_at", models.TimeField(blank=True, null=True)),
                        ("schedule_link", models.CharField(blank=True, max_length=1000)),
                        ("attending_type", models.CharField(blank=True, max_length=100)),
                        ("notes", models.TextField(blank=True)),
                        ("all_day", models.BooleanField(default=False)),
                        ("closes_next_day", models.BooleanField(default=False)),
                        (
                            "on_holidays",
                            models.CharField(
                                choices=[
                                    ("closed", "Closed on public holidays"),
                                    ("open", "Open on public holidays"),
                                    ("unknown", "Public holidays not known"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        (
                            "on_make_up_days",
                            models.CharField(
                                choices=[
                                    ("as_weekday", "Open as on a working day"),
                                    ("closed", "Closed on make-up working days"),
                                ],
                                default="as_weekday",
                                max_length=10,
                            ),
                        ),
                        ("raw_text", models.TextField(blank=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical schedule",
                        "verbose_name_plural": "historical schedules",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPhone",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("number", models.CharField(max_length=100)),
                        (
                            "e164",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=30
                            ),
                        ),
                        ("extension", models.CharField(blank=True, max_length=60)),
                        (
                            "type",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("voice", "Voice line"),
                                    ("fax", "Fax"),
                                    ("cell", "Mobile phone"),
                                    ("text", "Text messages"),
                                    ("video", "Video calls"),
                                    ("pager", "Pager"),
                                    ("textphone", "Textphone"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        (
                            "is_published",
                            models.BooleanField(
                                default=False, verbose_name="published work number"
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.contact",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical phone",
                        "verbose_name_plural": "historical phones",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalContact",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(blank=True, max_length=300)),
                        ("title", models.CharField(blank=True, max_length=300)),
                        ("department", models.CharField(blank=True, max_length=300)),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="staff",
                                max_length=10,
                            ),
                        ),
                        ("is_verification_contact", models.BooleanField(default=False)),
                        ("preferred_channel", models.CharField(blank=True, max_length=20)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical contact",
                        "verbose_name_plural": "historical contacts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Source",
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
                        ("code", models.SlugField(max_length=60, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "trust",
                            models.CharField(
                                choices=[
                                    ("low", "Low: new listings are drafts, changes are reviewed"),
                                    ("normal", "Normal: listed, local corrections win"),
                                    ("authoritative", "Authoritative: listed, the source wins"),
                                ],
                                default="normal",
                                max_length=15,
                            ),
                        ),
                        ("license", models.CharField(blank=True, max_length=200)),
                        (
                            "default_state",
                            models.CharField(
                                choices=[
                                    ("draft", "Awaiting review"),
                                    ("active", "Active"),
                                    ("suspended", "Service suspended"),
                                    ("closed", "Closed down"),
                                    ("rejected", "Did not pass review"),
                                    ("merged", "Merged"),
                                ],
                                default="draft",
                                max_length=20,
                            ),
                        ),
                        ("mapping", models.JSONField(blank=True, default=dict)),
                        ("last_run", models.DateTimeField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("trust__in", ["low", "normal", "authoritative"])
                                ),
                                name="source_trust_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "default_state__in",
                                        [
                                            "draft",
                                            "active",
                                            "suspended",
                                            "closed",
                                            "rejected",
                                            "merged",
                                        ],
                                    )
                                ),
                                name="source_default_state_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTaxonomy",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("code", models.SlugField(blank=True, max_length=60)),
                        ("name", models.CharField(max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("vocabulary_version", models.CharField(blank=True, max_length=60)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical taxonomy",
                        "verbose_name_plural": "historical taxonomies",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalServiceAtLocation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("description", models.TextField(blank=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("suspended", "Service suspended"),
                                    ("closed", "Closed down"),
                                ],
                                default="active",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        (
                            "state_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("provider_break", "The provider is on a break"),
                                    ("operator", "Suspended by the directory"),
                                    ("upstream_inactive", "Marked inactive by the source"),
                                    ("upstream_gone", "No longer in the source"),
                                    ("reported_closed", "Reported closed"),
                                    ("refused", "The provider does not want to be listed"),
                                    ("unconfirmed", "Not confirmed in time"),
                                    ("unreachable", "The provider could not be reached"),
                                ],
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        ("state_note", models.TextField(blank=True, editable=False)),
                        (
                            "back_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="back on"
                            ),
                        ),
                        (
                            "closed_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="closed on"
                            ),
                        ),
                        ("is_intake_site", models.BooleanField(default=False)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical service at location",
                        "verbose_name_plural": "historical service at locations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalService",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("name", models.CharField(max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="website"),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "interpretation_services",
                            models.TextField(blank=True, verbose_name="interpretation"),
                        ),
                        (
                            "application_process",
                            models.TextField(blank=True, verbose_name="how to apply"),
                        ),
                        ("fees_description", models.TextField(blank=True, verbose_name="fees")),
                        ("wait_time", models.TextField(blank=True)),
                        ("fees", models.TextField(blank=True)),
                        (
                            "accreditations",
                            models.TextField(blank=True, verbose_name="accreditations"),
                        ),
                        (
                            "eligibility_description",
                            models.TextField(blank=True, verbose_name="who may apply"),
                        ),
                        (
                            "minimum_age",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="minimum age",
                            ),
                        ),
                        (
                            "maximum_age",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="maximum age",
                            ),
                        ),
                        ("assurer_email", models.EmailField(blank=True, max_length=254)),
                        ("upstream_assured_on", models.DateField(blank=True, null=True)),
                        ("licenses", models.TextField(blank=True)),
                        ("alert", models.TextField(blank=True)),
                        (
                            "alert_until",
                            models.DateField(blank=True, null=True, verbose_name="notice until"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Awaiting review"),
                                    ("active", "Active"),
                                    ("suspended", "Service suspended"),
                                    ("closed", "Closed down"),
                                    ("rejected", "Did not pass review"),
                                    ("merged", "Merged"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        (
                            "state_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("provider_break", "The provider is on a break"),
                                    ("operator", "Suspended by the directory"),
                                    ("upstream_inactive", "Marked inactive by the source"),
                                    ("upstream_gone", "No longer in the source"),
                                    ("reported_closed", "Reported closed"),
                                    ("refused", "The provider does not want to be listed"),
                                    ("unconfirmed", "Not confirmed in time"),
                                    ("unreachable", "The provider could not be reached"),
                                ],
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        ("state_note", models.TextField(blank=True, editable=False)),
                        (
                            "back_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="back on"
                            ),
                        ),
                        (
                            "closed_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="closed on"
                            ),
                        ),
                        ("listed_on", models.DateField(blank=True, editable=False, null=True)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        (
                            "sensitivity",
                            models.CharField(
                                choices=[
                                    ("normal", "Not sensitive"),
                                    ("protected", "Sensitive topic"),
                                ],
                                default="normal",
                                max_length=10,
                            ),
                        ),
                        (
                            "referral_mode",
                            models.CharField(
                                choices=[
                                    ("open", "By oneself or by referral"),
                                    ("referral_only", "By referral only"),
                                    ("self_only", "By oneself only"),
                                    ("none", "Information only"),
                                ],
                                default="open",
                                max_length=15,
                            ),
                        ),
                        (
                            "intake_note",
                            models.TextField(blank=True, verbose_name="note for intake"),
                        ),
                        ("legal_basis", models.TextField(blank=True, verbose_name="legal basis")),
                        (
                            "handling_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="handling time in working days"
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "program",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.program",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical service",
                        "verbose_name_plural": "historical services",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalProgram",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("name", models.CharField(max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical program",
                        "verbose_name_plural": "historical programs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalOrganization",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("name", models.CharField(max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "website",
                            models.URLField(blank=True, max_length=1000, verbose_name="website"),
                        ),
                        ("tax_status", models.CharField(blank=True, max_length=200)),
                        ("tax_id", models.CharField(blank=True, max_length=100)),
                        (
                            "year_incorporated",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        ("legal_status", models.CharField(blank=True, max_length=300)),
                        ("logo", models.CharField(blank=True, max_length=1000)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("parent_uid", models.UUIDField(blank=True, editable=False, null=True)),
                        ("kind", models.CharField(blank=True, db_index=True, max_length=40)),
                        ("sector", models.CharField(blank=True, max_length=40)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("candidate", "Candidate"),
                                    ("listed", "Listed"),
                                    ("suspended", "Suspended"),
                                    ("excluded", "Excluded"),
                                ],
                                default="candidate",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        ("state_reason", models.TextField(blank=True, editable=False)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("public", "Everybody"),
                                    ("partner", "Partner organizations"),
                                    ("staff", "Staff only"),
                                ],
                                default="public",
                                max_length=10,
                            ),
                        ),
                        ("accepts_referrals", models.BooleanField(default=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical organization",
                        "verbose_name_plural": "historical organizations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLocation",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "location_type",
                            models.CharField(
                                choices=[
                                    ("physical", "A place to go to"),
                                    ("postal", "Postal address"),
                                    ("virtual", "By phone or on the web"),
                                ],
                                default="physical",
                                max_length=10,
                            ),
                        ),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="website"),
                        ),
                        ("name", models.CharField(blank=True, max_length=300)),
                        (
                            "alternate_name",
                            models.CharField(blank=True, max_length=300, verbose_name="other name"),
                        ),
                        ("description", models.TextField(blank=True)),
                        (
                            "transportation",
                            models.TextField(blank=True, verbose_name="how to get there"),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True, decimal_places=7, max_digits=10, null=True
                            ),
                        ),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True, decimal_places=7, max_digits=10, null=True
                            ),
                        ),
                        ("external_identifier", models.CharField(blank=True, max_length=200)),
                        ("external_identifier_type", models.CharField(blank=True, max_length=200)),
                        (
                            "coord_source",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("pin", "Set on the map"),
                                    ("gps", "Measured on site"),
                                    ("import", "From the source"),
                                    ("provider", "From a geocoding service"),
                                    ("gazetteer", "From the place name"),
                                    ("area", "Center of the area"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("coord_datum", models.CharField(blank=True, max_length=10)),
                        (
                            "precision",
                            models.CharField(
                                choices=[
                                    ("exact", "Exact point"),
                                    ("street", "Street"),
                                    ("town", "Town or sub-district"),
                                    ("county", "District or county"),
                                    ("city", "City"),
                                    ("province", "Province"),
                                    ("none", "No position"),
                                ],
                                default="none",
                                max_length=10,
                            ),
                        ),
                        ("geocoded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "no_address_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("confidential", "The address is confidential."),
                                    ("mobile", "The service moves about."),
                                    ("outreach", "Staff come to you."),
                                    ("unknown", "The address is not known."),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("protected", models.BooleanField(default=False, editable=False)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="geography.area",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical location",
                        "verbose_name_plural": "historical locations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Taxonomy",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("code", models.SlugField(blank=True, max_length=60)),
                        ("name", models.CharField(max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("uri", models.CharField(blank=True, max_length=1000)),
                        ("vocabulary_version", models.CharField(blank=True, max_length=60)),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "taxonomies",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["last_modified", "id"], name="taxonomy_modified")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("code", ""), _negated=True),
                                fields=("code",),
                                name="taxonomy_code_is_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxonomyTerm",
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
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "last_modified",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("taxonomy_name", models.CharField(blank=True, max_length=300)),
                        ("code", models.CharField(blank=True, max_length=100)),
                        ("name", models.CharField(max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("term_uri", models.CharField(blank=True, max_length=1000)),
                        (
                            "path",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=255
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                        (
                            "retired_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="retired",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                        (
                            "taxonomy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="terms",
                                to="catalogue.taxonomy",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["code", "pk"],
                        "indexes": [
                            models.Index(fields=["last_modified", "id"], name="term_modified")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("code", ""), _negated=True),
                                fields=("taxonomy", "code"),
                                name="term_code_is_unique",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="term_is_not_its_parent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTaxonomyTerm",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        (
                            "kept_by",
                            models.CharField(
                                choices=[
                                    ("operator", "Kept by the directory"),
                                    ("partner", "Kept by the provider"),
                                    ("source", "Kept by the source"),
                                ],
                                default="operator",
                                max_length=10,
                            ),
                        ),
                        ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("taxonomy_name", models.CharField(blank=True, max_length=300)),
                        ("code", models.CharField(blank=True, max_length=100)),
                        ("name", models.CharField(max_length=300)),
                        ("description", models.TextField(blank=True)),
                        ("term_uri", models.CharField(blank=True, max_length=1000)),
                        (
                            "path",
                            models.CharField(
                                blank=True, db_index=True, editable=False, max_length=255
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.source",
                            ),
                        ),
                        (
                            "taxonomy",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.taxonomy",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                        (
                            "retired_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical taxonomy term",
                        "verbose_name_plural": "historical taxonomy terms",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAttribute",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("link_entity", models.CharField(max_length=60)),
                        ("link_uid", models.UUIDField()),
                        ("link_type", models.CharField(blank=True, max_length=60)),
                        ("value", models.CharField(blank=True, max_length=1000)),
                        ("label", models.CharField(blank=True, max_length=300)),
                        (
                            "polarity",
                            models.CharField(
                                choices=[
                                    ("requires", "Applies to"),
                                    ("excludes", "Does not apply to"),
                                ],
                                default="requires",
                                max_length=10,
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical attribute",
                        "verbose_name_plural": "historical attributes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Attribute",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("link_entity", models.CharField(max_length=60)),
                        ("link_uid", models.UUIDField()),
                        ("link_type", models.CharField(blank=True, max_length=60)),
                        ("value", models.CharField(blank=True, max_length=1000)),
                        ("label", models.CharField(blank=True, max_length=300)),
                        (
                            "polarity",
                            models.CharField(
                                choices=[
                                    ("requires", "Applies to"),
                                    ("excludes", "Does not apply to"),
                                ],
                                default="requires",
                                max_length=10,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attributes",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attributes",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attributes",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "service_at_location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attributes",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attributes",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(fields=["link_entity", "link_uid"], name="attribute_link"),
                            models.Index(fields=["term", "service"], name="attribute_of_service"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("term__isnull", False),
                                    models.Q(("value", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="attribute_says_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("polarity__in", ["requires", "excludes"])),
                                name="attribute_polarity_is_known",
                            ),
                            models.UniqueConstraint(
                                fields=("link_entity", "link_uid", "term", "link_type", "value"),
                                name="attribute_is_unique",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("term__isnull", True)),
                                fields=("link_entity", "link_uid", "link_type", "value"),
                                name="attribute_value_is_unique",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TermMapping",
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
                        ("scheme", models.CharField(max_length=60)),
                        ("code", models.CharField(max_length=60)),
                        ("label", models.CharField(max_length=300)),
                        (
                            "term",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mappings",
                                to="catalogue.taxonomyterm",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("term", "scheme", "code"), name="term_mapping_is_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceCapacity",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("available", models.IntegerField(blank=True, null=True)),
                        ("maximum", models.IntegerField(blank=True, null=True)),
                        ("description", models.TextField(blank=True)),
                        ("updated", models.DateTimeField()),
                        (
                            "availability",
                            models.CharField(
                                choices=[
                                    ("open", "Has room"),
                                    ("limited", "Few places left"),
                                    ("waitlist", "Waiting list"),
                                    ("full", "Full"),
                                    ("paused", "Intake paused"),
                                    ("unknown", "Capacity unknown"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        ("wait_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="capacities",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="capacities",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.unit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "availability__in",
                                        [
                                            "open",
                                            "limited",
                                            "waitlist",
                                            "full",
                                            "paused",
                                            "unknown",
                                        ],
                                    )
                                ),
                                name="capacity_availability_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("available__isnull", True),
                                    ("available__gte", 0),
                                    _connector="OR",
                                ),
                                name="capacity_not_negative",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("place__isnull", False), ("unit__isnull", True)
                                ),
                                fields=("place",),
                                name="capacity_one_statement_per_place",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("place__isnull", True), ("unit__isnull", True)),
                                fields=("service",),
                                name="capacity_one_statement_per_service",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalServiceCapacity",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=core.jobs.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("available", models.IntegerField(blank=True, null=True)),
                        ("maximum", models.IntegerField(blank=True, null=True)),
                        ("description", models.TextField(blank=True)),
                        ("updated", models.DateTimeField()),
                        (
                            "availability",
                            models.CharField(
                                choices=[
                                    ("open", "Has room"),
                                    ("limited", "Few places left"),
                                    ("waitlist", "Waiting list"),
                                    ("full", "Full"),
                                    ("paused", "Intake paused"),
                                    ("unknown", "Capacity unknown"),
                                ],
                                default="unknown",
                                max_length=10,
                            ),
                        ),
                        ("wait_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalogue.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical service capacity",
                        "verbose_name_plural": "historical service capacitys",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Url",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("label", models.CharField(blank=True, max_length=300)),
                        ("url", models.URLField(max_length=1000)),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="urls",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="urls",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False),
                                    ("service__isnull", False),
                                    _connector="OR",
                                ),
                                name="url_has_parent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkCalendar",
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
                            "weekdays",
                            models.JSONField(
                                default=directory.catalogue.models.schedule.working_week
                            ),
                        ),
                        (
                            "opens_at",
                            models.TimeField(default=datetime.time(9, 0), verbose_name="opens at"),
                        ),
                        (
                            "closes_at",
                            models.TimeField(
                                default=datetime.time(17, 0), verbose_name="closes at"
                            ),
                        ),
                        (
                            "tz",
                            models.CharField(
                                default=directory.catalogue.models.record.default_zone,
                                max_length=50,
                            ),
                        ),
                        ("closed_on", models.JSONField(blank=True, default=list)),
                        (
                            "organization",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="work_calendar",
                                to="catalogue.organization",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.Value(1),
                                condition=models.Q(("organization__isnull", True)),
                                name="work_calendar_one_for_everybody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                                name="work_calendar_closes_after_opening",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListingRestriction",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("do_not_list", "Do not list"),
                                    ("do_not_contact", "Do not contact"),
                                    ("do_not_visit", "Do not visit"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "match_kind",
                            models.CharField(
                                choices=[
                                    ("uid", "Record number"),
                                    ("identifier", "Registration number"),
                                    ("e164", "Phone number"),
                                    ("email", "E-mail address"),
                                    ("domain", "Website"),
                                    ("name", "Name and area"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("match_value", models.CharField(max_length=300)),
                        ("label", models.CharField(blank=True, max_length=200)),
                        ("channels", models.JSONField(blank=True, default=list)),
                        ("reason", models.TextField()),
                        ("requested_by", models.CharField(max_length=200)),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft entry"),
                                    ("active", "In force"),
                                    ("lifted", "Lifted"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="geography.area",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                fields=["match_kind", "match_value"], name="restriction_match"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["do_not_list", "do_not_contact", "do_not_visit"])
                                ),
                                name="restriction_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "match_kind__in",
                                        ["uid", "identifier", "e164", "email", "domain", "name"],
                                    )
                                ),
                                name="restriction_match_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "active", "lifted"])),
                                name="restriction_state_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Address",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("attention", models.CharField(blank=True, max_length=300)),
                        ("address_1", models.CharField(blank=True, max_length=500)),
                        ("address_2", models.CharField(blank=True, max_length=500)),
                        ("city", models.CharField(blank=True, max_length=200)),
                        ("region", models.CharField(blank=True, max_length=200)),
                        ("state_province", models.CharField(blank=True, max_length=200)),
                        (
                            "postal_code",
                            models.CharField(
                                blank=True, db_index=True, max_length=20, verbose_name="postal code"
                            ),
                        ),
                        ("country", models.CharField(default="CN", max_length=2)),
                        (
                            "address_type",
                            models.CharField(
                                choices=[
                                    ("physical", "A place to go to"),
                                    ("postal", "Postal address"),
                                    ("virtual", "By phone or on the web"),
                                ],
                                default="physical",
                                max_length=10,
                            ),
                        ),
                        (
                            "town",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="town or sub-district"
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="geography.area",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="catalogue.location",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("address_type__in", ["physical", "postal", "virtual"])
                                ),
                                name="address_type_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                                name="address_country_has_two_letters",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganizationIdentifier",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("identifier_scheme", models.CharField(blank=True, max_length=60)),
                        ("identifier_type", models.CharField(max_length=200)),
                        ("identifier", models.CharField(max_length=200)),
                        ("normalized", models.CharField(editable=False, max_length=200)),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identifiers",
                                to="catalogue.organization",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("identifier_scheme", ""), _negated=True),
                                fields=("identifier_scheme", "normalized"),
                                name="organization_identifier_is_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Language",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("code", models.CharField(blank=True, db_index=True, max_length=35)),
                        ("note", models.TextField(blank=True)),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="languages",
                                to="catalogue.location",
                            ),
                        ),
                        (
                            "phone",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="languages",
                                to="catalogue.phone",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="languages",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("service__isnull", False),
                                    ("location__isnull", False),
                                    ("phone__isnull", False),
                                    _connector="OR",
                                ),
                                name="language_has_parent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Funding",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("source", models.TextField(blank=True)),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="funding",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="funding",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False),
                                    ("service__isnull", False),
                                    _connector="OR",
                                ),
                                name="funding_has_parent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CostOption",
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
                            "language",
                            models.CharField(
                                default="zh-Hans", max_length=35, verbose_name="language"
                            ),
                        ),
                        ("translations", models.JSONField(blank=True, default=dict)),
                        (
                            "translation_meta",
                            models.JSONField(blank=True, default=dict, editable=False),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("option", models.CharField(blank=True, max_length=300)),
                        ("currency", models.CharField(blank=True, max_length=3)),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=12, null=True
                            ),
                        ),
                        ("amount_description", models.TextField(blank=True)),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cost_options",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from__isnull", True),
                                    ("valid_to__isnull", True),
                                    ("valid_from__lte", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="cost_option_dates_in_order",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
