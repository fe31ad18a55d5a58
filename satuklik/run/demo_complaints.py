"""Complaints that the demo begins with: all over the regency, in every state, by people who are made up."""

import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Official
from satuklik.base.files.actions import clean_picture
from satuklik.base.regions import actions as region_actions
from satuklik.base.regions import queries as regions
from satuklik.kernel.masking import masked
from satuklik.run.steps import Progress
from satuklik.spine.population import queries as population
from satuklik.spine.referrals import actions as referral_actions
from satuklik.spine.referrals import queries as referrals
from satuklik.systems.complaints import actions, catalogue
from satuklik.systems.complaints.actions import Report
from satuklik.systems.complaints.models import Complaint

SEED, MANY = 11, 60
# Where no outlines were imported, points lie around these: about the middle of each kecamatan (latitude, longitude), to
# a hundredth of a degree, so that the map shows something. See NOTICE.md.
MIDDLES = {
    "12.09.08": (3.09, 99.62), "12.09.09": (3.01, 99.72), "12.09.10": (3.04, 99.81), "12.09.11": (2.85, 99.87),
    "12.09.12": (2.90, 99.75), "12.09.13": (2.86, 99.62), "12.09.14": (2.74, 99.70), "12.09.15": (2.65, 99.36),
    "12.09.16": (2.86, 99.49), "12.09.17": (2.73, 99.26), "12.09.18": (2.67, 99.70), "12.09.19": (2.99, 99.60),
    "12.09.20": (2.99, 99.64), "12.09.21": (2.61, 99.44), "12.09.22": (2.73, 99.52), "12.09.23": (2.94, 99.65),
    "12.09.24": (2.96, 99.85), "12.09.25": (2.96, 99.92), "12.09.26": (2.83, 99.54), "12.09.27": (2.94, 99.49),
    "12.09.28": (3.09, 99.74), "12.09.29": (3.07, 99.66), "12.09.30": (2.99, 99.56), "12.09.31": (2.81, 99.67),
    "12.09.32": (2.61, 99.64),
}  # fmt: skip
SPREAD = 0.02  # degrees to each side
NAMES = (
    "Siti Aminah", "Budi Santoso", "Rosmaida", "Parlin", "Wagiman", "Nurlela", "Halimah", "Togar", "Suyatno", "Yusniar",
    "Jumiati", "Marlan", "Zainab", "Ponirin", "Erlina", "Sahat",
)  # fmt: skip
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "jalan": (
        ("Jalan berlubang di depan {place}", "Jalan di depan {place} berlubang besar sejak {weeks} minggu. Sepeda motor sering jatuh saat hujan karena lubangnya tertutup air."),
        ("Bahu jalan amblas dekat {place}", "Bahu jalan dekat {place} amblas kira-kira dua meter. Truk sawit tetap lewat, takutnya jalan ikut longsor."),
    ),
    "drainase": (
        ("Parit tersumbat dekat {place}", "Parit dekat {place} tersumbat sampah dan lumpur. Setiap hujan airnya masuk ke rumah warga."),
        ("Tanggul bocor di {place}", "Tanggul di belakang {place} bocor. Sawah kami terendam {weeks} minggu dan padi mulai busuk."),
    ),
    "lampu-jalan": (("Lampu jalan mati di {place}", "Semua lampu jalan di sekitar {place} mati sejak {weeks} minggu. Anak-anak pulang mengaji dalam gelap."),),
    "sampah": (("Sampah menumpuk di {place}", "Sampah di {place} tidak diangkut {weeks} minggu. Baunya sampai ke sekolah dan lalat banyak sekali."),),
    "kependudukan": (("KTP belum jadi setelah rekam", "Saya sudah rekam KTP-el {weeks} minggu lalu, tetapi belum bisa diambil. Tiap datang disuruh kembali lagi."),),
    "kesehatan": (("Obat sering habis di puskesmas", "Obat darah tinggi di puskesmas dekat {place} habis sejak {weeks} minggu. Orang tua terpaksa beli sendiri."),),
    "pendidikan": (("Atap kelas bocor", "Atap dua ruang kelas SD dekat {place} bocor. Kalau hujan anak-anak belajar di teras."),),
    "bansos": (("Bantuan salah sasaran", "Di lingkungan {place} yang dapat bantuan justru keluarga mampu. Janda di sebelah kami tidak pernah terdata."),),
    "pasar": (("Pasar becek dan kotor", "Lorong pasar dekat {place} becek dan tidak pernah dibersihkan, padahal retribusi ditagih setiap hari."),),
    "pertanian": (("Pupuk bersubsidi kosong", "Pupuk bersubsidi di kios dekat {place} kosong sejak {weeks} minggu, padahal sudah masa tanam."),),
    "ketertiban": (("Lembu berkeliaran di jalan", "Lembu berkeliaran di jalan dekat {place} setiap sore. Sudah dua pengendara jatuh."),),
    "aparatur": (("Kantor kosong pada jam kerja", "Kantor dekat {place} kosong pada jam kerja hari Senin. Kami menunggu dua jam tanpa penjelasan."),),
    "pungli": (("Diminta uang saat mengurus surat", "Kami diminta uang lima puluh ribu setiap mengurus surat, tanpa kuitansi. Katanya untuk uang lelah."),),
}  # fmt: skip
PLACES = (
    "pasar",
    "SD negeri",
    "masjid raya",
    "gereja HKBP",
    "balai desa",
    "simpang tiga",
    "jembatan",
    "lapangan bola",
    "puskesmas pembantu",
)


