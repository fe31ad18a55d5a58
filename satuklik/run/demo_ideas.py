"""Ideas that the demo begins with: twenty, one round of votes that is over, one that runs. The people are made up."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Official
from satuklik.base.regions import queries as regions
from satuklik.run.demo_complaints import drawn_photo
from satuklik.run.steps import Progress
from satuklik.spine.population import queries as population
from satuklik.systems.ideas import actions, catalogue
from satuklik.systems.ideas.actions import Proposal
from satuklik.systems.ideas.models import Idea

SEED = 12
# Title, what for, category, millions of rupiah, which part of the life: o(ver), r(unning), s(upport), n(ew), v(review)
IDEAS = (
    ("Lampu surya di jalan sekolah", "Jalan menuju sekolah gelap; lampu tenaga surya tidak menambah tagihan listrik.", "jalan-lingkungan", 180, "o"),
    ("Taman baca di balai desa", "Anak-anak belum punya tempat membaca sesudah sekolah; balai desa kosong setiap sore.", "pendidikan", 60, "o"),
    ("Bank sampah tiap kelurahan", "Sampah plastik dapat ditukar dengan tabungan; parit tidak tersumbat lagi.", "lingkungan", 90, "o"),
    ("Ambulans desa bersama", "Tiga desa bergantian memakai satu ambulans supaya ibu hamil tidak menunggu lama.", "kesehatan", 320, "o"),
    ("Pelatihan jual ikan lewat internet", "Nelayan dan pembudidaya belajar menjual langsung tanpa tengkulak.", "ekonomi", 75, "o"),
    ("Lapangan futsal serbaguna", "Pemuda membutuhkan tempat berolahraga yang tidak becek ketika hujan.", "pemuda", 250, "o"),
    ("Wifi gratis di terminal", "Penumpang dan pedagang di terminal memerlukan internet untuk tiket dan pembayaran.", "keterbukaan", 45, "r"),
    ("Sumur resapan di pasar", "Air hujan menggenang di pasar; sumur resapan mengurangi becek dan banjir.", "lingkungan", 120, "r"),
    ("Posyandu lansia keliling", "Orang tua yang sulit berjalan diperiksa di dekat rumahnya setiap bulan.", "kesehatan", 80, "r"),
    ("Jembatan gantung untuk anak sekolah", "Anak-anak menyeberang sungai dengan rakit; jembatan gantung membuat mereka aman.", "jalan-lingkungan", 400, "r"),
    ("Pelatihan pupuk kompos", "Petani belajar membuat kompos dari limbah sawit supaya tidak bergantung pada pupuk pabrik.", "pertanian", 55, "r"),
    ("Peta parkir resmi", "Warga tahu mana parkir resmi dan berapa tarifnya, sehingga pungutan liar berkurang.", "keterbukaan", 30, "s"),
    ("Jalur sepeda menuju kantor", "Jalur sepeda yang teduh mengurangi macet pada pagi hari di pusat kota.", "jalan-lingkungan", 210, "s"),
    ("Kelas bahasa isyarat", "Petugas loket belajar bahasa isyarat supaya warga tuli dapat dilayani sendiri.", "pendidikan", 25, "s"),
    ("Festival kuliner sungai", "Festival tahunan mengenalkan makanan sungai dan membantu usaha kecil.", "pemuda", 150, "s"),
    ("Kebun bibit desa", "Bibit cabai dan sayur dibagikan ke pekarangan agar harga dapur lebih ringan.", "pertanian", 40, "s"),
    ("Data anggaran yang mudah dibaca", "Wartawan dan warga dapat melihat belanja tiap desa dalam tabel yang dapat diunduh.", "keterbukaan", 35, "v"),
    ("Rumah singgah pasien", "Keluarga pasien dari kecamatan jauh membutuhkan tempat menginap dekat rumah sakit.", "kesehatan", 280, "v"),
    ("Halte dari bambu", "Halte bambu buatan perajin setempat melindungi anak sekolah dari hujan.", "jalan-lingkungan", 70, "n"),
    ("Pojok laktasi di pasar", "Ibu menyusui membutuhkan ruang yang bersih di pasar dan terminal.", "kesehatan", 20, "n"),
)  # fmt: skip
VOTERS = 40


@transaction.atomic
def load(report: Progress) -> None:
    """Propose, support, review, vote and count, as it would have gone within the last two months."""
    now, dice = timezone.now(), random.Random(SEED)  # noqa: S311 (made up on purpose)
    officer, people = agencies.demo_official("ppid"), _people()
    parts: dict[str, list[Idea]] = {}
    for number, (title, text, category, cost, part) in enumerate(IDEAS):
        begun = now - timedelta(days={"o": 60, "r": 35, "s": 12, "v": 18, "n": 2}[part], hours=number)
        idea = _propose(number, title, text, category, begun)
        parts.setdefault(part, []).append(idea)
        if part != "n":
            _publish(idea, officer, begun + timedelta(days=1))
            for person in dice.sample(people, {"s": 5 + number % 8}.get(part, 9)):
                actions.support(idea.pk, person_id=person, level=2, now=begun + timedelta(days=2))
        if part in "orv":
            actions.start_review(idea.pk, by=officer, now=begun + timedelta(days=4))
        if part in "or":
            actions.review(
                idea.pk, by=officer, feasible=True, cost=cost * 1_000_000, rkpd_code=f"1.03.{number % 9 + 1:02}.2.01",
                text="Layak dan dapat dikerjakan dalam satu tahun anggaran.", now=begun + timedelta(days=9),
            )  # fmt: skip
        report(number + 1, len(IDEAS) + 2)
    _over(parts["o"], officer, people, dice, now)
    report(len(IDEAS) + 1, len(IDEAS) + 2)
    _running(parts["r"], officer, people, dice, now)
    report(len(IDEAS) + 2, len(IDEAS) + 2)


def _people() -> list[int]:
    """Persons of the synthetic population, the same for the same seed."""
    found: list[int] = []
    for village in regions.villages()[:40]:
        found += [person.pk for person in population.search(village.code, "", limit=10)]
        if len(found) >= VOTERS:
            break
    return found[:VOTERS]


def _propose(number: int, title: str, text: str, category: str, at: datetime) -> Idea:
    sari = population.user_of(population.demo_resident("sari").pk) if number in (1, 19) else None
    journalist = number in (11, 16)
    villages = regions.villages()
    return actions.submit(
        Proposal(
            title=title, text=text, category=category, village=villages[number * 7 % len(villages)].code if number % 2 else "",
            group=Idea.Group.JOURNALIST if journalist else Idea.Group.RESIDENT,
            outlet="Kabar Asahan Rekaan" if journalist else "", name="" if sari else "Pengusul (rekaan)", user=sari,
            # 0840 is a block without subscribers: nothing here reaches anybody.
            phone="" if sari else f"+628409002{number:04}",
        ),
        now=at,
    ).idea  # fmt: skip


def _publish(idea: Idea, officer: Official, at: datetime) -> None:
    actions.moderate(
        idea.pk, by=officer, title=idea.title, text=idea.text, category=idea.category,
        agency=catalogue.category(idea.category).agency, now=at,
    )  # fmt: skip


def _over(
    ideas: list[Idea], officer: Official, people: list[int], dice: random.Random, now: datetime
) -> None:
    """A round that is counted; of what was adopted one is done and one under way."""
    made = actions.create_round(
        title="Ide warga tahap pertama", about="Dana partisipasi untuk pekerjaan kecil yang cepat selesai.", cap=500_000_000,
        opens_at=now - timedelta(days=45), closes_at=now - timedelta(days=31), ideas=[one.pk for one in ideas], by=officer,
        now=now - timedelta(days=46),
    )  # fmt: skip
    _votes(made.pk, ideas, made.cap, people, dice, now - timedelta(days=40))
    actions.count(made.pk, by=officer, now=now - timedelta(days=30))
    adopted = list(Idea.objects.filter(round=made, state="adopted").order_by("-votes", "pk"))
    for number, idea in enumerate(adopted[:2]):
        actions.report(
            idea.pk, by=officer, text="Bahan sudah dibeli dan pekerjaan dimulai bersama warga.", state="in_progress",
            photos=[drawn_photo(number)], now=now - timedelta(days=14),
        )  # fmt: skip
    if adopted:
        actions.report(
            adopted[0].pk,
            by=officer,
            text="Selesai dan sudah dipakai warga.",
            state="done",
            photos=[drawn_photo(9)],
            now=now - timedelta(days=3),
        )


def _running(
    ideas: list[Idea], officer: Official, people: list[int], dice: random.Random, now: datetime
) -> None:
    made = actions.create_round(
        title="Ide warga tahap kedua", about="Pilih ide yang Anda inginkan; jumlah biayanya tidak boleh melebihi anggaran.",
        cap=450_000_000, opens_at=now - timedelta(days=3), closes_at=now + timedelta(days=11), ideas=[one.pk for one in ideas],
        by=officer, now=now - timedelta(days=4),
    )  # fmt: skip
    _votes(made.pk, ideas, made.cap, people[: VOTERS // 2], dice, now - timedelta(days=1))


def _votes(
    round_id: int, ideas: list[Idea], cap: int, people: list[int], dice: random.Random, at: datetime
) -> None:
    costs = {one.pk: one.cost or 0 for one in Idea.objects.filter(pk__in=[idea.pk for idea in ideas])}
    for person in people:
        wanted, left, chosen = list(costs), cap, []
        dice.shuffle(wanted)
        for key in wanted[: dice.randint(1, 4)]:
            if costs[key] <= left:
                chosen.append(key)
                left -= costs[key]
        actions.vote(round_id, person_id=person, level=2, choices=chosen, now=at)
