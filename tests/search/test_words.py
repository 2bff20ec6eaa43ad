import csv
from pathlib import Path

import pytest
from django.conf import settings

from search import lexicon, planner
from search.models import SafetyTrigger, UseReference, WordClass, WordClassWord

pytestmark = pytest.mark.django_db
SHARED = Path(settings.BASE_DIR).parent / "shared/data/relevance_dev.csv"


def test_the_fixtures_are_loaded():
    assert UseReference.objects.count() > 3000
    assert WordClass.objects.count() >= 120
    assert SafetyTrigger.objects.count() >= 150


def test_lexicon_reads_the_tables():
    found = planner.read("老公喝醉就动手打我", lexicon.current())

    assert next(iter(found.concepts)) == "FM01"