@dataclass
class _Desk:
    """The officer who handles complaints, and the dice."""

    officer: Official
    dice: random.Random
    now: datetime


@transaction.atomic
def load(report: Progress) -> None:
    """Report, dispatch, answer and close, as it would have gone within the last six weeks."""
    for file in settings.SATUKLIK_BOUNDARIES:
        region_actions.import_boundaries(
            json.loads(Path(file).read_text(encoding="utf-8")), source=Path(file).name
        )
    desk = _Desk(agencies.demo_official("ppid"), random.Random(SEED), timezone.now())  # noqa: S311 (made up on purpose)
    for number, (complaint, story) in enumerate(zip(_reports(desk), _stories(), strict=True), start=1):
        story(desk, complaint)
        report(number, MANY)
    _merge(desk)


def _reports(desk: _Desk) -> Iterator[Complaint]:
    districts = [regions.villages(district.code) for district in regions.districts()]
    kinds = list(TEXTS)
    sari = population.demo_resident("sari")
    for number in range(MANY):
        villages = districts[number % len(districts)]
        village = villages[desk.dice.randrange(len(villages))]
        category = kinds[number % len(kinds)]
        title, text = desk.dice.choice(TEXTS[category])
        place, weeks = desk.dice.choice(PLACES), desk.dice.randint(2, 6)
        secret = category == "pungli"
        mine = number in (3, 30)
        latitude, longitude = _point(desk, village.code)
        yield actions.submit(
            Report(
                text=text.format(place=place, weeks=weeks), title=title.format(place=place), category=category,
                mode="secret" if secret else "account" if mine else "contact", village=village.code, place=f"dekat {place}",
                latitude=latitude, longitude=longitude,
                name="" if mine else f"{desk.dice.choice(NAMES)} (rekaan)",
                # 0840 is a block without subscribers: nothing here reaches anybody.
                phone="" if mine else f"+628409001{number:04}", user=population.user_of(sari.pk) if mine else None,
                photos=[drawn_photo(number)] if number % 5 == 0 and not secret else [],
                channel=("portal", "portal", "whatsapp", "counter", "open311")[number % 5] if not secret else "portal",
            ),
            now=desk.now - timedelta(days=_age(number), hours=number % 9),
        ).complaint  # fmt: skip


def _age(number: int) -> int:
    """Days since it came in. Most are within their limits; the agencies that stay silent are late, and some of those
    that are said not to be mended: one in six, as in a room that does its work."""
    days = {0: 0, 1: 1, 2: 2, 3: 3, 4: 16, 5: 4, 6: 9, 7: 6, 8: 24, 9: 18}[number % 10]
    return days + (number // 10 * 3 if days > 8 else number // 20)


def _point(desk: _Desk, village: str) -> tuple[float | None, float | None]:
    """Somewhere in the village; without outlines somewhere near the middle of its kecamatan."""
    box = regions.box_of(village)
    for _ in range(40 if box is not None else 0):
        west, south, east, north = box or (0.0, 0.0, 0.0, 0.0)
        longitude, latitude = desk.dice.uniform(west, east), desk.dice.uniform(south, north)
        found = regions.village_at(longitude, latitude)
        if found is not None and found.code == village:
            return round(latitude, 5), round(longitude, 5)
    if village[:8] not in MIDDLES:
        return None, None
    north, east = MIDDLES[village[:8]]
    return round(north + desk.dice.uniform(-SPREAD, SPREAD), 5), round(
        east + desk.dice.uniform(-SPREAD, SPREAD), 5
    )


def drawn_photo(number: int) -> bytes:
    """A small drawn picture: no photograph of anybody."""
    picture = Image.new("RGB", (480, 320), (150 + number, 170, 190))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 200, 480, 320), fill=(95, 95, 95))
    pen.ellipse((150 + number, 230, 270 + number, 290), fill=(45, 40, 38))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return clean_picture(out.getvalue())


Story = Callable[[_Desk, Complaint], None]


def _stories() -> list[Story]:
    """Ten of each kind, in the order of `_age`."""
    ten: tuple[Story, ...] = (
        _new, _new, _verified, _dispatched, _silent_agency, _followed_up, _replied, _not_fixed, _closed, _reopened,
    )  # fmt: skip
    stories = [ten[number % 10] for number in range(MANY)]
    stories[12], stories[22], stories[32] = _postponed, _not_ours, _archived
    stories[18], stories[28] = partial(_closed, result="planned"), partial(_closed, result="planned")
    return stories


