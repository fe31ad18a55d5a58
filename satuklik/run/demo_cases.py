"""Matters that the demo begins with, so that inboxes, deadlines and lists show what they look like in use."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import cycle
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Official
from satuklik.run import demo_people
from satuklik.run.steps import Progress
from satuklik.spine.cases import actions as cases
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.attachments import Upload
from satuklik.spine.population import actions as population_actions
from satuklik.spine.population import queries as population
from satuklik.spine.population.models import Person

ENDS = {"returned": "return", "refused": "refuse"}
UNMARRIED = "keterangan-belum-menikah"
WIB = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Story:
    """A matter: how many days ago it came, which service, what was answered, and how far it got."""

    days_ago: int
    service: str
    answers: dict[str, object]
    until: str = "submitted"
    """submitted, granted, signed, returned, refused, withdrawn"""
    papers: tuple[str, ...] = ()
    words: str = ""
    law: str = ""


def stories(today: date) -> list[Story]:
    """About forty matters of one village, the oldest first; some are late, some are due today."""
    since = (today - timedelta(days=800)).isoformat()
    income = {
        "parent": "ayah", "parent_job": "Nelayan", "income": 1_800_000, "dependants": 3, "purpose": "kip",
        "truthful": True,
    }  # fmt: skip

    def business(name: str, kind: str, purpose: str) -> dict[str, object]:
        return {
            "business_name": name, "business_kind": kind, "business_place": "Di rumah", "since": since,
            "purpose": purpose,
        }  # fmt: skip

    def event(name: str, kind: str, days: int, guests: int) -> dict[str, object]:
        return {
            "event_name": name, "event_kind": kind, "event_date": (today + timedelta(days=days)).isoformat(),
            "hours": "09.00–17.00 WIB", "event_place": "Halaman rumah", "guests": guests,
        }  # fmt: skip

    def heirs(name: str, purpose: str) -> dict[str, object]:
        return {
            "deceased_name": name, "death_date": (today - timedelta(days=60)).isoformat(), "relation": "anak",
            "heirs": f"Ahli waris {name} menurut surat pernyataan", "witnesses": "Ketua RT 002\nKetua RW 004",
            "purpose": purpose,
        }  # fmt: skip

    scans = ("death_certificate", "heirs_statement")
    usaha, hasil = "surat-keterangan-usaha", "keterangan-penghasilan-orang-tua"
    ramai, waris = "izin-keramaian", "keterangan-ahli-waris"
    domisili, skck = "surat-keterangan-domisili", "pengantar-skck"
    later = "UU 30/2014 ps. 39(3)"
    return [
        Story(40, domisili, {"purpose": "bank"}),
        Story(39, usaha, business("Warung Kopi Pagi", "kuliner", "kur"), "signed"),
        Story(38, skck, {"purpose": "kerja"}),
        Story(36, hasil, income, "signed"),
        Story(35, domisili, {"purpose": "kerja"}),
        Story(33, usaha, business("Tambal Ban Jaya", "jasa", "kur"), "signed"),
        Story(32, waris, heirs("Alm. Sarwono", "bank"), "signed", scans),
        Story(31, ramai, event("Resepsi pernikahan", "hajatan", 20, 150), "signed"),
        Story(30, skck, {"purpose": "asn"}),
        Story(28, usaha, business("Ternak Ayam Sejahtera", "ternak", "bantuan"), "refused", (),
              "Usaha ini tidak ditemukan di alamat yang ditulis.", later),
        Story(27, hasil, income | {"income": 2_400_000, "purpose": "ukt"}, "signed"),
        Story(26, domisili, {"purpose": "sekolah"}),
        Story(25, UNMARRIED, {"purpose": "kerja"}),
        Story(23, usaha, business("Jahit Bu Tini", "jasa", "rekening"), "signed"),
        Story(21, ramai, event("Pengajian akbar", "keagamaan", 30, 120), "signed"),
        Story(20, hasil, income | {"parent": "ibu", "parent_job": "Penjahit"}, "returned", (),
              "Tulis penghasilan sebulan, bukan setahun."),
        Story(19, skck, {"purpose": "sekolah"}),
        Story(18, usaha, business("Kebun Kelapa Muda", "tani", "kur"), "signed"),
        Story(16, domisili, {"purpose": "kredit"}),
        Story(15, usaha, business("Ikan Asin Tanjung", "ikan", "kur"), "withdrawn"),
        Story(14, waris, heirs("Alm. Poniman", "tanah"), "returned", scans,
              "Surat pernyataan belum ditandatangani dua saksi."),
        Story(13, usaha, business("Kelontong Berkah", "dagang", "kur")),
        Story(12, hasil, income | {"parent_job": "Buruh kebun"}),
        Story(11, skck, {"purpose": "kerja"}),
        Story(10, usaha, business("Bengkel Las Abadi", "industri", "bantuan"), "granted"),
        Story(9, domisili, {"purpose": "administrasi"}),
        Story(8, ramai, event("Turnamen voli", "olahraga", 35, 180), "granted"),
        Story(7, usaha, business("Keripik Ubi Manis", "kuliner", "kur")),
        Story(7, hasil, income | {"purpose": "sekolah"}, "granted"),
        Story(6, waris, heirs("Almh. Tukiyem", "pensiun"), "submitted", scans),
        Story(5, usaha, business("Pangkas Rapi", "jasa", "rekening"), "granted"),
        Story(5, UNMARRIED, {"purpose": "rumah"}),
        Story(4, ramai, event("Khitanan", "hajatan", 25, 90)),
        Story(4, usaha, business("Depot Air Segar", "dagang", "kur"), "granted"),
        Story(3, hasil, income | {"dependants": 5}),
        Story(3, skck, {"purpose": "kerja"}),
        Story(2, usaha, business("Tempe Bang Udin", "industri", "kur")),
        Story(2, waris, heirs("Alm. Mulyadi", "asuransi"), "submitted", scans),
        Story(1, usaha, business("Sate Padang Uda", "kuliner", "kur")),
        Story(1, hasil, income | {"purpose": "beasiswa"}),
    ]  # fmt: skip


@transaction.atomic
def load(progress: Progress) -> None:
    """Let the stories happen in the order of their time, through the same actions as everywhere."""
    now = timezone.now()
    told = stories(timezone.localdate(now))
    office = _Office.of_pak_lurah()
    happenings: list[tuple[datetime, Callable[[], None]]] = []
    for number, (story, person) in enumerate(_cast(told, _grown_ups(office.village))):
        happenings += _Matter(story, person, office, number).happenings(now)
    happenings.sort(key=lambda happening: happening[0])
    for done, (_at, happen) in enumerate(happenings, 1):
        happen()
        progress(done, len(happenings))


@dataclass(frozen=True)
class _Office:
    """Who works in pak_lurah's office."""

    head: Official
    staff: Official
    counter: Official
    passphrase: str
    village: str

    @classmethod
    def of_pak_lurah(cls) -> "_Office":
        head = agencies.demo_official("pak_lurah")
        return cls(
            head,
            agencies.demo_official("staf_desa"),
            agencies.demo_official("operator_desa"),
            demo_people.read()["pak_lurah"].passphrase,
            str(head.agency.region_id),
        )


