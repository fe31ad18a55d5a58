"""Each use of each key is a row, written with the permission and the quota of a seal in one statement."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from satuklik.base.audit import actions as audit
from satuklik.base.postgres.queries import row
from satuklik.spine.signing import rules
from satuklik.spine.signing.actions import attempts
from satuklik.spine.signing.backends.registry import backend
from satuklik.spine.signing.errors import (
    BackendFailed,
    MayNotSeal,
    NoKey,
    NoSuchUse,
    OutcomeUnknown,
    UseSettled,
)
from satuklik.spine.signing.models import KeyUse

OPEN = (KeyUse.Outcome.STARTED, KeyUse.Outcome.UNKNOWN)
# The seal's permission of the day: the most exact row (office and service, service, office, all), one more on the
# day's count unless the quota is reached, and the use. All or nothing.
_SEAL = """
    WITH permission AS (
      SELECT daily_quota FROM signing_sealpermission
       WHERE (agency_id = %(agency)s::bigint OR agency_id IS NULL) AND service IN (%(purpose)s, '*')
       ORDER BY service <> '*' DESC, agency_id IS NOT NULL DESC LIMIT 1),
    counted AS (
      INSERT INTO signing_sealday (agency_id, service, day, used)
      SELECT %(agency)s::bigint, %(purpose)s, %(day)s::date, 1 FROM permission WHERE daily_quota > 0
      ON CONFLICT (agency_id, service, day) DO UPDATE SET used = signing_sealday.used + 1
        WHERE signing_sealday.used < (SELECT daily_quota FROM permission)
      RETURNING used),
    noted AS (
      INSERT INTO signing_keyuse (key_id, at, purpose, reference, sha256, outcome, error)
      SELECT %(key)s::bigint, %(at)s, %(purpose)s, %(reference)s, %(sha256)s, %(outcome)s, '' FROM counted
      RETURNING id)
    SELECT (SELECT daily_quota FROM permission), (SELECT id FROM noted)
"""
# A key that was revoked, or has ended, after it was opened signs no more.
_OFFICIAL = """
    INSERT INTO signing_keyuse (key_id, at, purpose, reference, sha256, outcome, error)
    SELECT id, %(at)s, %(purpose)s, %(reference)s, %(sha256)s, %(outcome)s, '' FROM signing_signingkey
     WHERE id = %(key)s::bigint AND revoked_at IS NULL AND not_after >= %(at)s
    RETURNING id
