"""Batches: an official signs many documents with one passphrase, each with its own transaction and result.

The passphrase opens the key in the request that brought it and is forgotten there. The key lives in the thread
that signs, in the memory of this process: a process that ends takes it along, and the batch waits until the
passphrase is typed again (UU 11/2008 ps. 11: sole control by the signer).
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.spine.signing import rules, words
from satuklik.spine.signing.actions.signing import unlock
from satuklik.spine.signing.errors import (
    HOSTILE,
    BatchRunning,
    KeyClosed,
    KeyLocked,
    OutcomeUnknown,
    SigningError,
    WrongPassphrase,
)
from satuklik.spine.signing.keys import UnlockedKey
from satuklik.spine.signing.models import Batch, BatchItem, KeyUse
from satuklik.spine.signing.registry import SIGNABLES, Signable, Signed, Waiting

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

log = logging.getLogger(__name__)
TITLE, MESSAGE, ADDRESS = 200, 300, 200


@dataclass(frozen=True)
class Chosen:
    """A document that the official has looked at, as it was then."""

    kind: str
    document: Waiting


@sensitive_variables("passphrase", "key")
def begin_batch(
    batch_id: UUID,
    chosen: Sequence[Chosen],
    *,
    official: "Official",
    user: Any,
    passphrase: str,
    now: datetime,
) -> Batch:
    """Open the key, write the batch and sign it: at once when it is small, else in a thread of this process.

    `batch_id` comes from the page, so that a second press, or the same page in two tabs, is the same batch:
    BatchRunning. Raises what `unlock` raises, before anything is written.
    """
    if Batch.objects.filter(pk=batch_id).exists():
        raise BatchRunning(batch_id)
    key = unlock(official, passphrase, now, service=chosen[0].document.purpose if chosen else "")
    try:
        batch = _written(batch_id, chosen[: rules.MOST_IN_A_BATCH], official, user, now)
    except BaseException:
        key.close()
        raise
    _sign_all(_Run(batch.pk, official, now, batch.created_at), key, len(chosen))
    return batch


@sensitive_variables("passphrase", "key")
def resume_batch(batch_id: UUID, *, official: "Official", passphrase: str, now: datetime) -> Batch:
    """Go on with what still waits in a batch whose process ended. Raises Batch.DoesNotExist, BatchRunning (also
    when it is finished, or another tab was faster) and what `unlock` raises."""
    key = unlock(official, passphrase, now, service=_purpose(batch_id, official, now))
    try:
        batch, waiting = _taken_up(batch_id, official, now)
    except BaseException:
        key.close()
        raise
    _sign_all(_Run(batch.pk, official, now, batch.created_at), key, waiting)
    return batch


def _purpose(batch_id: UUID, official: "Official", now: datetime) -> str:
    """Of the first document that still waits in a batch."""
    item = (
        BatchItem.objects.filter(batch=batch_id, state=BatchItem.State.WAITING).order_by("position").first()
    )
    signable = SIGNABLES.get(item.kind) if item is not None else None
    if item is None or signable is None:
        return ""
    found = signable.waiting(official, [item.reference], now)
    return found[0].purpose if found else ""


def settle_batch(batch: Batch, now: datetime) -> None:
    """Look what became of the documents whose outcome was unknown: signed after all, or not."""
    for item in batch.items.filter(state=BatchItem.State.UNKNOWN):
        signable = SIGNABLES.get(item.kind)
        if signable is None:
            continue
        signed = _done(signable, item.reference, batch.official, batch.created_at)
        if signed is not None:
            _write(item, BatchItem.State.SIGNED, signed.number, signed.url, now)
        elif not _open_uses(item, batch) and signable.waiting(batch.official, [item.reference], now):
            told = _("Ternyata tidak ditandatangani. Surat ini masih menunggu: tandatangani lagi.")
            _write(item, BatchItem.State.FAILED, told, "", now)


def _written(
    batch_id: UUID, chosen: Sequence[Chosen], official: "Official", user: Any, now: datetime
) -> Batch:
    with transaction.atomic():
        times = {"created_at": now, "started_at": now, "seen_alive_at": now}
        # The primary key decides which of two tabs was first; the other one waits here for its commit.
        batch, new = Batch.objects.get_or_create(
            pk=batch_id, defaults={"official": official, "user": user, **times}
        )
        if not new:
            raise BatchRunning(batch_id)
        BatchItem.objects.bulk_create(
            BatchItem(
                batch=batch,
                position=position,
                kind=one.kind,
                reference=one.document.reference,
                seen=one.document.seen,
                title=f"{one.document.title} · {one.document.about}".strip(" ·")[:TITLE],
            )
            for position, one in enumerate(chosen, 1)
        )
        _note(batch, "batch.begun", {"documents": len(chosen)}, now)
    return batch


@transaction.atomic
def _taken_up(batch_id: UUID, official: "Official", now: datetime) -> tuple[Batch, int]:
    # The row's lock decides which of two tabs goes on.
    batch = Batch.objects.select_for_update().get(pk=batch_id, official=official)
    if rules.batch_state(batch.seen_alive_at, batch.finished_at, now) != "stopped":
        raise BatchRunning(batch_id)
    batch.started_at = batch.seen_alive_at = now
    batch.save(update_fields=["started_at", "seen_alive_at"])
    waiting = batch.items.filter(state=BatchItem.State.WAITING).count()
    _note(batch, "batch.resumed", {"waiting": waiting}, now)
    return batch, waiting


@dataclass(frozen=True)
class _Run:
    """One process's turn at a batch: it is over when another one has begun (`started` differs)."""

    batch_id: UUID
    official: "Official"
    started: datetime
    since: datetime

    def say_alive(self, now: datetime) -> bool:
        """Note that this run goes on. False when the batch is no longer its own."""
        return bool(self._mine().update(seen_alive_at=now))

    def leave(self) -> None:
        """Say that this run ends before the batch does."""
        self._mine().update(seen_alive_at=None)

    def finish(self, now: datetime) -> None:
        if self._mine().update(finished_at=now, seen_alive_at=now):
            batch = Batch.objects.get(pk=self.batch_id)
            states = list(batch.items.values_list("state", flat=True))
            _note(batch, "batch.finished", {state: states.count(state) for state in sorted(set(states))}, now)

    def _mine(self) -> Any:
        return Batch.objects.filter(pk=self.batch_id, started_at=self.started, finished_at=None)