class _Matter:
    """One story on its way through the office."""

    def __init__(self, story: Story, person: Person, office: _Office, number: int) -> None:
        self.story, self.person, self.office, self.number = story, person, office, number
        self.reference, self.user_id = "", 0

    def happenings(self, now: datetime) -> list[tuple[datetime, Callable[[], None]]]:
        """What happens, each with its time, none of it in the future."""
        day = timezone.localdate(now) - timedelta(days=self.story.days_ago)
        came = datetime.combine(day, time(8 + self.number % 7, self.number * 13 % 60), WIB)
        steps: list[tuple[datetime, Callable[[], None]]] = [(came, partial(self._submit, came))]
        looked = came + timedelta(hours=20)
        if self.story.until in ("granted", "signed"):
            steps.append((looked, partial(self._decide, "grant", looked)))
        if self.story.until == "signed":
            signed = came + timedelta(hours=26)
            steps.append((signed, partial(self._sign, signed)))
        if self.story.until in ENDS:
            steps.append((looked, partial(self._decide, ENDS[self.story.until], looked)))
        if self.story.until == "withdrawn":
            steps.append((looked, partial(self._withdraw, looked)))
        return [(min(at, now), step) for at, step in steps]

    def _submit(self, at: datetime) -> None:
        account = population_actions.prove(self.person, self.office.counter, at)
        self.user_id = account.user_id
        receipt = cases.submit(
            self.story.service,
            person_id=self.person.pk,
            answers=self.story.answers,
            uploads={paper: Upload(f"{paper}.pdf", _scan(paper)) for paper in self.story.papers},
            by=Applicant(self.user_id, account.level, "counter", self.office.counter),
            key=f"demo-{self.number}",
            language="id",
            now=at,
        )
        self.reference = receipt.case.reference

    def _decide(self, outcome: str, at: datetime) -> None:
        cases.decide(
            self.reference, official=self.office.staff, outcome=outcome,
            reason=self.story.words, law=self.story.law, now=at,
        )  # fmt: skip

    def _sign(self, at: datetime) -> None:
        cases.sign_many(
            [self.reference], official=self.office.head, passphrase=self.office.passphrase, now=at
        )

    def _withdraw(self, at: datetime) -> None:
        cases.withdraw(self.reference, person_id=self.person.pk, user_id=self.user_id, now=at)


def _grown_ups(village: str) -> list[Person]:
    """Adults of the village, the named people of the demo left out: the same ones in every demo of one seed."""
    named = set(population.demo_niks().values())
    today = timezone.localdate()
    return [
        person
        for letter in "ABDEFHIJKLMNPRSTWYZ"
        for person in population.search(village, letter, 200)
        if person.nik not in named and (today - person.birth_date).days > 18 * 366
    ]


def _cast(told: list[Story], people: list[Person]) -> list[tuple[Story, Person]]:
    """Give each story a person that it fits. In a tiny population some people have more than one matter, and
    a story that fits nobody is not told."""
    single = [person for person in people if person.marital == "belum_kawin"]
    others = [person for person in people if person.marital != "belum_kawin"]
    casts = {True: cycle(single), False: cycle(others)}
    return [
        (story, next(casts[story.service == UNMARRIED]))
        for story in told
        if (single if story.service == UNMARRIED else others)
    ]


def _scan(words: str) -> bytes:
    """A page (PDF) that stands for a scanned paper of made-up people."""
    page = Image.new("L", (595, 842), 255)
    ImageDraw.Draw(page).text((60, 60), f"CONTOH LAMPIRAN: {words}", fill=0)
    target = io.BytesIO()
    page.save(target, "PDF")
    return target.getvalue()