"""
LONGEST_ERROR = 200


def note_seal(
    key_id: int, agency_id: int, *, purpose: str, reference: str, sha256: str, remote: bool, now: datetime
) -> int:
    """Take one of the seal's permissions of the day and note the use; its id. In the caller's transaction.
    Raises MayNotSeal: no row covers the service (quota 0), or the quota of the day is used up."""
    values = _values(key_id, purpose, reference, sha256, remote=remote, now=now)
    found = row(_SEAL, values | {"agency": agency_id, "day": timezone.localdate(now)})
    quota, use_id = found or (None, None)
    if use_id is None:
        raise MayNotSeal(purpose, quota or 0)
    return int(use_id)


def note_official(
    key_id: int, *, purpose: str, reference: str, sha256: str, remote: bool, now: datetime
) -> int:
    """Note the use of an official's key; its id. In the caller's transaction. Raises NoKey: revoked or ended."""
    found = row(_OFFICIAL, _values(key_id, purpose, reference, sha256, remote=remote, now=now))
    if found is None:
        raise NoKey("The key is no longer in force.")
    return int(found[0])


def begin_remote(key_id: int, reference: str, purpose: str, sha256: str, note: Callable[[], int]) -> int:
    """Note the beginning of an attempt elsewhere with `note`, unless one for the same document is not decided yet:
    then OutcomeUnknown, for nothing is signed again by itself."""
    earlier = KeyUse.objects.filter(key_id=key_id, outcome__in=OPEN)
    for use in earlier.only("id", "sha256", "reference", "purpose"):
        same = reference and (use.reference, use.purpose) == (reference, purpose)
        if use.sha256 == sha256 or same:
            raise OutcomeUnknown(use.pk)
    return note()


def finish(use_id: int, outcome: str, error: str = "", *, at: datetime | None = None) -> None:
    """Write down what came of it. Only an attempt that is not decided yet changes."""
    KeyUse.objects.filter(pk=use_id, outcome__in=[*OPEN, KeyUse.Outcome.DONE]).update(
        outcome=outcome, error=error[:LONGEST_ERROR], resolved_at=at
    )


def resolve(use_id: int, now: datetime) -> KeyUse:
    """Ask the backend what came of an attempt whose answer never came. Signs nothing.

    It becomes "failed" where the backend is sure that nothing was signed; else it stays "unknown", and only a person
    may decide to sign anew (`give_up`). Raises NoSuchUse, BackendFailed (it cannot be reached: ask again later).
    """
    use = _use(use_id)
    if use.outcome not in OPEN:
        return use
    if use.outcome == KeyUse.Outcome.STARTED and not rules.unanswered(use.at, now, patience()):
        return use  # it may be under way in another process
    answer = backend(use.key.backend).ask(use.key)
    if answer == "not_signed":
        finish(use_id, KeyUse.Outcome.FAILED, use.error or "Nothing was signed, says the backend.", at=now)
    else:
        finish(use_id, KeyUse.Outcome.UNKNOWN, use.error or "No answer came.")
    use.refresh_from_db()
    return use


@transaction.atomic
def give_up(use_id: int, by: str, now: datetime) -> KeyUse:
    """A person (`by`: "official:7", "console:root") decides that an attempt whose outcome is not known counts as
    failed, so that the document can be signed anew. Recorded in the event log. Raises NoSuchUse, UseSettled."""
    KeyUse.objects.select_for_update().filter(pk=use_id).first()
    use = _use(use_id)
    if use.outcome not in OPEN:
        raise UseSettled(use_id, use.outcome)
    if use.outcome == KeyUse.Outcome.STARTED and not rules.unanswered(use.at, now, patience()):
        raise UseSettled(use_id, "still under way")
    finish(use_id, KeyUse.Outcome.FAILED, f"Given up by {by}.", at=now)
    data = {"key": use.key.serial, "reference": use.reference, "sha256": use.sha256, "began": use.at}
    audit.record(f"key-use:{use_id}", [audit.Happening("signing.given_up", by, data)], at=now)
    use.refresh_from_db()
    return use


def ask_unresolved(now: datetime) -> dict[str, int]:
    """Ask about every attempt that is not decided: {"failed": …, "unknown": …, "unreachable": …}. After two days only
    a person goes on."""
    found = {"failed": 0, "unknown": 0, "unreachable": 0}
    recent = KeyUse.objects.filter(outcome__in=OPEN, at__gt=now - ASKED_FOR)
    for use_id in list(recent.order_by("at").values_list("pk", flat=True)):
        try:
            outcome = resolve(use_id, now).outcome
        except BackendFailed:
            found["unreachable"] += 1
        else:
            found["failed" if outcome == KeyUse.Outcome.FAILED else "unknown"] += 1
    return found


ASKED_FOR = timedelta(days=2)


def patience() -> timedelta:
    """How long a remote backend is waited for."""
    return timedelta(seconds=settings.SATUKLIK_BSRE_TIMEOUT)


def outside(key_id: int, work: Callable[[], int]) -> int:
    """Do `work` so that what it writes stays when the caller's transaction is undone."""
    with attempts.apart(key_id) as database:
        mine = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = database  # of this thread alone
        try:
            return work()
        finally:
            connections[DEFAULT_DB_ALIAS] = mine


def _use(use_id: int) -> KeyUse:
    use = KeyUse.objects.select_related("key").filter(pk=use_id).first()
    if use is None:
        raise NoSuchUse(f"There is no use {use_id} of a key.")
    return use


def _values(
    key_id: int, purpose: str, reference: str, sha256: str, *, remote: bool, now: datetime
) -> dict[str, object]:
    outcome = KeyUse.Outcome.STARTED if remote else KeyUse.Outcome.DONE
    return {
        "key": key_id, "at": now, "purpose": purpose[:80], "reference": reference[:40], "sha256": sha256,
        "outcome": str(outcome),
    }  # fmt: skip
