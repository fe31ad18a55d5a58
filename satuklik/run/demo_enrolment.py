"""The demo's signers: 102 officials on their way, 67 of them at its end, the others stuck where people get stuck.

The figures are the regency's own (102 e-mails registered, 67 completed); the people are the fictive officials of
base.agencies. Everything went the way that it goes in service, only earlier: documents (drawn here, marked as
examples), a verifikator's check, a certificate of the demo's authority, and a first signature made with the key.

What is not as in service, and why: nobody will ever type the passphrases of the 67. Each is 192 random bits, used once
for the first signature and forgotten. Such a passphrase needs no slow hash, so these keys are wrapped at the lowest cost
(1 MiB, one pass: Argon2id's slowness protects what people can remember), and they are P-256, which is made in a blink.
The four heads with an account in var/demo.json keep the keys that demo_people gave them, at the full cost.
"""

import io
import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import typst
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from satuklik.base.accounts import actions as accounts
from satuklik.base.agencies import actions as agencies_actions
from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.fictive import Dice
from satuklik.base.agencies.models import Agency, Official
from satuklik.base.calendar import queries as calendar
from satuklik.run.steps import Progress
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.signing import actions as signing
from satuklik.spine.signing.vault import Cost
from satuklik.systems.enrolment import actions, rules
from satuklik.systems.enrolment.actions.moving import actor_of, locked, move
from satuklik.systems.enrolment.models import Enrolment, Verifier

REGISTERED, COMPLETED = 102, 67
# How many stand at each stage; the rest is through.
STUCK = {rules.REGISTERED: 15, rules.DOCUMENTS: 9, rules.VERIFIED: 7, rules.ISSUED: 4}
RETURNED = (
    "Foto e-KTP buram, NIK tidak terbaca. Foto ulang di tempat terang.",
    "Surat rekomendasi belum ditandatangani kepala kantor.",
    "Jabatan pada surat rekomendasi berbeda dengan SK terakhir.",
)
LOWEST = Cost(memory_kib=1024, passes=1)
VERIFIERS = {"kel-12.09.20.1009": "sekretaris_lurah", "kec-12.09.20": "staf_camat", "diskominfo": "ppid"}
KEYED = ("pak_lurah", "bu_camat", "kadis_dukcapil", "sekda")


@dataclass(frozen=True)
class Candidate:
    """An official who is to become a signer."""

    official: Official
    echelon: str


@dataclass(frozen=True)
class Verified:
    """A verified official who has his certificate `issued` and signs first on `signed` (None: not yet)."""

    row: Enrolment
    stage: str
    issued: datetime
    signed: datetime | None


def load(founded: datetime, progress: Progress) -> None:
    """Everything or nothing; `founded`: when the authority was set up."""
    with transaction.atomic():
        _load(founded, timezone.now(), progress)


def _load(founded: datetime, now: datetime, progress: Progress) -> None:
    chosen = _candidates(now)
    admin = agencies.demo_official("admin")
    _appoint({one.official.agency_id: one.official.agency for one in chosen}, admin, founded, now)
    stages = _stages(chosen)
    papers = (_sheet(), _card())
    issuing: list[Verified] = []
    for number, one in enumerate(chosen):
        verified = _bring(one, stages[one.official.pk], number, founded, now, papers)
        if verified is not None:
            issuing.append(verified)
        progress(number + 1, len(chosen) + 1)
    _issue(issuing, now)
    progress(len(chosen) + 1, len(chosen) + 1)


def _candidates(now: datetime) -> list[Candidate]:
    """Heads of agencies, then of kecamatan, then secretaries, until there are 102: head first."""
    people: list[Official] = [agencies.demo_official(key) for key in KEYED]
    for kind, role in (
        ("opd", "head"),
        ("kecamatan", "head"),
        ("opd", "secretary"),
        ("kecamatan", "secretary"),
    ):
        rows = Official.objects.select_related("agency__region", "user").exclude(nip="")
        rows = rows.filter(agency__kind=kind, role=role).exclude(agency__code="bupati")
        if role == "secretary":  # a bagian of the Setda has none in fact
            rows = rows.exclude(agency__head_title__startswith="Kepala Bagian")
        people += rows.order_by("agency__code")
    unique = {person.pk: person for person in people}
    return [Candidate(person, _echelon(person)) for person in list(unique.values())[:REGISTERED]]


