"""A request comes in: it gets its number at once, and its clock runs from the day of receipt."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from satuklik.base.files import actions as stored
from satuklik.base.once import actions as once
from satuklik.kernel.dates_id import long_date
from satuklik.systems.ppid import addresses, rules
from satuklik.systems.ppid.actions import clocks, telling
from satuklik.systems.ppid.actions.opening import key_of, new_reference, next_number, note
from satuklik.systems.ppid.errors import BadInput
from satuklik.systems.ppid.models import InformationRequest, MatterFile

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

MOST_FILES = 10
FORM = "ppid request form"


@dataclass(frozen=True)
class Given:
    """What an applicant gave: the fields of the request form (Perki 1/2021)."""

    name: str
    details: str
    purpose: str = ""
    applicant: str = "person"
    nik: str = ""
    decree: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    occupation: str = ""
    proxy_for: str = ""
    obtain: str = "soft"
    delivery: str = "portal"


@dataclass(frozen=True)
class GivenFile:
    """A file with the name that its owner gave it."""

    sha256: str
    name: str
    kind: str = "applicant"
    media_type: str = ""
    content: bytes | None = None
    """Where it is not stored yet: it is, once nothing can refuse what it belongs to."""
    held: str = ""
    """The word of base.files, where a form that came back holds it."""


@transaction.atomic
def register_request(
    given: Given,
    *,
    received_at: datetime,
    channel: str,
    now: datetime,
    by: "Official | None" = None,
    user: Any = None,
    person_id: int | None = None,
    conversation_id: int | None = None,
    files: Sequence[GivenFile] = (),
    tell: bool = True,
    word: str = "",
) -> InformationRequest:
    """Enter a request into the register: number and date are given on receipt (UU 14/2008 ps. 22(4)–(5)), also for one
    that was told in a chat or at the counter. Day 0 is the day of `received_at`. With `tell` the applicant is written to
    at once. The same `word` (of a form) with the same content again gives the same request. Raises BadInput."""
    _check(given, received_at, now)
    word = once.bound(word, given, received_at if by is not None else None, channel, named(files))
    key = key_of(word, FORM)
    known = once.earlier(word, purpose=FORM, find=InformationRequest.objects.filter(key=key).first)
    if known is not None:
        return known
    day, today = timezone.localdate(received_at), timezone.localdate(now)
    request = InformationRequest(
        reference=new_reference("PI"), key=key, received_at=received_at, registered_at=now, channel=channel,
        conversation_id=conversation_id, user=user, person_id=person_id, officer=by, changed_at=now,
        six_day=clocks.works_six_days(day), applicant=given.applicant, name=rules.tidy(given.name, 160),
        nik=given.nik, decree=rules.tidy(given.decree, 120), address=rules.tidy(given.address, 400),
        phone=rules.tidy(given.phone, 40), email=rules.tidy(given.email, 254),
        occupation=rules.tidy(given.occupation, 120), proxy_for=rules.tidy(given.proxy_for, 160),
        details=rules.tidy(given.details), purpose=rules.tidy(given.purpose), obtain=given.obtain,
        delivery=given.delivery,
    )  # fmt: skip
    actor = f"official:{by.pk}" if by else "applicant"
    request.term = clocks.start(request, clocks.FROM_RECEIPT, "answer_days", day, actor=actor, now=now)
    request.term_check = clocks.start(request, clocks.CHECK, "completeness_days", today, actor=actor, now=now)
    request.due_on = clocks.due_of(request)
    files = store_files(files, now)
    # The register's row is locked from here to the commit: everything that may fail came before.
    request.serial, request.number = next_number("request", today)
    request.year = today.year
    request.save(force_insert=True)
    add_files(request, files, now)
    note(
        request, "registered", now, by=by, new=True,
        data={"number": request.number, "received_on": day.isoformat(), "channel": channel,
              "due_on": request.due_on.isoformat() if request.due_on else None},
    )  # fmt: skip
    if tell:
        telling.applicant(request, receipt(request), now=now, by=by, template="registered")
    if by is None:
        telling.officers(
            "registered", _("Permintaan informasi baru: %(number)s") % {"number": request.number},
            request.details[:200], addresses.desk(request), now=now,
        )  # fmt: skip
    return request


def receipt(request: InformationRequest) -> str:
    """What is told to the applicant on receipt."""
    day = long_date(timezone.localdate(request.received_at))
    lines = [
        _("Permintaan informasi Anda terdaftar dengan nomor %(number)s, tanggal terima %(day)s.")
        % {"number": request.number, "day": day}
    ]
    if request.due_on is not None:
        lines.append(
            _("Pemberitahuan tertulis kami sampaikan paling lambat %(due)s.")
            % {"due": long_date(request.due_on)}
        )
    lines.append(_("Ikuti perkembangannya di tautan ini:"))
    return "\n".join(lines)


def named(files: Sequence[GivenFile]) -> list[tuple[str, str, str]]:
    """What the files are, whether stored yet or not: (SHA-256, name, kind)."""
    return [
        (one.sha256 or (hashlib.sha256(one.content).hexdigest() if one.content is not None else ""), one.name, one.kind)
        for one in files
    ]  # fmt: skip


def store_files(files: Sequence[GivenFile], now: datetime) -> list[GivenFile]:
    """The same files, those stored that were not yet. Raises BadInput where more than MOST_FILES are to be stored; those
    that lie in a conversation already are all taken."""
    fresh = sum(one.content is not None for one in files)
    if fresh > MOST_FILES:
        raise too_many(fresh)
    return [
        one if one.content is None
        else GivenFile(stored.store(one.content, one.media_type, at=now), one.name, one.kind)
        for one in files
    ]  # fmt: skip


def too_many(given: int) -> BadInput:
    """More files than go along."""
    text = _("Paling banyak %(most)s berkas; ini %(given)s. Kurangi dahulu.")
    return BadInput([("files", text % {"most": MOST_FILES, "given": given})])


def add_files(
    request: InformationRequest,
    files: Sequence[GivenFile],
    now: datetime,
    *,
    objection: Any = None,
    decision: Any = None,
) -> list[MatterFile]:
    """Put files to a request."""
    return [
        MatterFile.objects.create(
            request=request, objection=objection, kind=one.kind, file_id=one.sha256, name=rules.file_name(one.name),
            added_at=now, decision=decision,
        )
        for one in store_files(files, now)
    ]  # fmt: skip


def _check(given: Given, received_at: datetime, now: datetime) -> None:
    problems = []
    if not rules.tidy(given.name):
        problems.append(("name", _("Tulis nama pemohon.")))
    if not rules.tidy(given.details):
        problems.append(("details", _("Tulis rincian informasi yang diminta.")))
    if given.nik and not (given.nik.isascii() and given.nik.isdigit() and len(given.nik) == 16):
        problems.append(("nik", _("NIK terdiri atas 16 angka.")))
    if received_at > now:
        problems.append(("received_at", _("Waktu terima tidak boleh di masa depan.")))
    if timezone.localdate(received_at) < rules.EARLIEST:
        problems.append(("received_at", _("Tanggal terima ini sebelum peraturan yang dipakai berlaku.")))
    for field, value, table in (
        ("applicant", given.applicant, InformationRequest.Applicant.values),
        ("obtain", given.obtain, InformationRequest.Obtain.values),
        ("delivery", given.delivery, InformationRequest.Delivery.values),
    ):
        if value not in table:
            problems.append((field, _("Pilih salah satu dari daftar.")))
    if problems:
        raise BadInput(problems)
