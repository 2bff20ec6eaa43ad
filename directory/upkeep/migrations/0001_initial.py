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
        ("catalogue", "0001_initial"),
        ("geography", "0004_alter_geocodingprovider_created_at"),
    ]

    operations = [
        core.models.creation.CreateModels(
            models=[
                migrations.CreateModel(
                    name="ApprovalRule",
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
                            "source",
                            models.CharField(
                                choices=[
                                    ("partner", "Provider"),
                                    ("link", "Provider, by link"),
                                    ("worker", "Worker"),
                                    ("verifier", "Verifier"),
                                    ("public", "Visitor"),
                                    ("import", "Import"),
                                    ("spreadsheet", "Spreadsheet"),
                                ],
                                max_length=20,
                                verbose_name="source",
                            ),
                        ),
                        ("group", models.CharField(max_length=30, verbose_name="facts")),
                        ("live", models.BooleanField(verbose_name="goes live at once")),
                    ],
                    options={
                        "ordering": ["source", "group"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "group"), name="approval_rule_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "source__in",
                                        [
                                            "partner",
                                            "link",
                                            "worker",
                                            "verifier",
                                            "public",
                                            "import",
                                            "spreadsheet",
                                        ],
                                    )
                                ),
                                name="approval_rule_source_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VerificationPolicy",
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
                        ("code", models.CharField(max_length=30, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                        (
                            "match",
                            models.JSONField(blank=True, default=dict, verbose_name="applies to"),
                        ),
                        (
                            "interval_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="days between confirmations"
                            ),
                        ),
                        (
                            "first_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="days until the first confirmation"
                            ),
                        ),
                        (
                            "ask_before",
                            models.PositiveSmallIntegerField(
                                verbose_name="first message, days before"
                            ),
                        ),
                        (
                            "ask_steps",
                            models.JSONField(
                                default=list, verbose_name="reminders, days after the first message"
                            ),
                        ),
                        (
                            "phone_after",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="call, days after"
                            ),
                        ),
                        (
                            "visit_after",
                            models.PositiveSmallIntegerField(verbose_name="visit, days after"),
                        ),
                        (
                            "stale_after",
                            models.PositiveSmallIntegerField(
                                verbose_name="ranked last, days after"
                            ),
                        ),
                        (
                            "hide_after",
                            models.PositiveSmallIntegerField(verbose_name="hidden, days after"),
                        ),
                        (
                            "capacity_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="days that a word on places holds"
                            ),
                        ),
                        (
                            "critical_groups",
                            models.JSONField(
                                default=list, verbose_name="facts that must be confirmed"
                            ),
                        ),
                        (
                            "visit_every",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                verbose_name="visit at every n-th confirmation",
                            ),
                        ),
                        (
                            "max_self",
                            models.PositiveSmallIntegerField(
                                default=3,
                                verbose_name="confirmations by the provider alone, in a row",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        "ordering": ["order", "code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stale_after__gt", models.F("phone_after")),
                                    ("hide_after__gt", models.F("stale_after")),
                                ),
                                name="policy_steps_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VerificationRequest",
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
                        ("address_hash", models.CharField(max_length=32)),
                        ("channel", models.CharField(max_length=10)),
                        ("day", models.DateField()),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("sent", "Sent"),
                                    ("bounced", "Returned"),
                                    ("answered", "Answered"),
                                    ("revoked", "Revoked"),
                                    ("expired", "Expired"),
                                ],
                                default="queued",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("posts", models.PositiveSmallIntegerField(default=0)),
                        ("answered_by", models.CharField(blank=True, max_length=100)),
                        ("answered_role", models.CharField(blank=True, max_length=100)),
                        ("is_known", models.BooleanField(default=False)),
                        ("expires_at", models.DateTimeField()),
                        (
                            "contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="catalogue.contact",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verification_requests",
                                to="catalogue.organization",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("address_hash", "channel", "day"),
                                name="one_message_per_address_and_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "queued",
                                            "sent",
                                            "bounced",
                                            "answered",
                                            "revoked",
                                            "expired",
                                        ],
                                    )
                                ),
                                name="request_state_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VerificationTask",
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
                                    ("first", "First check"),
                                    ("periodic", "Regular check"),
                                    ("interim", "Check after a doubt"),
                                    ("resume", "Check after a pause"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("groups", models.JSONField(default=list, verbose_name="facts to confirm")),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("ask", "Asked by message"),
                                    ("phone", "To be called"),
                                    ("visit", "To be visited"),
                                ],
                                default="ask",
                                max_length=10,
                                verbose_name="stage",
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "skipped",
                            models.PositiveSmallIntegerField(
                                default=0,
                                editable=False,
                                help_text="Steps that fell into an outage.",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("done", "Done"),
                                    ("dropped", "Dropped"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("opened_on", models.DateField(verbose_name="opened on")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "next_step_on",
                            models.DateField(db_index=True, null=True, verbose_name="next step on"),
                        ),
                        (
                            "visit_on",
                            models.DateField(blank=True, null=True, verbose_name="visit on"),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(default=2, verbose_name="priority"),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("confirmed", "All correct"),
                                    ("updated", "Updated"),
                                    ("unreachable", "Not reached"),
                                    ("relocated", "Moved"),
                                    ("closed", "Closed down"),
                                    ("refused", "Does not want to be listed"),
                                ],
                                max_length=20,
                                verbose_name="result",
                            ),
                        ),
                        (
                            "drop_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="reason"),
                        ),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="done at"),
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
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verification_tasks",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verification_tasks",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["open", "done", "dropped"])),
                                name="task_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stage__in", ["ask", "phone", "visit"])),
                                name="task_stage_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("priority__lte", 3)), name="task_priority_0_3"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("place__isnull", False), ("state", "open")),
                                fields=("service", "place"),
                                name="one_open_task_per_place",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("place__isnull", True), ("state", "open")),
                                fields=("service",),
                                name="one_open_task_per_service",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["state", "next_step_on"], name="task_next_step")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Verification",
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
                            "method",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("visit", "Site visit"),
                                    ("online", "Website check"),
                                    ("partner_update", "Updated by the provider"),
                                    ("email", "E-mail or letter"),
                                    ("referral_feedback", "Referral feedback"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("confirmed", "All correct"),
                                    ("updated", "Updated"),
                                    ("unreachable", "Not reached"),
                                    ("relocated", "Moved"),
                                    ("closed", "Closed down"),
                                    ("refused", "Does not want to be listed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("groups", models.JSONField(default=list)),
                        ("contact_name", models.CharField(blank=True, max_length=100)),
                        ("contact_role", models.CharField(blank=True, max_length=100)),
                        ("seen_version", models.PositiveIntegerField()),
                        (
                            "corrected",
                            models.JSONField(default=list, help_text="Groups that were corrected."),
                        ),
                        ("note", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verifications",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verifications",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="upkeep.verificationrequest",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verifications",
                                to="upkeep.verificationtask",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "result__in",
                                        [
                                            "confirmed",
                                            "updated",
                                            "unreachable",
                                            "relocated",
                                            "closed",
                                            "refused",
                                        ],
                                    )
                                ),
                                name="verification_result_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestLine",
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
                        ("step", models.PositiveSmallIntegerField()),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="upkeep.verificationrequest",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="upkeep.verificationtask",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("task", "step"), name="one_line_per_task_and_step"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Doubt",
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
                        ("groups", models.JSONField(default=list, verbose_name="doubted facts")),
                        ("reason", models.CharField(max_length=40, verbose_name="reason")),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("referral", "Referral"),
                                    ("worker", "Worker"),
                                    ("public", "Visitor"),
                                    ("import", "Import"),
                                    ("bounce", "Returned message"),
                                    ("system", "System"),
                                ],
                                max_length=10,
                                verbose_name="origin",
                            ),
                        ),
                        ("weight", models.PositiveSmallIntegerField(verbose_name="weight")),
                        ("key", models.CharField(max_length=100, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("upheld", "Upheld"),
                                    ("dismissed", "Dismissed"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doubts",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "reporter_organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doubts",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="doubts",
                                to="upkeep.verificationtask",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["open", "upheld", "dismissed"])),
                                name="doubt_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "origin__in",
                                        [
                                            "referral",
                                            "worker",
                                            "public",
                                            "import",
                                            "bounce",
                                            "system",
                                        ],
                                    )
                                ),
                                name="doubt_origin_is_known",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["service", "state"], name="doubt_service_state")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactAttempt",
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
                            "method",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("visit", "Site visit"),
                                    ("online", "Website check"),
                                    ("partner_update", "Updated by the provider"),
                                    ("email", "E-mail or letter"),
                                    ("referral_feedback", "Referral feedback"),
                                ],
                                max_length=20,
                                verbose_name="method",
                            ),
                        ),
                        (
                            "disposition",
                            models.CharField(max_length=20, verbose_name="what came of it"),
                        ),
                        (
                            "person",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="person reached"
                            ),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="minutes"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="upkeep.verificationtask",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ListingProposal",
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
                                    ("new", "New listing"),
                                    ("change", "Change"),
                                    ("close", "Close"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("table", models.CharField(max_length=40)),
                        ("target_uid", models.UUIDField()),
                        ("base_version", models.PositiveIntegerField()),
                        ("changes", models.JSONField(default=dict)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("partner", "Provider"),
                                    ("link", "Provider, by link"),
                                    ("worker", "Worker"),
                                    ("verifier", "Verifier"),
                                    ("public", "Visitor"),
                                    ("import", "Import"),
                                    ("spreadsheet", "Spreadsheet"),
                                ],
                                max_length=20,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Waiting for review"),
                                    ("applied", "Accepted"),
                                    ("partly", "Partly accepted"),
                                    ("rejected", "Rejected"),
                                    ("withdrawn", "Withdrawn"),
                                    ("superseded", "Superseded"),
                                ],
                                default="pending",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("decisions", models.JSONField(default=dict)),
                        ("risk", models.PositiveSmallIntegerField(default=0, verbose_name="risk")),
                        ("risk_reasons", models.JSONField(default=list)),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=300, verbose_name="reason"),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="catalogue.service",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "pending",
                                            "applied",
                                            "partly",
                                            "rejected",
                                            "withdrawn",
                                            "superseded",
                                        ],
                                    )
                                ),
                                name="proposal_state_is_known",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False), ("state", "pending")
                                ),
                                fields=("target_uid", "source", "organization"),
                                name="one_pending_proposal_per_side",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("organization__isnull", True), ("state", "pending")
                                ),
                                fields=("target_uid", "source", "author"),
                                name="one_pending_proposal_per_author",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListingReport",
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
                        ("kind", models.CharField(max_length=20, verbose_name="what is wrong")),
                        ("groups", models.JSONField(default=list)),
                        ("text", models.TextField(blank=True, verbose_name="in your words")),
                        (
                            "contact",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="how to reach you"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("upheld", "Upheld"),
                                    ("dismissed", "Dismissed"),
                                ],
                                default="new",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["new", "upheld", "dismissed"])),
                                name="report_state_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FieldConfirmation",
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
                        ("group", models.CharField(max_length=30)),
                        ("confirmed_on", models.DateField()),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("visit", "Site visit"),
                                    ("online", "Website check"),
                                    ("partner_update", "Updated by the provider"),
                                    ("email", "E-mail or letter"),
                                    ("referral_feedback", "Referral feedback"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "verification",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="upkeep.verification",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("place__isnull", False)),
                                fields=("service", "place", "group"),
                                name="confirmation_once_per_place",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("place__isnull", True)),
                                fields=("service", "group"),
                                name="confirmation_once_per_service",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