def _echelon(person: Official) -> str:
    words = f"{person.position} {person.agency.name}" if person.role == "secretary" else person.position
    return rules.echelon_of_position(words, rules.posts())


def _stages(chosen: list[Candidate]) -> dict[int, str]:
    """Who stands where: drawn once and for all; who has a key already is through."""
    keyed = {agencies.demo_official(key).pk for key in KEYED}
    order = sorted(
        (one.official for one in chosen if one.official.pk not in keyed),
        key=lambda official: Dice(f"enrolment/{official.agency.code}/{official.role}").below(1 << 30),
    )
    stuck = [stage for stage, count in STUCK.items() for _ in range(count)]
    drawn = {official.pk: stage for official, stage in zip(order, stuck, strict=False)}
    return {one.official.pk: drawn.get(one.official.pk, rules.ACTIVE) for one in chosen}


def _appoint(offices: dict[int, Agency], admin: Official, founded: datetime, now: datetime) -> None:
    """A verifikator for every agency but three, which have none yet."""
    without = sorted(office.code for office in offices.values() if office.code not in VERIFIERS)[5:40:14]
    for office in offices.values():
        if office.code in without:
            continue
        if office.code in VERIFIERS:
            official = agencies.demo_official(VERIFIERS[office.code])
        else:
            official = next(
                one for one in agencies.officials(office, timezone.localdate(now)) if one.role == "staff"
            )
            _with_login(official, f"v-{office.code}")
        Verifier.objects.create(
            agency=office,
            official=official,
            decree=f"SK Bupati Nomor 800/{100 + office.pk % 800}/2026",
            valid_from=timezone.localdate(founded),
            appointed_by=actor_of(admin.pk),
            appointed_at=founded,
        )


def _with_login(official: Official, username: str) -> None:
    """A login that nobody can use: it has no password."""
    if official.user_id is None:
        user = accounts.create_official(username, official.name, password=None, email=official.email)
        agencies_actions.give_login(official, user)


def _bring(
    one: Candidate,
    stage: str,
    number: int,
    founded: datetime,
    now: datetime,
    papers: tuple[bytes, bytes],
) -> Verified | None:
    """One official to his stage, each step on a working day of its own; who is to get a certificate is returned."""
    official, dice = one.official, Dice(f"enrolment/{number}")
    days = _days(dice, stage, founded, now)
    if stage != rules.REGISTERED or dice.below(4):
        _with_login(official, f"p-{official.agency.code}-{official.role}")
    registration = actions.Registration(official, one.echelon, _nik(official, number))
    actions.register([registration], by="command", now=next(days))
    row = Enrolment.objects.get(official=official)
    if row.serial:
        # He came with a key of demo_people, whose passphrase only var/demo.json knows: he signs by himself.
        return None
    if stage == rules.REGISTERED:
        if number % 3 == 0:
            _hand_in(official, papers, next(days))
            verifier = _verifier(official)
            actions.give_back(row.pk, by=verifier, reason=dice.pick(RETURNED), now=next(days))
        return None
    _hand_in(official, papers, next(days))
    if stage == rules.DOCUMENTS:
        return None
    seen = dict(row.documents.values_list("kind", "sha256"))
    actions.verify(
        row.pk, by=_verifier(official), checks=dict.fromkeys(actions.CHECKS, True), seen=seen, now=next(days)
    )
    if stage == rules.VERIFIED:
        return None
    return Verified(row, stage, next(days), next(days) if stage == rules.ACTIVE else None)