def _new(desk: _Desk, complaint: Complaint) -> None:
    """Nobody has looked at it yet."""


def _at(complaint: Complaint, days: float) -> datetime:
    return complaint.received_at + timedelta(days=days)


def _verified(desk: _Desk, complaint: Complaint) -> None:
    category = catalogue.category(complaint.category)
    actions.verify(
        complaint.pk, by=desk.officer, level=category.level, category=category.code, title=complaint.title,
        now=_at(complaint, 0.6),
    )  # fmt: skip
    if not complaint.is_secret and complaint.pk % 7:
        photos = list(complaint.photos.values_list("pk", flat=True))
        actions.release(
            complaint.pk, by=desk.officer, title=masked(complaint.title), text=masked(complaint.text),
            point=complaint.latitude is not None, photos=photos, checked=True, now=_at(complaint, 0.7),
        )  # fmt: skip


def _dispatched(desk: _Desk, complaint: Complaint) -> None:
    _verified(desk, complaint)
    actions.dispatch(
        complaint.pk, [catalogue.category(complaint.category).agency], by=desk.officer, now=_at(complaint, 0.8),
        question=f"Mohon ditindaklanjuti dan kabari hasilnya.\n\n{masked(complaint.text)}",
    )  # fmt: skip


def _silent_agency(desk: _Desk, complaint: Complaint) -> None:
    """The agency has not answered, and its days are over."""
    _dispatched(desk, complaint)


def _followed_up(desk: _Desk, complaint: Complaint) -> None:
    _dispatched(desk, complaint)
    for one in referrals.of_subject(complaint.subject, desk.now):
        staff = agencies.officials(one.agency, timezone.localdate(desk.now))
        if one.waiting and staff:
            referral_actions.answer(
                one.referral, text="Sudah kami periksa di lokasi dan dikerjakan oleh regu kami.", by=staff[0],
                now=_at(complaint, 3),
            )  # fmt: skip


def _replied(desk: _Desk, complaint: Complaint, result: str = "done") -> None:
    _followed_up(desk, complaint)
    texts = {
        "done": "Terima kasih atas laporannya. Sudah dikerjakan oleh instansi terkait; silakan periksa.",
        "planned": "Terima kasih atas laporannya. Pekerjaannya masuk rencana tahun depan karena anggaran tahun ini habis.",
    }
    actions.reply(complaint.pk, by=desk.officer, text=texts[result], result=result, now=_at(complaint, 4))


def _not_fixed(desk: _Desk, complaint: Complaint) -> None:
    _replied(desk, complaint)
    actions.judge(complaint.pk, fixed=False, rating=2, now=_at(complaint, 6))


def _closed(desk: _Desk, complaint: Complaint, result: str = "done") -> None:
    _replied(desk, complaint, result)
    if result == "done":
        actions.judge(complaint.pk, fixed=True, rating=3 + complaint.pk % 2, now=_at(complaint, 5))
    else:
        actions.close_silent(desk.now)


def _reopened(desk: _Desk, complaint: Complaint) -> None:
    _closed(desk, complaint)
    actions.judge(complaint.pk, fixed=False, now=desk.now - timedelta(days=1))


def _postponed(desk: _Desk, complaint: Complaint) -> None:
    actions.postpone(
        complaint.pk,
        by=desk.officer,
        reason="Di sebelah mana tepatnya? Kirim foto bila ada.",
        now=_at(complaint, 1),
    )


def _not_ours(desk: _Desk, complaint: Complaint) -> None:
    actions.refuse(
        complaint.pk,
        by=desk.officer,
        reason="Ruas ini jalan provinsi; laporan diteruskan ke dinas provinsi.",
        now=_at(complaint, 1),
    )


def _archived(desk: _Desk, complaint: Complaint) -> None:
    actions.archive(
        complaint.pk,
        by=desk.officer,
        reason="Isi laporan tidak menyebut tempat dan pelapor tidak membalas.",
        now=_at(complaint, 1),
    )


def _merge(desk: _Desk) -> None:
    """Two neighbours who reported the same lamp."""
    first = Complaint.objects.filter(category="lampu-jalan", state="dispatched").order_by("pk").first()
    if first is None:
        return
    again: Any = actions.submit(
        Report(
            text=f"{first.text} Mohon segera diperbaiki.", title=first.title, category=first.category, mode="contact",
            village=first.village_id or "", place=first.place, name="Tetangga (rekaan)", phone="+6284090019999",
        ),
        now=desk.now - timedelta(hours=5),
    ).complaint  # fmt: skip
    actions.merge(again.pk, first.reference, by=desk.officer, now=desk.now - timedelta(hours=4))
