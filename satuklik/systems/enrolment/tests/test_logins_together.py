"""Two admins press the button at the same moment: one account, not two."""

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections, transaction

from satuklik.base.accounts.models import User
from satuklik.systems.enrolment import actions
from satuklik.systems.enrolment.errors import HasLogin
from satuklik.systems.enrolment.tests.conftest import enrol, make_official
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 10
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE NOT granted"  # pg_stat_activity stands still within a transaction
)


def until_somebody_waits() -> None:
    """Until another connection stands before a lock of ours: only then is it a race."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waited.")


def test_the_second_of_two_at_once_is_told(bu_admin: Any) -> None:
    official = make_official("diskominfo", "Dua Kali, S.E", "Kepala Seksi", 970, login=False)
    row, came = enrol(official), []

    def second() -> None:
        try:
            came.append(actions.open_login(row.pk, by=bu_admin, now=NOW))
        except HasLogin as error:
            came.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        first = actions.open_login(row.pk, by=bu_admin, now=NOW)
        other = threading.Thread(target=second)
        other.start()
        until_somebody_waits()
    other.join(PATIENCE)
    assert [type(one) for one in came] == [HasLogin]
    official.refresh_from_db()
    assert official.user.username == first.username
    assert User.objects.filter(name=official.name).count() == 1
