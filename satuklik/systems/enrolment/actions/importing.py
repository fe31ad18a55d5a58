"""The official list: planned first and shown with what is wrong, then written in one transaction."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import actions as agencies
from satuklik.base.agencies import queries as roster
from satuklik.base.audit import actions as audit
from satuklik.spine.cases.attachments import safe_name
from satuklik.systems.enrolment import listing, rules, sealing, sheet
from satuklik.systems.enrolment.actions.moving import actor_of, note
from satuklik.systems.enrolment.actions.registering import Registered, Registration, register
from satuklik.systems.enrolment.errors import MayNot, NotFound
from satuklik.systems.enrolment.models import Enrolment, ImportDraft
from satuklik.systems.enrolment.queries import scope_of

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

DRAFT_LIFE = timedelta(hours=2)


@dataclass(frozen=True)
class Plan:
    """What an import would do: rows in the file, problems, and of the good rows how many are new or different."""

    rows: int
    entries: Sequence[listing.Entry]
    problems: Sequence[listing.RowProblem]
    new: int
    changed: int

    @property
    def same(self) -> int:
        return len(self.entries) - self.new - self.changed

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.problems})


def plan_import(content: bytes, *, now: datetime) -> Plan:
    """Read and judge an .xlsx file; nothing is written. Raises SheetRefused."""
    return _plan(sheet.read(content), now)


@transaction.atomic
def run_import(
    entries: Sequence[listing.Entry], *, by: str, now: datetime, file_name: str = ""
) -> Registered:
    """Write all of these entries or, when anything fails, none. The same list again changes nothing."""
    taken = agencies.take_over(
        [
            agencies.Entry(one.nip, one.name, one.position, one.rank, one.email, one.agency_id, one.role)
            for one in entries
        ],
        today=timezone.localdate(now),
    )
    done = register(
        [Registration(taken.officials[one.nip], one.echelon, one.nik) for one in entries], by=by, now=now
    )
    changed = len(taken.updated)
    data = {"file": file_name, "rows": len(entries), "created": done.created, "officials_changed": changed}
    audit.record("enrolment-imports", [audit.Happening("officials.imported", by, data)], at=now)
    updated = max(done.updated, changed)
    return Registered(done.created, updated, max(0, len(entries) - done.created - updated))


@transaction.atomic
def keep_draft(plan: Plan, *, file_name: str, user: Any, now: datetime) -> ImportDraft:
    """Keep the good rows of a plan until the second click; earlier drafts of this user go."""
    ImportDraft.objects.filter(user=user).delete()
    draft = ImportDraft(id=uuid.uuid4(), user=user, file_name=safe_name(file_name), created_at=now)
    rows = json.dumps([asdict(one) for one in plan.entries]).encode()
    draft.rows = sealing.seal(rows, f"draft:{draft.pk}")
    draft.save(force_insert=True)
    return draft


def draft_of(draft_id: uuid.UUID, user: Any, now: datetime) -> ImportDraft:
    """A user's own draft that is not too old. Raises NotFound."""
    draft = ImportDraft.objects.filter(pk=draft_id, user=user, created_at__gte=now - DRAFT_LIFE).first()
    if draft is None:
        raise NotFound(draft_id)
    return draft


@transaction.atomic
def run_draft(draft_id: uuid.UUID, *, by: "Official", now: datetime) -> Registered:
    """Write a draft's rows. The admin only; a draft is used once. Raises MayNot, NotFound."""
    if not scope_of(by, now).appoints:
        raise MayNot("role")
    ImportDraft.objects.select_for_update().filter(pk=draft_id).first()
    draft = draft_of(draft_id, by.user, now)
    rows = json.loads(sealing.unseal(draft.rows, f"draft:{draft.pk}"))
    done = run_import(
        [listing.Entry(**row) for row in rows], by=actor_of(by.pk), now=now, file_name=draft.file_name
    )
    draft.delete()
    return done


def discard_old_drafts(now: datetime) -> int:
    """Throw away drafts that nobody confirmed. How many."""
    deleted, _ = ImportDraft.objects.filter(created_at__lt=now - DRAFT_LIFE).delete()
    return deleted


@transaction.atomic
def end_term(enrolment_id: int, *, last_day: date, by: "Official", now: datetime) -> None:
    """Note an official's last day in office; the certificate is revoked in the night after it. The admin only.
    Raises MayNot, NotFound."""
    if not scope_of(by, now).appoints:
        raise MayNot("role")
    row = Enrolment.objects.select_related("official").filter(pk=enrolment_id).first()
    if row is None:
        raise NotFound(enrolment_id)
    agencies.end_term(row.official, last_day)
    note(row.pk, "term_set", by=actor_of(by.pk), now=now, last_day=last_day)


def _plan(lines: Sequence[sheet.Line], now: datetime) -> Plan:
    offices = [
        listing.Office(one.pk, one.code, one.name, one.short_name, one.head_title)
        for one in roster.agencies()
    ]
    heads = roster.heads([office.pk for office in offices], timezone.localdate(now))
    world = listing.World(
        offices,
        settings.SATUKLIK_EMAIL_DOMAINS,
        {pk: (head.nip, head.name) for pk, head in heads.items()},
        dict(Enrolment.objects.exclude(nik_mark="").values_list("nik_mark", "official__nip")),
    )
    judged = listing.judge(lines, world, mark_of=sealing.mark)
    new, changed = _differences(judged.entries)
    return Plan(judged.rows, judged.entries, judged.problems, new, changed)


def _differences(entries: Sequence[listing.Entry]) -> tuple[int, int]:
    known = roster.by_nip([entry.nip for entry in entries])
    rows = {
        row.official_id: row
        for row in Enrolment.objects.filter(official__in=[one.pk for one in known.values()]).defer("nik")
    }
    new = changed = 0
    for entry in entries:
        official = known.get(entry.nip)
        row = rows.get(official.pk) if official is not None else None
        if official is None or row is None:
            new += 1
        elif _differs(entry, official, row):
            changed += 1
    return new, changed


def _differs(entry: listing.Entry, official: "Official", row: Enrolment) -> bool:
    return (
        (official.name, official.position, official.email, official.agency_id)
        != (entry.name, entry.position, entry.email, entry.agency_id)
        or (bool(entry.rank) and entry.rank != official.rank)
        or row.echelon != entry.echelon
        or row.stage == rules.ENDED
        or (bool(entry.nik) and sealing.mark(entry.nik) != row.nik_mark)
    )
