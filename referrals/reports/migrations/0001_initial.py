import core.crypto
import core.jobs
import core.models.creation
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("casefiles", "0002_seeds"),
        ("catalogue", "0005_calendars"),
        ("handoffs", "0002_policies"),
    ]

    operations = [
        core.models.creation.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Evaluation",
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
                        ("party", models.CharField(max_length=40, verbose_name="who says it")),
                        (
                            "resolution",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="how far it is solved"
                            ),
                        ),
                        (
                            "satisfaction",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="how satisfied"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("link", "By link"),
                                    ("paper", "On paper"),
                                    ("phone", "By phone"),
                                ],
                                max_length=10,
                                verbose_name="way of answering",
                            ),
                        ),
                        ("delivered", models.BooleanField(verbose_name="help was given")),
                        (
                            "wait_band",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("same_day", "Same day"),
                                    ("days_3", "1 to 3 days"),
                                    ("days_7", "4 to 7 days"),
                                    ("days_30", "8 to 30 days"),
                                    ("longer", "Longer than 30 days"),
                                ],
                                max_length=10,
                                verbose_name="how long the wait was",
                            ),
                        ),
                        (
                            "difficulty",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("unknown_how", "Did not know how"),
                                    ("no_answer_phone", "Nobody answered the phone"),
                                    ("no_answer_person", "Nobody was there"),
                                    ("unhelpful", "They did not help"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                                verbose_name="what stood in the way",
                            ),
                        ),
                        (
                            "quality",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="quality of the help"
                            ),
                        ),
                        (
                            "wait",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="waiting time"
                            ),
                        ),
                        (
                            "staff",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="how staff treated you"
                            ),
                        ),
                        (
                            "text",
                            core.crypto.EncryptedTextField(
                                blank=True, verbose_name="in your own words"
                            ),
                        ),
                        (
                            "anonymous",
                            models.BooleanField(
                                default=False, verbose_name="without telling the provider who it is"
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="casefiles.need",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "evaluation",
                        "verbose_name_plural": "evaluations",
                        "ordering": ["-created_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["link", "paper", "phone"])),
                                name="evaluation_channel_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "wait_band__in",
                                        ["", "same_day", "days_3", "days_7", "days_30", "longer"],
                                    )
                                ),
                                name="evaluation_wait_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("quality__isnull", True),
                                        ("quality__in", (1, 2, 3, 4, 5)),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("wait__isnull", True),
                                        ("wait__in", (1, 2, 3, 4, 5)),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("staff__isnull", True),
                                        ("staff__in", (1, 2, 3, 4, 5)),
                                        _connector="OR",
                                    ),
                                ),
                                name="evaluation_levels_are_five",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("delivered", False),
                                    models.Q(
                                        ("difficulty", ""),
                                        ("quality__isnull", False),
                                        ("wait__isnull", False),
                                        models.Q(("satisfaction", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="evaluation_of_help_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("delivered", True),
                                    models.Q(
                                        (
                                            "difficulty__in",
                                            [
                                                "unknown_how",
                                                "no_answer_phone",
                                                "no_answer_person",
                                                "unhelpful",
                                                "other",
                                            ],
                                        ),
                                        ("quality__isnull", True),
                                        ("wait_band", ""),
                                        ("staff__isnull", True),
                                        ("wait__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="evaluation_of_no_help_says_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("channel", "link")),
                                fields=("referral", "party"),
                                name="evaluation_once_per_link",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("unresolved", "Need not met yet"),
                                    ("aftercare", "Aftercare"),
                                    ("retention_check", "Check whether it lasts"),
                                    ("dispute_check", "Check of a disputed outcome"),
                                ],
                                default="unresolved",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        ("reminded_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("re_refer", "Refer again"),
                                    ("wait", "Wait"),
                                    ("self_managed", "Solved without us"),
                                    ("conference", "Bring to a case conference"),
                                    ("unmet", "Stays unmet"),
                                    ("no_longer_needed", "Not needed any more"),
                                ],
                                max_length=20,
                                verbose_name="result",
                            ),
                        ),
                        (
                            "wait_until",
                            models.DateField(blank=True, null=True, verbose_name="wait until"),
                        ),
                        ("note", core.crypto.EncryptedTextField(blank=True, verbose_name="note")),
                        (
                            "done_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="done at"),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="casefiles.need",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "follow-up",
                        "verbose_name_plural": "follow-ups",
                        "ordering": ["due_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at__isnull", True)),
                                fields=["due_at"],
                                name="followup_due",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "unresolved",
                                            "aftercare",
                                            "retention_check",
                                            "dispute_check",
                                        ],
                                    )
                                ),
                                name="followup_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("author__isnull", True),
                                        ("done_at__isnull", True),
                                        ("result", ""),
                                    ),
                                    models.Q(
                                        ("author__isnull", False),
                                        ("done_at__isnull", False),
                                        (
                                            "result__in",
                                            [
                                                "re_refer",
                                                "wait",
                                                "self_managed",
                                                "conference",
                                                "unmet",
                                                "no_longer_needed",
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="followup_done_has_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "wait"), ("wait_until__isnull", False)),
                                    models.Q(
                                        models.Q(("result", "wait"), _negated=True),
                                        ("wait_until__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="followup_waits_until_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("done_at__isnull", True)),
                                fields=("need", "kind"),
                                name="followup_open_once_per_need",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResourceLink",
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
                        ("on", models.DateField(verbose_name="date")),
                        (
                            "head_count",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="number of people"
                            ),
                        ),
                        (
                            "resource_type",
                            models.CharField(max_length=40, verbose_name="kind of resource"),
                        ),
                        (
                            "provider_name",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="name of the provider"
                            ),
                        ),
                        (
                            "content",
                            core.crypto.EncryptedTextField(blank=True, verbose_name="what it was"),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("introduced", "Introduced"),
                                    ("applied", "Applied for"),
                                    ("donated", "Donated"),
                                    ("referred", "Referred"),
                                ],
                                max_length=12,
                                verbose_name="way of linking",
                            ),
                        ),
                        (
                            "quantity",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=12,
                                null=True,
                                verbose_name="quantity",
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=14,
                                null=True,
                                verbose_name="value in money",
                            ),
                        ),
                        (
                            "valuation",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="how the value was found"
                            ),
                        ),
                        (
                            "result",
                            models.CharField(blank=True, max_length=20, verbose_name="result"),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resource_links",
                                to="casefiles.client",
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resource_links",
                                to="casefiles.need",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resource_links",
                                to="catalogue.organization",
                                verbose_name="who linked it",
                            ),
                        ),
                        (
                            "provider",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.organization",
                                verbose_name="provider",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resource_links",
                                to="handoffs.referral",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resource_links",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "resource link",
                        "verbose_name_plural": "resource links",
                        "ordering": ["-on", "-pk"],
                        "indexes": [
                            models.Index(fields=["organization", "on"], name="resourcelink_by_day")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mode__in", ["introduced", "applied", "donated", "referred"])
                                ),
                                name="resourcelink_mode_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("client__isnull", False), ("head_count__isnull", True)
                                    ),
                                    models.Q(
                                        ("client__isnull", True),
                                        ("head_count__isnull", False),
                                        ("need__isnull", True),
                                        ("head_count__gte", 1),
                                    ),
                                    _connector="OR",
                                ),
                                name="resourcelink_reached_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("provider__isnull", False),
                                    models.Q(("provider_name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="resourcelink_has_a_provider",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount__isnull", True),
                                    models.Q(("valuation", ""), _negated=True),
                                    ("referral__isnull", False),
                                    _connector="OR",
                                ),
                                name="resourcelink_value_has_its_ground",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("referral__isnull", False)),
                                fields=("referral", "need"),
                                name="resourcelink_once_per_referral",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnmetAlert",
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
                            "cause",
                            models.CharField(
                                choices=[
                                    ("new", "New service"),
                                    ("reopened", "Open again"),
                                    ("capacity", "Places are free again"),
                                ],
                                max_length=10,
                                verbose_name="cause",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="since")),
                        ("is_broad", models.BooleanField(default=False)),
                        ("told_at", models.DateTimeField(editable=False, null=True)),
                        ("seen_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alerts",
                                to="casefiles.need",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("seen_at__isnull", True)),
                                fields=["need"],
                                name="unmetalert_unseen",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("cause__in", ["new", "reopened", "capacity"])),
                                name="unmetalert_cause_is_known",
                            ),
                            models.UniqueConstraint(
                                fields=("need", "service", "at"), name="unmetalert_once_per_cause"
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