@sensitive_variables("key")
def _sign_all(run: _Run, key: UnlockedKey, documents: int) -> None:
    if documents <= rules.SIGNED_AT_ONCE:
        _go_through(run, key)
        return
    language = get_language() or "id"

    def work() -> None:
        try:
            with override(language):
                _go_through(run, key)
        finally:
            connections.close_all()

    # A web process that is told to end waits for the document that is being signed. Said explicitly: the server's own
    # threads are daemons, and a new thread would be what its maker is.
    threading.Thread(target=work, name=f"batch-{run.batch_id}", daemon=False).start()


@sensitive_variables("key")
def _go_through(run: _Run, key: UnlockedKey) -> None:
    """Sign what waits, one after the other; close the key at the end, whatever happens."""
    with key, _heartbeat(run):
        try:
            for item in BatchItem.objects.filter(batch=run.batch_id, state=BatchItem.State.WAITING).order_by(
                "position"
            ):
                if not threading.main_thread().is_alive():  # this process is told to end
                    run.leave()
                    return
                if not run.say_alive(timezone.now()):
                    return
                _sign_one(run, item, key)
            run.finish(timezone.now())
        except (KeyClosed, WrongPassphrase, KeyLocked):
            # A remote backend tells only while signing that the passphrase is wrong: it is not tried again for each
            # of the other documents.
            run.leave()
        except (OperationalError, InterfaceError):
            # The database went away: the rows say where to go on when it is back.
            log.exception("The batch %s stopped.", run.batch_id)


@sensitive_variables("key")
def _sign_one(run: _Run, item: BatchItem, key: UnlockedKey) -> None:
    """One document, in the transaction that its room makes of it; what goes wrong with it stays with it."""
    signable = SIGNABLES.get(item.kind)
    if signable is None:
        _write(item, BatchItem.State.FAILED, _("Dokumen jenis ini tidak dikenal lagi."), "", timezone.now())
        return
    now = timezone.now()
    state, url = BatchItem.State.FAILED, ""
    try:
        signed = _done(signable, item.reference, run.official, run.since)
        if signed is None:
            signed = signable.sign(item.reference, item.seen, run.official, key, now)
        state, message, url = BatchItem.State.SIGNED, signed.number, signed.url
    except (KeyClosed, OperationalError, InterfaceError):
        raise
    except (WrongPassphrase, KeyLocked) as error:
        _write(item, BatchItem.State.WAITING, words.of_error(error), "", None)
        raise
    except OutcomeUnknown as error:
        state, message = BatchItem.State.UNKNOWN, words.of_error(error)
    except signable.failures as error:
        message = signable.explain(error)
    except SigningError as error:
        message = words.of_error(error)
    except (DatabaseError, *HOSTILE):
        log.exception("Document %s:%s of batch %s failed.", item.kind, item.reference, run.batch_id)
        message = _("Dokumen ini gagal diproses. Kesalahan sudah tercatat; hubungi Diskominfo.")
    _write(item, state, message, url, timezone.now())


def _done(signable: Signable, reference: str, official: "Official", since: datetime) -> Signed | None:
    return signable.done(reference, official, since) if signable.done is not None else None


def _open_uses(item: BatchItem, batch: Batch) -> bool:
    """Whether a use of the official's key for this document has no outcome yet."""
    undecided = [KeyUse.Outcome.STARTED, KeyUse.Outcome.UNKNOWN]
    uses = KeyUse.objects.filter(key__official=batch.official, reference=item.reference)
    return uses.filter(outcome__in=undecided, resolved_at=None).exists()


def _write(item: BatchItem, state: str, message: str, url: str, now: datetime | None) -> None:
    """The result, once: a run that was overtaken does not write over it."""
    BatchItem.objects.filter(pk=item.pk, state=item.state).update(
        state=state, message=message[:MESSAGE], url=url[:ADDRESS], done_at=now
    )


@contextmanager
def _heartbeat(run: _Run) -> Iterator[None]:
    """Say every few seconds that this process is alive, also while one document takes long."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(rules.SAYS_ALIVE_EVERY.total_seconds()):
                if not run.say_alive(timezone.now()):
                    return
        except DatabaseError:
            log.warning("The batch %s could not say that it is alive.", run.batch_id)
        finally:
            connections.close_all()

    beating = threading.Thread(target=beat, name=f"batch-alive-{run.batch_id}", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _note(batch: Batch, kind: str, data: dict[str, object], now: datetime) -> None:
    happened = audit.Happening(kind, f"official:{batch.official_id}", data)
    with transaction.atomic():
        audit.record(f"batch:{batch.pk}", [happened], at=now)
