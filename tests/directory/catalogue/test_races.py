import threading

import pytest
from django.db import connection

from core.errors import Conflict
from directory.catalogue.models import ChangeHead, ListingChange, Redirect, Service
from directory.catalogue.operations import feed, listing
from tests.factories import accounts, catalogue

ROUNDS = 10


def together(*acts):
    """Do things at the same moment on connections of their own; return what was refused."""
    gate, refused = threading.Barrier(len(acts)), []

    def run(act):
        try:
            gate.wait()
            act()
        except Conflict as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.postgres
def test_of_two_who_change_one_listing_at_once_one_loses(committed_db):
    moderator = accounts.member("coordinator")
    for _ in range(ROUNDS):
        service = catalogue.service(name="旧")

        def change(name, service=service):
            mine = Service.objects.get(pk=service.pk)
            listing.change(mine, by=moderator, changes={"name": name}, base_version=1)

        refused = together(lambda: change("一"), lambda: change("二"))

        service.refresh_from_db()
        assert (len(refused), service.version) == (1, 2)
        assert service.history.filter(history_type="~").count() == 1


@pytest.mark.postgres
def test_of_two_who_close_one_listing_at_once_one_loses(committed_db):
    moderator = accounts.member("coordinator")
    for _ in range(ROUNDS):
        service = catalogue.complete()

        def close(service=service):
            listing.close(Service.objects.get(pk=service.pk), by=moderator, note="停办")

        assert len(together(close, close)) == 1


@pytest.mark.postgres
def test_two_listings_are_never_merged_into_each_other(committed_db):
    moderator = accounts.member("coordinator")
    for _ in range(ROUNDS):
        first, second = catalogue.complete(), catalogue.complete()

        def merge(loser, survivor):
            listing.merge(
                Service.objects.get(pk=loser.pk), Service.objects.get(pk=survivor.pk), by=moderator
            )

        refused = together(
            lambda a=first, b=second: merge(a, b), lambda a=first, b=second: merge(b, a)
        )

        states = Service.objects.filter(pk__in=[first.pk, second.pk])
        assert len(refused) == 1
        assert sorted(states.values_list("state", flat=True)) == ["active", "merged"]
        assert Redirect.objects.filter(old_uid__in=[first.uid, second.uid]).count() == 1


@pytest.mark.postgres
def test_two_workers_give_each_line_of_the_feed_one_number(committed_db):
    system = accounts.system()
    for _ in range(ROUNDS):
        service = catalogue.service()
        listing.change(
            service, by=system, changes={"name": "新"}, base_version=service.version, source="t"
        )
        together(lambda: feed.seal(by=system), lambda: feed.seal(by=system))

    sealed = ListingChange.objects.filter(seq__isnull=False).order_by("seq")
    numbers = list(sealed.values_list("seq", flat=True))
    assert len(numbers) == len(set(numbers))
    assert ChangeHead.objects.get().last_seq == max(numbers)
    assert not ListingChange.objects.filter(seq__isnull=True).exists()
