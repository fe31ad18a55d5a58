"""The nightly pass: every letter gets its proof, once, and one bad letter stops none."""

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from satuklik.base.files.queries import path_of
from satuklik.spine.documents import actions, queries
from satuklik.spine.documents.models import DocumentFile, IssuedDocument
from satuklik.spine.documents.tests.conftest import Place
from satuklik.spine.documents.tests.test_issue import NOW, issue
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import commands, tasks
from satuklik.spine.signing.errors import TimestampUnavailable
from satuklik.spine.signing.timestamps import client as tsa_client

NIGHT, NEXT_NIGHT = NOW + timedelta(hours=16), NOW + timedelta(hours=40)
pytestmark = pytest.mark.usefixtures("paper_seal")


def run(at: Any, *, limit: int = 100, after: int = 0, before: Any = None) -> Any:
    return actions.augment_due(at, limit, before, after, lambda: None)


@pytest.fixture
def three(place: Place, sari_data: dict[str, Any]) -> list[IssuedDocument]:
    """Three sealed letters."""
    return [issue(place, sari_data, case_reference=f"SK-{number}") for number in range(3)]


def test_letters_say_what_they_have(three: list[IssuedDocument]) -> None:
    assert {letter.level for letter in three} == {"B-T"}
    assert all(letter.proof_until is not None for letter in three)
    assert queries.levels() == {"B-T": 3}
    assert actions.count_due(NIGHT) == 3


def test_one_night_brings_the_proof(three: list[IssuedDocument]) -> None:
    done = run(NIGHT)
    assert (done.improved, done.failed, done.last) == (3, 0, three[-1].pk)
    assert queries.levels() == {"B-LTA": 3}
    assert actions.count_due(NIGHT) == 0
    for letter in three:
        row = queries.by_token(letter.token)
        assert row is not None
        assert row.file_id == letter.file_id, "the original is kept"
        assert row.proof_until is not None
        later = DocumentFile.objects.get(document=letter)
        assert queries.newest_file(row) == later.file_id
        newest = queries.read(row)
        assert newest.startswith(path_of(letter.file_id).read_bytes())
        # Both files are genuine, and both are found by what they are.
        for sha256 in (letter.file_id, later.file_id):
            assert queries.by_sha256(sha256) == letter
        told = queries.verdict_of_pdf(newest, now=NIGHT)
        assert (told.verdict, told.same_file, told.document) == ("valid", True, letter)
    assert run(NEXT_NIGHT).improved == 0, "nothing is done twice"


def test_the_look_up_is_one_statement(three: list[IssuedDocument]) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = queries.known(three[0].file_id)
    assert found is not None
    assert (found.document_id, found.made_at) == (three[0].pk, NOW)
    assert len(asked) == 1
    assert queries.known("0" * 64) is None


def test_a_bad_letter_stops_none(three: list[IssuedDocument], caplog: pytest.LogCaptureFixture) -> None:
    path_of(three[0].file_id).write_bytes(b"%PDF-1.7 somebody was here")
    path_of(three[1].file_id).unlink()
    done = run(NIGHT)
    assert (done.improved, done.failed) == (1, 2)
    assert f"Letter {three[0].pk}" in caplog.text
    assert queries.levels() == {"B-LTA": 1, "B-T": 2}


def test_a_pass_that_was_broken_off_goes_on(three: list[IssuedDocument]) -> None:
    assert run(NIGHT, limit=1).improved == 1
    assert actions.count_due(NIGHT) == 2
    # The rest by the night after, from the beginning.
    assert run(NEXT_NIGHT).improved == 2
    assert DocumentFile.objects.count() == 3


def test_killed_between_file_and_row_nothing_is_lost(
    three: list[IssuedDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_given: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("satuklik.spine.documents.actions.proof.audit.record", die)
        with pytest.raises(Killed):
            run(NIGHT)
    assert queries.levels() == {"B-T": 3}
    assert DocumentFile.objects.count() == 0
    assert run(NEXT_NIGHT).improved == 3


def test_an_outage_of_the_authority_costs_one_night(
    place: Place, sari_data: dict[str, Any], settings: Any
) -> None:
    settings.SATUKLIK_TSA = "http://127.0.0.1:9/"
    tsa_client.resume()
    letter = issue(place, sari_data)
    assert (letter.level, letter.proof_until) == ("B-B", None)
    with pytest.raises(TimestampUnavailable):
        run(NIGHT)
    settings.SATUKLIK_TSA = "local"
    assert run(NIGHT).improved == 1
    assert queries.levels() == {"B-T": 1}
    assert run(NEXT_NIGHT).improved == 1
    assert queries.levels() == {"B-LTA": 1}
    newest = queries.by_token(letter.token)
    assert newest is not None
    assert queries.verdict_of_pdf(queries.read(newest), now=NEXT_NIGHT).verdict == "valid"


def test_proofs_are_renewed_before_they_end(three: list[IssuedDocument]) -> None:
    run(NIGHT)
    until = IssuedDocument.objects.get(pk=three[0].pk).proof_until
    assert until is not None
    early = until - timedelta(days=181)
    assert actions.count_due(early) == 0
    soon = until - timedelta(days=179)
    assert actions.count_due(soon) == 3
    signing.ensure_service_keys(now=soon)
    assert run(soon, limit=1).improved == 1
    renewed = IssuedDocument.objects.get(pk=three[0].pk)
    assert renewed.proof_until is not None
    assert renewed.proof_until > until
    assert renewed.files.count() == 2
    # By hand, for a day that is nearer than the rule.
    assert actions.count_due(NEXT_NIGHT, until + timedelta(days=1)) == 2


def test_pending_letters_wait(three: list[IssuedDocument]) -> None:
    IssuedDocument.objects.filter(pk=three[0].pk).update(
        status=IssuedDocument.Status.PENDING, signature={"pending": {}}
    )
    assert actions.count_due(NIGHT) == 2


@pytest.mark.django_db
def test_the_task_goes_on_by_itself(
    three: list[IssuedDocument], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    deferred: list[dict[str, Any]] = []

    class Job:
        def defer(self, **given: Any) -> None:
            deferred.append(given)

    monkeypatch.setattr(tasks, "BATCH", 2)
    monkeypatch.setattr(tasks.timezone, "now", lambda: NIGHT)
    monkeypatch.setattr(tasks.augment_batch, "configure", lambda **_given: Job())
    tasks.augment(0)
    assert deferred == [{"name": "letters", "after": 0}]
    while deferred:
        tasks.augment_batch(**deferred.pop())
    assert queries.levels() == {"B-LTA": 3}


def test_the_command_shows_its_progress(three: list[IssuedDocument], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)
    shown = CliRunner().invoke(commands.ca, ["augment", "--limit", "2"])
    assert shown.exit_code == 0, shown.output
    assert "letters: 2 documents went further." in shown.output
    path_of(three[2].file_id).unlink()
    failed = CliRunner().invoke(commands.ca, ["augment"])
    assert failed.exit_code == 1
    assert "1 documents could not" in failed.output
