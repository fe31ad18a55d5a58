"""The tables are what the models say."""

import hashlib
import hmac
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from satuklik.base.sealing import actions as sealing
from satuklik.systems.ideas import actions as ideas
from tests.people import NOW


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)


@pytest.mark.django_db(transaction=True)
def test_ballots_of_a_round_that_runs_go_into_envelopes() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("ideas", "0001_initial")])
    try:
        old = executor.loader.project_state([("ideas", "0001_initial")]).apps
        made = old.get_model("ideas", "Round").objects.create(
            title="Putaran uji", cap=1, opens_at=NOW, closes_at=NOW + timedelta(days=1)
        )
        key = bytes(32)
        made.sealed_key = sealing.seal(key, purpose="ideas ballot", owner=f"round:{made.pk}")
        made.save()
        for person in (7, 8):
            mark = hmac.new(key, str(person).encode(), hashlib.sha256).hexdigest()
            old.get_model("ideas", "Voter").objects.create(round=made, person_id=person)
            old.get_model("ideas", "Ballot").objects.create(round=made, mark=mark, choices=[person, 90])
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert [ideas.choices_of(made.pk, person) for person in (7, 8, 9)] == [[7, 90], [8, 90], []]
