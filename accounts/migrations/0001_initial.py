import core.crypto
import core.jobs
import django.db.models.functions.text
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='JobState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='job')),
                ('started_at', models.DateTimeField(null=True, verbose_name='last started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='last finished')),
                ('beat_at', models.DateTimeField(null=True, verbose_name='last sign of life')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='last error')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=core.jobs.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('role', models.CharField(choices=[('worker', 'Social worker'), ('supervisor', 'Supervisor'), ('partner_intake', 'Partner intake'), ('partner_editor', 'Partner editor'), ('privacy_lead', 'Privacy lead'), ('coordinator', 'Coordinator'), ('system_administrator', 'System administrator'), ('security_administrator', 'Security administrator'), ('auditor', 'Auditor')], max_length=30, verbose_name='role')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=core.jobs.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('key', models.CharField(max_length=200)),
                ('channel', models.CharField(choices=[('mail', 'E-mail'), ('sms', 'Text message'), ('page', 'Notice'), ('robot', 'Group chat')], max_length=5, verbose_name='channel')),
                ('recipient_ref', models.CharField(max_length=32)),
                ('template', models.CharField(max_length=60, verbose_name='template')),
                ('client_ref', models.CharField(blank=True, db_index=True, max_length=32)),
                ('body', core.crypto.EncryptedJSONField()),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'failed')], default='queued', max_length=7, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(default=core.jobs.now)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read at')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
            ],
            options={
                'verbose_name': 'message',
            },
        ),
        migrations.CreateModel(
            name='RateBucket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('budget', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=32)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(db_index=True)),
                ('n', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='StuckRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=80, verbose_name='job')),
                ('row', models.BigIntegerField(verbose_name='row')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(null=True, verbose_name='next try')),
                ('is_quarantined', models.BooleanField(default=False, verbose_name='quarantined')),
                ('error', models.CharField(max_length=500, verbose_name='error')),
            ],
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=core.jobs.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('digest', models.CharField(max_length=128, primary_key=True, serialize=False)),
                ('token_key', models.CharField(db_index=True, max_length=25)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('expiry', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=100)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UsedCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=core.jobs.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('theme', models.CharField(choices=[('auto', 'Like the device'), ('light', 'Light'), ('dark', 'Dark')], default='auto', max_length=5, verbose_name='theme')),
                ('text_size', models.PositiveSmallIntegerField(choices=[(100, 'Normal'), (125, 'Large'), (150, 'Very large')], default=100, verbose_name='text size')),
                ('reduced_data', models.BooleanField(default=False, verbose_name='save data: no maps, no pictures')),
                ('single_keys', models.BooleanField(default=True, verbose_name='single-key commands')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('theme__in', ['auto', 'light', 'dark'])), name='user_theme_is_known'), models.CheckConstraint(condition=models.Q(('text_size__in', [100, 125, 150])), name='user_text_size_is_known'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=core.jobs.now, verbose_name='at')),
                ('actor', models.UUIDField(verbose_name='user')),
                ('actor_org', models.UUIDField(null=True)),
                ('session_ref', models.CharField(blank=True, max_length=32)),
                ('ip_ref', models.CharField(blank=True, max_length=32)),
                ('action', models.CharField(max_length=60, verbose_name='action')),
                ('object_type', models.CharField(blank=True, max_length=60)),
                ('object_uid', models.UUIDField(null=True)),
                ('client_ref', models.CharField(blank=True, max_length=32)),
                ('basis', models.CharField(blank=True, max_length=60)),
                ('result', models.CharField(choices=[('ok', 'done'), ('denied', 'refused'), ('failed', 'failed')], default='ok', max_length=6, verbose_name='result')),
                ('meta', models.JSONField(default=dict)),
                ('key_id', models.CharField(max_length=20)),
                ('prev', models.CharField(max_length=64)),
                ('mac', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'access log entry',
                'indexes': [models.Index(fields=['actor', 'seq'], name='auditentry_by_actor'), models.Index(condition=models.Q(('client_ref', ''), _negated=True), fields=['client_ref', 'seq'], name='auditentry_by_client'), models.Index(fields=['object_uid', 'seq'], name='auditentry_by_object'), models.Index(fields=['at'], name='auditentry_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('result__in', ['ok', 'denied', 'failed'])), name='auditentry_result_is_known')],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(default=0)),
                ('mac', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='audithead_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=core.jobs.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('principal', models.CharField(max_length=60)),
                ('endpoint', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('client_ref', models.CharField(blank=True, db_index=True, max_length=32)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('outcome', core.crypto.EncryptedJSONField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='idempotencyrow_by_age')],
                'constraints': [models.UniqueConstraint(fields=('principal', 'endpoint', 'key'), name='idempotencyrow_acts_once')],
            },
        ),
    ]
