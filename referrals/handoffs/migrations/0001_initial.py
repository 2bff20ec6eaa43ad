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
    ]

    operations = [
        core.models.creation.CreateModels(
            models=[
                migrations.CreateModel(
                    name="OffPlatformContact",
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
                            "name",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="organization"
                            ),
                        ),
                        (
                            "person",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="contact person"
                            ),
                        ),
                        ("phone", core.crypto.EncryptedTextField(blank=True, verbose_name="phone")),
                        (
                            "email",
                            core.crypto.EncryptedTextField(
                                blank=True, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="off_platform_contacts",
                                to="catalogue.organization",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("organization__isnull", False),
                                    models.Q(("name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="offplatformcontact_has_a_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReasonCode",
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
                            "side",
                            models.CharField(
                                choices=[
                                    ("client", "Client"),
                                    ("provider", "Provider"),
                                    ("system", "System"),
                                    ("safety", "Safety"),
                                ],
                                max_length=10,
                                verbose_name="side",
                            ),
                        ),
                        (
                            "hmis",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="HMIS"
                            ),
                        ),
                        (
                            "needs_note",
                            models.BooleanField(default=False, verbose_name="needs a note"),
                        ),
                        (
                            "flags_listing",
                            models.BooleanField(
                                default=False, verbose_name="opens a listing check"
                            ),
                        ),
                        (
                            "suggests_next",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Nothing"),
                                    ("next_candidate", "Try the next provider"),
                                    ("conference", "Bring it to a case conference"),
                                    ("suggested_service", "Look at the suggested service"),
                                    ("fix_and_resend", "Correct it and send again"),
                                    ("close_need", "Close the need"),
                                    ("call_client", "Call the client"),
                                ],
                                default="",
                                max_length=20,
                                verbose_name="suggests",
                            ),
                        ),
                        (
                            "selectable_by",
                            models.CharField(
                                choices=[
                                    ("recipient", "Recipient"),
                                    ("worker", "Worker"),
                                    ("worker_or_client", "Worker or client"),
                                    ("system", "System"),
                                ],
                                max_length=20,
                                verbose_name="chosen by",
                            ),
                        ),
                        (
                            "code",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reason",
                                to="catalogue.code",
                                verbose_name="code",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reason",
                        "verbose_name_plural": "reasons",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("side__in", ["client", "provider", "system", "safety"])
                                ),
                                name="reasoncode_side_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "suggests_next__in",
                                        [
                                            "",
                                            "next_candidate",
                                            "conference",
                                            "suggested_service",
                                            "fix_and_resend",
                                            "close_need",
                                            "call_client",
                                        ],
                                    )
                                ),
                                name="reasoncode_next_step_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "selectable_by__in",
                                        ["recipient", "worker", "worker_or_client", "system"],
                                    )
                                ),
                                name="reasoncode_selectable_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("hmis__isnull", True), ("hmis__in", [2, 3]), _connector="OR"
                                ),
                                name="reasoncode_hmis_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Referral",
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
                            "ref_no",
                            models.CharField(editable=False, max_length=40, verbose_name="number"),
                        ),
                        (
                            "act",
                            models.CharField(
                                choices=[("referral", "Referral"), ("dispatch", "Dispatch")],
                                default="referral",
                                max_length=10,
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("platform", "Platform"),
                                    ("walk_in", "Walk-in"),
                                    ("paper_in", "Paper"),
                                    ("import", "Import"),
                                    ("api", "API"),
                                ],
                                default="platform",
                                max_length=10,
                            ),
                        ),
                        (
                            "referral_reason",
                            models.CharField(max_length=40, verbose_name="reason for referral"),
                        ),
                        ("category", models.CharField(db_index=True, max_length=20)),
                        (
                            "summary",
                            core.crypto.EncryptedTextField(
                                blank=True, verbose_name="message to the recipient"
                            ),
                        ),
                        ("details", core.crypto.EncryptedJSONField(blank=True, default=dict)),
                        ("data_classes", models.JSONField(default=list)),
                        ("priority", models.CharField(max_length=2, verbose_name="priority")),
                        (
                            "clock_class",
                            models.CharField(
                                choices=[
                                    ("emergency", "Emergency"),
                                    ("urgent", "Urgent"),
                                    ("normal", "Normal"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("platform", "Platform"),
                                    ("secure_link", "Link"),
                                    ("phone", "Phone, and log the answer"),
                                    ("paper", "Printed referral form"),
                                ],
                                max_length=12,
                                verbose_name="channel",
                            ),
                        ),
                        ("delivery", core.crypto.EncryptedJSONField(blank=True, default=dict)),
                        ("confirmed", models.JSONField(default=list)),
                        ("override_reason", core.crypto.EncryptedTextField(blank=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("pending_approval", "Awaiting supervisor approval"),
                                    ("sent", "Sent"),
                                    ("acknowledged", "Acknowledged"),
                                    ("info_requested", "Returned for more information"),
                                    ("accepted", "Accepted"),
                                    ("waitlisted", "Waitlisted"),
                                    ("in_service", "In service"),
                                    ("on_hold", "On hold"),
                                    ("outcome_reported", "Outcome reported, to be verified"),
                                    ("closed", "Loop closed"),
                                    ("declined", "Declined"),
                                    ("cancelled", "Withdrawn"),
                                    ("failed", "Referral failed"),
                                    ("expired", "Expired without an answer"),
                                    ("entered_in_error", "Entered in error"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("last_seq", models.PositiveIntegerField(default=0, editable=False)),
                        ("attempt_no", models.PositiveSmallIntegerField(default=1)),
                        ("handoff_mode", models.CharField(blank=True, max_length=20)),
                        (
                            "handoff_record",
                            core.crypto.EncryptedJSONField(blank=True, default=dict),
                        ),
                        ("must_happen_before", models.DateField(null=True)),
                        ("expected_on", models.DateField(null=True)),
                        (
                            "next_actor",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("sender", "Sender"),
                                    ("supervisor", "Supervisor"),
                                    ("recipient", "Recipient"),
                                    ("sender_follow_up", "Sender, next step for the need"),
                                    ("", "Nobody"),
                                ],
                                default="sender",
                                max_length=20,
                            ),
                        ),
                        ("due_at", models.DateTimeField(editable=False, null=True)),
                        ("sent_at", models.DateTimeField(editable=False, null=True)),
                        ("acknowledged_at", models.DateTimeField(editable=False, null=True)),
                        ("decided_at", models.DateTimeField(editable=False, null=True)),
                        ("first_contact_at", models.DateTimeField(editable=False, null=True)),
                        ("outcome_at", models.DateTimeField(editable=False, null=True)),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        ("end_reason", models.CharField(blank=True, editable=False, max_length=40)),
                        (
                            "verification",
                            models.CharField(blank=True, editable=False, max_length=20),
                        ),
                        (
                            "assigned_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals_assigned",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="casefiles.client",
                                verbose_name="client",
                            ),
                        ),
                        (
                            "off_platform_contact",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="handoffs.offplatformcontact",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="onward",
                                to="handoffs.referral",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.serviceatlocation",
                            ),
                        ),
                        (
                            "recipient_org",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals_received",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "root",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chain",
                                to="handoffs.referral",
                            ),
                        ),
                        (
                            "sender",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals_sent",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "sender_org",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals_sent",
                                to="catalogue.organization",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="catalogue.service",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "referral",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sender_org", "ref_no"), name="referral_number_is_unique"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "draft",
                                            "pending_approval",
                                            "sent",
                                            "acknowledged",
                                            "info_requested",
                                            "accepted",
                                            "waitlisted",
                                            "in_service",
                                            "on_hold",
                                            "outcome_reported",
                                            "closed",
                                            "declined",
                                            "cancelled",
                                            "failed",
                                            "expired",
                                            "entered_in_error",
                                        ],
                                    )
                                ),
                                name="referral_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("act__in", ["referral", "dispatch"])),
                                name="referral_act_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "origin__in",
                                        ["platform", "walk_in", "paper_in", "import", "api"],
                                    )
                                ),
                                name="referral_origin_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channel__in", ["platform", "secure_link", "phone", "paper"])
                                ),
                                name="referral_channel_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("clock_class__in", ["emergency", "urgent", "normal"])
                                ),
                                name="referral_clock_class_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "next_actor__in",
                                        [
                                            "sender",
                                            "supervisor",
                                            "recipient",
                                            "sender_follow_up",
                                            "",
                                        ],
                                    )
                                ),
                                name="referral_next_actor_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("off_platform_contact__isnull", True),
                                        ("service__isnull", False),
                                    ),
                                    models.Q(
                                        ("off_platform_contact__isnull", False),
                                        ("service__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="referral_goes_to_one_recipient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        (
                                            "status__in",
                                            [
                                                "cancelled",
                                                "closed",
                                                "declined",
                                                "entered_in_error",
                                                "expired",
                                                "failed",
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", True),
                                        (
                                            "status__in",
                                            [
                                                "accepted",
                                                "acknowledged",
                                                "draft",
                                                "in_service",
                                                "info_requested",
                                                "on_hold",
                                                "outcome_reported",
                                                "pending_approval",
                                                "sent",
                                                "waitlisted",
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="referral_ended_means_done",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", False),
                                    (
                                        "status__in",
                                        [
                                            "cancelled",
                                            "draft",
                                            "entered_in_error",
                                            "pending_approval",
                                        ],
                                    ),
                                    _connector="OR",
                                ),
                                name="referral_under_way_was_sent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="referral_is_not_its_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("attempt_no__gte", 1)),
                                name="referral_attempts_count_from_one",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                fields=["recipient_org", "status", "due_at"], name="referral_in"
                            ),
                            models.Index(
                                fields=["sender_org", "status", "due_at"], name="referral_out"
                            ),
                            models.Index(fields=["status", "due_at"], name="referral_by_status"),
                            models.Index(fields=["updated_at"], name="referral_by_updated"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PacketSnapshot",
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
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        (
                            "tier",
                            models.CharField(
                                choices=[
                                    ("preview", "Preview without identity"),
                                    ("full", "Full packet"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("data_classes", models.JSONField(default=list)),
                        ("body", core.crypto.EncryptedJSONField()),
                        ("sha256", models.CharField(max_length=64)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="packets",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "tier", "number"),
                                name="packetsnapshot_is_numbered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tier__in", ["preview", "full"])),
                                name="packetsnapshot_tier_is_known",
                            ),
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
                        ("at", models.DateTimeField()),
                        ("method", models.CharField(max_length=20)),
                        ("result", models.CharField(max_length=20)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contact_attempts",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at"],
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
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
                        ("at", models.DateTimeField()),
                        ("place", core.crypto.EncryptedTextField(blank=True)),
                        ("state", models.CharField(max_length=10)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at"],
                    },
                ),
                migrations.CreateModel(
                    name="AccessLink",
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
                                choices=[("recipient", "Recipient"), ("client", "Client")],
                                max_length=10,
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("address", core.crypto.EncryptedTextField(blank=True)),
                        ("code_address", core.crypto.EncryptedTextField(blank=True)),
                        ("expires_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(null=True)),
                        ("opens", models.PositiveSmallIntegerField(default=0)),
                        ("code_hash", models.CharField(blank=True, max_length=64)),
                        ("code_expires_at", models.DateTimeField(null=True)),
                        ("code_tries", models.PositiveSmallIntegerField(default=0)),
                        ("locked_at", models.DateTimeField(null=True)),
                        ("asked_at", models.DateTimeField(null=True)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["recipient", "client"])),
                                name="accesslink_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("opens__lte", 50)),
                                name="accesslink_opens_are_counted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("code_tries__lte", 5)),
                                name="accesslink_tries_are_counted",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=["expires_at"],
                                name="accesslink_live",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralClock",
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
                                    ("K0", "Draft"),
                                    ("K0A", "Approval"),
                                    ("A", "Receipt"),
                                    ("B", "Decision"),
                                    ("C", "First contact"),
                                    ("D", "Progress report"),
                                    ("E", "Waiting list review"),
                                    ("F", "Verification with the client"),
                                    ("G", "Sender's answer"),
                                    ("H", "Follow-up of the need"),
                                    ("R", "Resume date"),
                                ],
                                max_length=3,
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("remind_at", models.DateTimeField(null=True)),
                        ("l2_at", models.DateTimeField(null=True)),
                        ("l3_at", models.DateTimeField(null=True)),
                        ("l4_at", models.DateTimeField(null=True)),
                        ("next_at", models.DateTimeField(null=True)),
                        ("paused_since", models.DateTimeField(null=True)),
                        ("paused_seconds", models.PositiveBigIntegerField(default=0)),
                        ("stopped_at", models.DateTimeField(null=True)),
                        ("level", models.PositiveSmallIntegerField(default=0)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clocks",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "kind", "started_at"),
                                name="referralclock_starts_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stopped_at__isnull", True)),
                                fields=("referral", "kind"),
                                name="referralclock_runs_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        ["K0", "K0A", "A", "B", "C", "D", "E", "F", "G", "H", "R"],
                                    )
                                ),
                                name="referralclock_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_at__gte", models.F("started_at"))),
                                name="referralclock_is_due_after_its_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("level__lte", 4)),
                                name="referralclock_level_is_known",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("stopped_at__isnull", True)),
                                fields=["due_at"],
                                name="referralclock_due",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("paused_since__isnull", True), ("stopped_at__isnull", True)
                                ),
                                fields=["next_at"],
                                name="referralclock_next",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralEvent",
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
                        ("seq", models.PositiveIntegerField()),
                        ("event", models.CharField(max_length=30)),
                        (
                            "from_status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("draft", "Draft"),
                                    ("pending_approval", "Awaiting supervisor approval"),
                                    ("sent", "Sent"),
                                    ("acknowledged", "Acknowledged"),
                                    ("info_requested", "Returned for more information"),
                                    ("accepted", "Accepted"),
                                    ("waitlisted", "Waitlisted"),
                                    ("in_service", "In service"),
                                    ("on_hold", "On hold"),
                                    ("outcome_reported", "Outcome reported, to be verified"),
                                    ("closed", "Loop closed"),
                                    ("declined", "Declined"),
                                    ("cancelled", "Withdrawn"),
                                    ("failed", "Referral failed"),
                                    ("expired", "Expired without an answer"),
                                    ("entered_in_error", "Entered in error"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "to_status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("draft", "Draft"),
                                    ("pending_approval", "Awaiting supervisor approval"),
                                    ("sent", "Sent"),
                                    ("acknowledged", "Acknowledged"),
                                    ("info_requested", "Returned for more information"),
                                    ("accepted", "Accepted"),
                                    ("waitlisted", "Waitlisted"),
                                    ("in_service", "In service"),
                                    ("on_hold", "On hold"),
                                    ("outcome_reported", "Outcome reported, to be verified"),
                                    ("closed", "Loop closed"),
                                    ("declined", "Declined"),
                                    ("cancelled", "Withdrawn"),
                                    ("failed", "Referral failed"),
                                    ("expired", "Expired without an answer"),
                                    ("entered_in_error", "Entered in error"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "actor_role",
                            models.CharField(
                                choices=[
                                    ("SND", "Sender"),
                                    ("SUP", "Supervisor"),
                                    ("RCV", "Recipient"),
                                    ("LNK", "Recipient by link"),
                                    ("PRX", "Recorded for the recipient"),
                                    ("CRD", "Coordinator"),
                                    ("CLI", "Client"),
                                    ("SYS", "System"),
                                ],
                                max_length=3,
                            ),
                        ),
                        ("on_behalf_of", models.CharField(blank=True, max_length=10)),
                        ("channel", models.CharField(blank=True, max_length=20)),
                        ("reported_by", core.crypto.EncryptedTextField(blank=True)),
                        ("reported_at", models.DateTimeField(null=True)),
                        ("at", models.DateTimeField()),
                        ("occurred_at", models.DateTimeField()),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("data", models.JSONField(default=dict)),
                        ("texts", core.crypto.EncryptedJSONField(blank=True, default=dict)),
                        ("idempotency_key", models.CharField(blank=True, max_length=300)),
                        ("due_frozen", models.JSONField(default=dict)),
                        (
                            "actor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="handoffs.accesslink",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["referral", "seq"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "seq"), name="referralevent_has_its_place"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("idempotency_key", ""), _negated=True),
                                fields=("idempotency_key",),
                                name="referralevent_happens_once_per_key",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "actor_role__in",
                                        ["SND", "SUP", "RCV", "LNK", "PRX", "CRD", "CLI", "SYS"],
                                    )
                                ),
                                name="referralevent_actor_role_is_known",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["event", "at"], name="referralevent_by_kind")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralNeed",
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
                        ("outcome", models.CharField(blank=True, max_length=20)),
                        ("missing", core.crypto.EncryptedTextField(blank=True)),
                        (
                            "quantity",
                            models.DecimalField(decimal_places=2, max_digits=12, null=True),
                        ),
                        ("unit", models.CharField(blank=True, max_length=40)),
                        ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                        ("result", models.CharField(blank=True, max_length=20)),
                        ("open_key", models.CharField(max_length=60, null=True, unique=True)),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="casefiles.need",
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="handoffs.referral",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("referral", "need"), name="referralneed_is_named_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReferralSeries",
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
                        ("month", models.CharField(max_length=6)),
                        ("last", models.PositiveIntegerField(default=0)),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.organization",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organization", "month"), name="referralseries_is_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SenderRules",
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
                            "always_approve",
                            models.BooleanField(
                                default=False, verbose_name="a supervisor approves every referral"
                            ),
                        ),
                        (
                            "organization",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sender_rules",
                                to="catalogue.organization",
                                verbose_name="organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rules of sending",
                        "verbose_name_plural": "rules of sending",
                    },
                ),
                migrations.CreateModel(
                    name="ClockPolicy",
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
                            "clock",
                            models.CharField(
                                choices=[
                                    ("K0", "Draft"),
                                    ("K0A", "Approval"),
                                    ("A", "Receipt"),
                                    ("B", "Decision"),
                                    ("C", "First contact"),
                                    ("D", "Progress report"),
                                    ("E", "Waiting list review"),
                                    ("F", "Verification with the client"),
                                    ("G", "Sender's answer"),
                                    ("H", "Follow-up of the need"),
                                    ("R", "Resume date"),
                                ],
                                max_length=3,
                                verbose_name="clock",
                            ),
                        ),
                        (
                            "clock_class",
                            models.CharField(
                                choices=[
                                    ("emergency", "Emergency"),
                                    ("urgent", "Urgent"),
                                    ("normal", "Normal"),
                                ],
                                max_length=10,
                                verbose_name="class",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(blank=True, max_length=20, verbose_name="category"),
                        ),
                        ("amount", models.PositiveSmallIntegerField(verbose_name="amount")),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("h", "hours"),
                                    ("d", "days"),
                                    ("wh", "working hours"),
                                    ("wd", "working days"),
                                ],
                                max_length=2,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "ends_referral",
                            models.BooleanField(
                                default=False, verbose_name="ends the referral at 300 %"
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalogue.organization",
                                verbose_name="organization",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clock policy",
                        "verbose_name_plural": "clock policies",
                        "ordering": ["clock", "clock_class", "category", "organization"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("clock", "clock_class", "category", "organization"),
                                name="clockpolicy_is_one",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "clock__in",
                                        ["K0", "K0A", "A", "B", "C", "D", "E", "F", "G", "H", "R"],
                                    )
                                ),
                                name="clockpolicy_clock_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("clock_class__in", ["emergency", "urgent", "normal"])
                                ),
                                name="clockpolicy_class_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("unit__in", ["h", "d", "wh", "wd"])),
                                name="clockpolicy_unit_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 1)),
                                name="clockpolicy_runs_at_all",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
