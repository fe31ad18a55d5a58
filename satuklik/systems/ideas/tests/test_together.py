"""Many at once: one person's support and vote count once, a round is counted once."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from satuklik.systems.ideas import actions
from satuklik.systems.ideas.errors import RoundClosed
from satuklik.systems.ideas.models import Ballot, Idea, Support, Voter
from satuklik.systems.ideas.tests.conftest import make_people, make_round, propose, publish
from tests.people import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run them side by side, begun at one moment; what each gave, or its error."""
    start, results = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = tasks[number]()
        except BaseException as error:  # noqa: BLE001 (told to the test)
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_nothing_counts_twice(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    from satuklik.base.agencies.actions import load as load_agencies
    from satuklik.base.calendar.actions import load as load_calendar
    from satuklik.base.regions.actions import load as load_regions

    settings.FILES_ROOT = tmp_path / "files"
    load_regions()
    load_agencies()
    load_calendar()
    petugas = make_people()["petugas"]
    one = publish(propose(), petugas)
    results = at_once([partial(actions.support, one.pk, person_id=7, level=2, now=NOW)] * 6)
    assert sorted(results) == [False] * 5 + [True]
    assert Support.objects.count() == Idea.objects.get(pk=one.pk).supports == 1
    made, ideas = make_round(petugas)
    votes = [
        partial(actions.vote, made.pk, person_id=7, level=2, choices=[ideas[n % 3].pk], now=NOW)
        for n in range(6)
    ]
    votes += [partial(actions.vote, made.pk, person_id=8, level=2, choices=[ideas[0].pk], now=NOW)]
    results = at_once(votes)
    assert [one for one in results if not isinstance(one, bool)] == []
    assert (sum(results), Voter.objects.count()) == (2, 2)
    after = NOW + timedelta(days=8)
    # A vote that was cast in time, and is still being written when the count begins, is waited for and counted.
    counting = threading.Thread(
        target=at_once, args=([partial(actions.count, made.pk, by=petugas, now=after)],)
    )
    with transaction.atomic():
        assert actions.vote(made.pk, person_id=9, level=2, choices=[ideas[0].pk], now=NOW)
        counting.start()
        _until_somebody_waits()
    counting.join()
    assert (Ballot.objects.count(), Voter.objects.count()) == (3, 3)
    results = at_once([partial(actions.count, made.pk, by=petugas, now=after)] * 3)
    assert sum(isinstance(one, RoundClosed) for one in results) == 3
    assert sum(one or 0 for one in Idea.objects.filter(round=made).values_list("votes", flat=True)) == 3


def _until_somebody_waits() -> None:
    for _turn in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("The count does not wait.")
