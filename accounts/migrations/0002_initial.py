import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='catalogue.organization', verbose_name='organization'),
        ),
        migrations.AddField(
            model_name='membership',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='recipient',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='ratebucket',
            constraint=models.UniqueConstraint(fields=('budget', 'key', 'starts_at'), name='ratebucket_counts_once'),
        ),
        migrations.AddIndex(
            model_name='stuckrow',
            index=models.Index(fields=['is_quarantined'], name='stuckrow_quarantined'),
        ),
        migrations.AddConstraint(
            model_name='stuckrow',
            constraint=models.UniqueConstraint(fields=('job', 'row'), name='stuckrow_is_one'),
        ),
        migrations.AddField(
            model_name='token',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.organization'),
        ),
        migrations.AddField(
            model_name='token',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='auth_token_set', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='usedcode',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['worker', 'supervisor', 'partner_intake', 'partner_editor', 'privacy_lead', 'coordinator', 'system_administrator', 'security_administrator', 'auditor'])), name='membership_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', True), ('role__in', ['auditor', 'coordinator', 'security_administrator', 'system_administrator'])), models.Q(('organization__isnull', False), models.Q(('role__in', ['auditor', 'coordinator', 'security_administrator', 'system_administrator']), _negated=True)), _connector='OR'), name='membership_reaches_as_its_role_says'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user', 'organization', 'role'), name='membership_is_held_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('organization__isnull', True)), fields=('user', 'role'), name='membership_of_the_network_is_held_once'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['next_try_at'], name='message_to_send'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['recipient', 'channel', 'read_at'], name='message_notices'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms', 'page', 'robot'])), name='message_channel_is_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed'])), name='message_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('key', 'channel', 'recipient_ref'), name='message_is_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='usedcode',
            constraint=models.UniqueConstraint(fields=('user', 'step'), name='usedcode_is_used_once'),
        ),
    ]
