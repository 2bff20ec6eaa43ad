from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from accounts.errors import RateLimited
from accounts.models import AuditEntry, RateBucket
from accounts.operations import limits
from core.jobs import shifted
from core.safeguards import CHECKPOINTS

LIMIT = limits.BUDGETS["public_form"].limit


@pytest.mark.django_db
def test_exactly_the_budget_passes():
    left = [limits.hit("public_form", "1.2.3.4") for _try in range(LIMIT)]

    with pytest.raises(RateLimited) as caught:
        limits.hit("public_form", "1.2.3.4")

    assert left == list(range(LIMIT - 1, -1, -1))
    assert 0 < (caught.value.retry_after or 0) <= 3600
    assert caught.value.status == 429


@pytest.mark.django_db
def test_keys_and_budgets_do_not_share():
    for _try in range(LIMIT):
        limits.hit("public_form", "one")

    assert limits.hit("public_form", "another") == LIMIT - 1
    assert limits.hit("link_posts", "one")


@pytest.mark.django_db
def test_the_next_window_opens_by_the_clock():
    for _try in range(LIMIT):
        limits.hit("public_form", "one")

    with shifted(timedelta(hours=1)):
        assert limits.hit("public_form", "one") == LIMIT - 1


@pytest.mark.django_db
def test_a_success_takes_its_own_count_back_only():
    limits.hit("sign_in_failures", "one")
    limits.hit("sign_in_failures", "one")

    limits.give_back("sign_in_failures", "one")

    assert RateBucket.objects.get().n == 1


@pytest.mark.django_db
def test_a_flood_leaves_one_row_in_the_access_log():
    for _try in range(LIMIT + 5):
        try:
            limits.hit("public_form", "one")
        except RateLimited:
            continue

    row = AuditEntry.objects.get()
    assert (row.action, row.result, row.meta) == (
        "limit.reached",
        "denied",
        {"budget": "public_form"},
    )


@pytest.mark.django_db
def test_the_key_is_not_kept_in_the_clear():
    limits.hit("public_form", "secret@example.org")

    assert "secret" not in RateBucket.objects.get().key


@pytest.mark.django_db
def test_counting_inside_a_business_transaction_is_a_programming_error():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        limits.hit("public_form", "one")


def _attempt(_number):
    try:
        limits.hit("public_form", "one")
    except RateLimited:
        return 0
    finally:
        connection.close()
    return 1


def _passed():
    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(_attempt, range(32)))


@pytest.mark.usefixtures("committed_db")
def test_no_more_than_the_budget_pass_at_once():
    assert _passed() == LIMIT


@pytest.mark.postgres
@pytest.mark.usefixtures("committed_db")
def test_counting_in_two_steps_lets_too_many_pass(settings):
    limits.hit("public_form", "one")
    settings.SAFEGUARDS_OFF = frozenset({"rate_atomic"})
    barrier = Barrier(16)
    CHECKPOINTS["rate_read"] = lambda: barrier.wait(10)
    try:
        assert _passed() > LIMIT
    finally:
        CHECKPOINTS.clear()
