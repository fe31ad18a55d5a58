"""Raw events go when their term is over; what was never handled stays."""

from datetime import timedelta

import pytest

from satuklik.base.audit.models import Event
from satuklik.spine.messaging import actions, parameters, tasks
from satuklik.spine.messaging.actions import forgetting
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.models import Message, RawEvent
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import SITI
from satuklik.spine.messaging.twins.meta import call, text_value
from tests.meta import PHONE_ID

BODY = call(PHONE_ID, text_value(SITI, "Siti", "Halo", NOW, wamid="wamid.1"))


def test_only_what_was_handled_long_enough_ago_goes(db, work, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    for number in range(5):
        store_event("whatsapp", PHONE_ID, BODY, now=NOW, key=str(number))
    store_event("whatsapp", PHONE_ID, b"{", now=NOW, key="poison")
    work()
    store_event("whatsapp", PHONE_ID, BODY, now=NOW, key="waits")
    settled = store_event("whatsapp", PHONE_ID, b"x", now=NOW, key="settled", problem="unreadable")
    assert settled
    RawEvent.objects.filter(key="settled").update(settled_at=NOW)
    assert actions.forget_events(NOW + timedelta(days=90)) == 0
    assert actions.forget_events(NOW + timedelta(days=90, seconds=1)) == 5
    assert sorted(RawEvent.objects.values_list("key", flat=True)) == ["poison", "settled", "waits"]
    assert Message.objects.get().text == "Halo"
    told = Event.objects.filter(kind="messaging.forgotten")
    assert sum(one.data["events"] for one in told) == 5
    assert "UU 27/2022" in told[0].data["source"]


def test_a_delivery_that_comes_again_after_that_counts_once(db, work):
    store_event("whatsapp", PHONE_ID, BODY, now=NOW)
    work()
    later = NOW + timedelta(days=100)
    assert actions.forget_events(later) == 1
    store_event("whatsapp", PHONE_ID, BODY, now=later)
    work(later)
    assert Message.objects.count() == 1


def test_the_term_is_dated_and_the_regencys_to_set(db, settings, tmp_path):
    row = parameters.in_force("raw_event_days", NOW.date())
    assert (row.value, row.confirmed) == (90, False)
    with pytest.raises(parameters.NoParameter):
        parameters.in_force("raw_event_days", NOW.date().replace(year=2020))
    own = tmp_path / "own.toml"
    rows = [(30, "2026-01-01"), (400, "2027-01-01")]
    own.write_text("".join(
        f'[[parameter]]\nname = "raw_event_days"\nvalue = {days}\nvalid_from = {since}\nsource = "SK 1"\nconfirmed = true\n'
        for days, since in rows
    ))  # fmt: skip
    settings.SATUKLIK_MESSAGING_PARAMETERS = str(own)
    assert parameters.in_force("raw_event_days", NOW.date()).value == 30
    assert tasks.forget.name.endswith("forget")
