"""The demo's press desk: every state, the silent office, releases; played through the rooms' own actions."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.people import NOW


def test_ten_questions_in_all_states(
    authority: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    from satuklik.run import demo_people, demo_press
    from satuklik.spine.referrals import queries
    from satuklik.systems.press.models import Attempt, Enquiry, Outlet, Release

    now = NOW + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: now)
    settings.VAR = tmp_path
    demo_people.write([demo_people._official("sekda", NOW)])
    demo_press.load(lambda _done, _total: None)
    states: Any = Counter(Enquiry.objects.values_list("state", flat=True))
    assert states == Counter(
        [
            "asked",
            "facts_requested",
            "draft",
            "approved",
            "sent",
            "not_published",
            "published",
            "balanced",
            "run",
            "dewan_pers",
        ]
    )
    assert (Outlet.objects.count(), Release.objects.count()) == (6, 4)
    assert not Attempt.objects.filter(at__gt=now).exists()
    board = queries.board(now.date() - timedelta(days=90), now.date(), now)
    rows = {row.code: row for row in board.rows}
    assert rows["dpupr"].on_behalf == 2
    assert rows["dpupr"].silent_now == 1
    assert rows["dinkes"].rank is not None
    assert rows["rsud"].rank is None  # asked once
