import core.jobs
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('catalogue', '0005_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=core.jobs.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('file_name', models.CharField(max_length=300, verbose_name='file')),
                ('format', models.CharField(blank=True, choices=[('json', 'HSDS 3 JSON'), ('csv-3', 'HSDS 3 CSV'), ('csv-2', 'HSDS 2.0 CSV'), ('csv-1', 'HSDS 1.1 CSV'), ('ohana', 'Ohana CSV')], max_length=10, verbose_name='format')),
                ('state', models.CharField(choices=[('received', 'received'), ('checking', 'being checked'), ('checked', 'checked'), ('applying', 'being applied'), ('applied', 'applied'), ('failed', 'failed'), ('interrupted', 'interrupted'), ('abandoned', 'abandoned')], default='received', max_length=12)),
                ('missing', models.CharField(choices=[('report', 'open a check'), ('suspend', 'suspend the listing')], default='report', max_length=10)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('running_slot', models.PositiveSmallIntegerField(editable=False, null=True, unique=True)),
                ('heartbeat_at', models.DateTimeField(editable=False, null=True)),
                ('checked_at', models.DateTimeField(editable=False, null=True)),
                ('finished_at', models.DateTimeField(editable=False, null=True)),
                ('failure', models.TextField(blank=True, editable=False)),
                ('read', models.JSONField(default=dict, editable=False)),
                ('problems', models.JSONField(default=list, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='catalogue.source')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['received', 'checking', 'checked', 'applying', 'applied', 'failed', 'interrupted', 'abandoned'])), name='import_batch_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('running_slot', 1), ('state__in', frozenset(['applying', 'checking']))), models.Q(models.Q(('state__in', frozenset(['applying', 'checking'])), _negated=True), ('running_slot', None)), _connector='OR'), name='import_batch_holds_the_slot_while_it_runs')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('external_id', models.CharField(max_length=200)),
                ('file', models.CharField(max_length=200)),
                ('line', models.PositiveIntegerField()),
                ('stands_for', models.PositiveSmallIntegerField(default=1)),
                ('mapped', models.JSONField(default=dict)),
                ('links', models.JSONField(default=dict)),
                ('needs', models.JSONField(default=list)),
                ('raw', models.BinaryField()),
                ('problems', models.JSONField(default=list)),
                ('outcome', models.CharField(blank=True, choices=[('', 'waiting'), ('created', 'created'), ('updated', 'updated'), ('unchanged', 'no change'), ('conflict', 'conflicting'), ('quarantined', 'set aside'), ('refused', 'rejected')], default='', max_length=12)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='exchange.importbatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'table', 'external_id'), name='import_row_is_staged_once'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'created', 'updated', 'unchanged', 'conflict', 'quarantined', 'refused'])), name='import_row_outcome_is_known')],
                'indexes': [models.Index(fields=['batch', 'table', 'outcome'], name='import_row_progress')],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('external_id', models.CharField(max_length=200)),
                ('uid', models.UUIDField(db_index=True, null=True)),
                ('raw', models.BinaryField(default=bytes)),
                ('raw_hash', models.CharField(max_length=64)),
                ('mapped', models.JSONField(default=dict)),
                ('links', models.JSONField(default=dict)),
                ('quarantine_reason', models.CharField(blank=True, max_length=30)),
                ('last_seen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.importbatch')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='catalogue.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'table', 'external_id'), name='source_record_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('quarantine_reason', ''), ('uid__isnull', False)), models.Q(('uid__isnull', True), models.Q(('quarantine_reason', ''), _negated=True)), _connector='OR'), name='source_record_is_placed_or_waits')],
            },
        ),
        migrations.CreateModel(
            name='ForeignMetadata',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=200)),
                ('resource_id', models.CharField(max_length=200)),
                ('resource_type', models.CharField(blank=True, max_length=100)),
                ('last_action_date', models.CharField(blank=True, max_length=40)),
                ('last_action_type', models.CharField(blank=True, max_length=100)),
                ('field_name', models.CharField(blank=True, max_length=200)),
                ('previous_value', models.TextField(blank=True)),
                ('replacement_value', models.TextField(blank=True)),
                ('updated_by', models.CharField(blank=True, max_length=200)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='foreign_metadata_is_unique')],
            },
        ),
    ]
