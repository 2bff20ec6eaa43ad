import core.crypto
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='zh-Hans', max_length=35, verbose_name='language')),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('translation_meta', models.JSONField(blank=True, default=dict, editable=False)),
                ('code', models.CharField(max_length=12, verbose_name='code')),
                ('country', models.CharField(default='CN', max_length=2, verbose_name='country')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('level', models.CharField(choices=[('country', 'Country'), ('province', 'Province'), ('city', 'City'), ('county', 'District or county'), ('town', 'Town or sub-district')], max_length=10, verbose_name='level')),
                ('path', models.CharField(db_index=True, editable=False, max_length=80)),
                ('lat', models.DecimalField(blank=True, decimal_places=7, max_digits=10, null=True, verbose_name='latitude')),
                ('lon', models.DecimalField(blank=True, decimal_places=7, max_digits=10, null=True, verbose_name='longitude')),
                ('centroid_source', models.CharField(choices=[('cpca', 'Division list'), ('cpca-former-code', 'Division list, former code'), ('geonames', 'GeoNames'), ('parent', 'Point of the division above'), ('manual', 'Set by hand'), ('none', 'No point')], default='none', max_length=20)),
                ('boundary', models.JSONField(blank=True, null=True, verbose_name='boundary')),
                ('boundary_review_no', models.CharField(blank=True, max_length=60, verbose_name='map review number')),
                ('virtual', models.BooleanField(default=False, verbose_name='only holds the tree together')),
                ('retired_on', models.DateField(blank=True, null=True, verbose_name='retired on')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='geography.area')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='geography.area')),
            ],
            options={
                'verbose_name': 'area',
                'verbose_name_plural': 'areas',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('country', 'code'), name='area_code_is_unique'), models.CheckConstraint(condition=models.Q(('level__in', ['country', 'province', 'city', 'county', 'town'])), name='area_level_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('lat__isnull', True), ('lon__isnull', True)), models.Q(('lat__range', (-90, 90)), ('lon__range', (-180, 180))), _connector='OR'), name='area_has_both_or_no_coordinate'), models.CheckConstraint(condition=models.Q(('boundary__isnull', True), models.Q(('boundary_review_no', ''), _negated=True), _connector='OR'), name='area_boundary_was_reviewed')],
            },
        ),
        migrations.CreateModel(
            name='AreaName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=100, verbose_name='name')),
                ('kind', models.CharField(choices=[('full', 'Full place name'), ('short', 'Short name'), ('former', 'Former name'), ('alias', 'Other name')], default='full', max_length=10)),
                ('pinyin', models.CharField(blank=True, db_index=True, max_length=200)),
                ('initials', models.CharField(blank=True, db_index=True, max_length=40)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='geography.area')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'name'), name='area_name_is_given_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='zh-Hans', max_length=35, verbose_name='language')),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('translation_meta', models.JSONField(blank=True, default=dict, editable=False)),
                ('on', models.DateField(verbose_name='date')),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('make_up_workday', 'Make-up workday')], max_length=20, verbose_name='kind')),
                ('acts_as', models.CharField(blank=True, choices=[('MO', 'Monday'), ('TU', 'Tuesday'), ('WE', 'Wednesday'), ('TH', 'Thursday'), ('FR', 'Friday'), ('SA', 'Saturday'), ('SU', 'Sunday')], max_length=2, verbose_name='runs as')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='geography.area')),
            ],
            options={
                'verbose_name': 'special day',
                'verbose_name_plural': 'special days',
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('area__isnull', True)), fields=('on',), name='calendar_day_is_unique_nationwide'), models.UniqueConstraint(condition=models.Q(('area__isnull', False)), fields=('area', 'on'), name='calendar_day_is_unique_in_its_area'), models.CheckConstraint(condition=models.Q(models.Q(('acts_as', ''), ('kind', 'holiday')), models.Q(('acts_as__in', ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']), ('kind', 'make_up_workday')), _connector='OR'), name='calendar_day_says_what_it_runs_as')],
            },
        ),
        migrations.CreateModel(
            name='GeocodeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('status', models.CharField(choices=[('found', 'Found'), ('not_found', 'Not found'), ('unavailable', 'Not available')], max_length=12)),
                ('lat', models.DecimalField(blank=True, decimal_places=7, max_digits=10, null=True, verbose_name='latitude')),
                ('lon', models.DecimalField(blank=True, decimal_places=7, max_digits=10, null=True, verbose_name='longitude')),
                ('precision', models.CharField(choices=[('exact', 'Exact point'), ('street', 'Street'), ('town', 'Town or sub-district'), ('county', 'District or county'), ('city', 'City'), ('province', 'Province'), ('none', 'No position')], default='none', max_length=10)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['found', 'not_found'])), name='geocode_answer_is_never_unavailable')],
            },
        ),
        migrations.CreateModel(
            name='GeocodingProvider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('amap', 'AMap'), ('tianditu', 'Tianditu'), ('baidu_v3', 'Baidu Maps, version 3'), ('nominatim', 'Nominatim (OpenStreetMap)')], max_length=20, unique=True, verbose_name='geocoder')),
                ('key', core.crypto.EncryptedTextField(blank=True, verbose_name='key')),
                ('order', models.PositiveSmallIntegerField(default=1, verbose_name='order')),
                ('daily_limit', models.PositiveIntegerField(default=1000, verbose_name='requests per day')),
                ('enabled', models.BooleanField(default=False, verbose_name='ask this provider')),
                ('allow_client_places', models.BooleanField(default=False, verbose_name='may be asked for addresses of clients')),
                ('used_on', models.DateField(editable=False, null=True)),
                ('used', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'ordering': ['order', 'kind'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['amap', 'tianditu', 'baidu_v3', 'nominatim'])), name='geocoding_provider_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Postcode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(default='CN', max_length=2)),
                ('code', models.CharField(max_length=12)),
                ('lat', models.DecimalField(decimal_places=7, max_digits=10, verbose_name='latitude')),
                ('lon', models.DecimalField(decimal_places=7, max_digits=10, verbose_name='longitude')),
                ('source', models.CharField(blank=True, max_length=60)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='geography.area')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('country', 'code'), name='postcode_is_unique')],
            },
        ),
    ]