def _issue(waiting: list[Verified], now: datetime) -> None:
    """Certificates a week's worth at a time (the authority's key is opened once for each), then the first signatures."""
    weeks: dict[tuple[int, int], list[Verified]] = defaultdict(list)
    for one in waiting:
        weeks[one.issued.isocalendar()[:2]].append(one)
    letter = _first_letter()
    for those in weeks.values():
        together = max(one.issued for one in those)
        passphrases = [secrets.token_urlsafe(24) for _ in those]
        pairs = [(one.row.official, passphrase) for one, passphrase in zip(those, passphrases, strict=True)]
        keys = signing.issue_official_keys(pairs, now=together, algorithm="P-256", cost=LOWEST)
        for one, key, passphrase in zip(those, keys, passphrases, strict=True):
            row = locked(one.row.pk)
            row.serial, by = key.serial, actor_of(row.official_id)
            move(row, rules.ISSUED, kind="issued", by=by, now=together, serial=key.serial, ends=key.not_after)
            if one.signed is not None:
                at = max(one.signed, together + timedelta(hours=1))
                with signing.unlock(row.official, passphrase, at) as unlocked:
                    signing.sign(letter, key=unlocked, now=at, purpose="tte:percobaan")
    actions.notice_first_signatures(now)


def _verifier(official: Official) -> Official:
    found = Verifier.objects.select_related("official__agency", "official__user").filter(
        agency=official.agency
    )
    other = found.exclude(official=official).first()
    return other.official if other is not None else agencies.demo_official("admin")


def _hand_in(official: Official, papers: tuple[bytes, bytes], at: datetime) -> None:
    problem = actions.hand_in(
        official,
        email=official.email,
        nik="",
        recommendation_number=f"800/{official.pk % 900 + 10}/{official.agency.number_code}/2026",
        uploads={
            "recommendation": Upload("surat-rekomendasi.pdf", papers[0]),
            "identity_card": Upload("e-ktp.png", papers[1]),
        },
        now=at,
    )
    if problem is not None:
        raise problem


def _days(dice: Dice, stage: str, founded: datetime, now: datetime) -> Iterator[datetime]:
    """Moments in office hours, each some working days after the one before; the last step lies where it is stuck."""
    count, today = calendar.working_days(), timezone.localdate(now)
    steps = {rules.REGISTERED: 3, rules.DOCUMENTS: 2, rules.VERIFIED: 3, rules.ISSUED: 4, rules.ACTIVE: 5}[
        stage
    ]
    last = count.add(today, -(1 + dice.below(24 if stage == rules.REGISTERED else 15)))
    first = timezone.localdate(founded) + timedelta(days=1)
    gap = max(1, count.between(first, last) // (steps + 1))
    for step in range(steps + 1):
        day = count.add(last, -gap * (steps - 1 - step)) if step < steps else last
        moment = time(8 + dice.below(7), dice.below(60))
        yield timezone.make_aware(datetime.combine(max(first, min(day, today)), moment))


def _nik(official: Official, number: int) -> str:
    """A NIK that fits the NIP, with a serial that no resident of the demo has."""
    born, woman = official.nip[:8], official.nip[14] == "2"
    return f"120905{int(born[6:8]) + (40 if woman else 0):02}{born[4:6]}{born[2:4]}{9000 + number:04}"


def _sheet() -> bytes:
    text = "= CONTOH\nSurat rekomendasi ini dibuat untuk peragaan. Tidak ada orang di baliknya."
    return bytes(typst.compile(text.encode(), format="pdf"))


def _first_letter() -> bytes:
    text = "= Uji tanda tangan\nLembar ini ditandatangani untuk pertama kali dengan kunci yang baru."
    return bytes(typst.compile(text.encode(), format="pdf"))


def _card() -> bytes:
    picture = Image.new("RGB", (510, 322), "#cfe3f5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, 501, 313), outline="#0a489f", width=3)
    draw.text((150, 30), "CONTOH e-KTP (REKAAN)", fill="#0f1b2d", font_size=20)
    draw.text((30, 120), "Bukan kartu sungguhan: dibuat untuk peragaan.", fill="#0f1b2d", font_size=18)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
