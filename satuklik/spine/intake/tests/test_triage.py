"""Triage as tables: what the rules find, what they must not take for it, and where triage keeps silent."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime

import pytest

from satuklik.spine.intake import corpus, tables, training
from satuklik.spine.intake.commands import chat_rows, holdout_rows, read_rows, seed_rows
from satuklik.spine.intake.rules import measuring, nearness
from satuklik.spine.intake.rules.canned import fill, unfilled, unknown
from satuklik.spine.intake.rules.classifier import BadModel, Model, open_model
from satuklik.spine.intake.rules.measuring import Labelled
from satuklik.spine.intake.rules.reading import read
from satuklik.spine.intake.rules.routing import Nearest, Place
from satuklik.spine.intake.rules.signals import moment, without_numbers
from satuklik.spine.intake.rules.triage import Triage, build, may_act_alone

PLACES = [
    Place("Kisaran Naga", "kel-12.09.20.1009", False),
    Place("Punggulan", "desa-12.09.09.2008", False),
    Place("Kisaran Timur", "kec-12.09.20", True),
]
RULES = build(tables.table("signals"), tables.table("tasks"), tables.slang(), PLACES)


def signals(text: str):
    return RULES.watch.look(RULES.read(text))


@pytest.fixture(scope="module")
def trained() -> Triage:
    """The demo's model: every third chat of the patterns, and those written by hand."""
    rows = seed_rows(3)
    model = training.train(rows, RULES, origin="test", version="test")
    tickets = [(row.text, row.agency, "ADU-TEST-0001") for row in rows if row.agency]
    return replace(RULES, model=open_model(model.to_bytes()), nearest=Nearest(tickets, RULES.read))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Jln rusak bgt gk dibenerin2", "jalan rusak sekali tidak dibenerin dibenerin"),
        ("ndang adong aek", "tidak ada air"),
        ("piye iki, lampune mati", "bagaimana ini lampune mati"),
        ("tak ado apo2", "tidak ada apa apa"),
        ("toloooong pak", "tolong pak"),
        ("pppk paruh waktu", "pppk paruh waktu"),
        ("KEBERATAN!!", "keberatan"),
        ("anak2 kami", "anak anak kami"),
        ("jalan-jalan", "jalan jalan"),
        ("\u202eevil\u202c \x00ktp\u200b", "evil ktp"),
    ],
)
def test_the_normaliser(typed: str, plain: str) -> None:
    assert read(typed, tables.slang()).plain == plain


def test_keberatan_is_not_stemmed_to_berat() -> None:
    assert "keberatan" in RULES.read("saya keberatan atas jawaban ppid").tokens
    assert signals("saya keberatan atas jawaban ppid").objection == 2
    assert signals("beban saya berat pak, permohonan data sudah masuk").objection == 0
    assert signals("truk itu berat muatannya, informasi saja").objection == 0


@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("saya keberatan, permohonan informasi saya ditolak", "a"),
        ("keberatan: informasi berkala tidak diumumkan", "b"),
        ("ajukan keberatan karena permohonan tidak ditanggapi", "c"),
        ("kami keberatan atas data yang tidak sesuai yang diminta", "d"),
        ("mengajukan keberatan, permintaan data belum dipenuhi", "e"),
        ("keberatan atas biaya terlalu mahal untuk salinan dokumen", "f"),
        ("keberatan, jawaban melebihi jangka waktu", "g"),
    ],
)
def test_each_ground_of_article_35_has_words(text: str, grounds: str) -> None:
    found = signals(text)
    assert found.objection == 2
    assert grounds in found.grounds


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("tolong ada kebakaran di pasar", True),
        ("banjir pak, cepat kirim perahu", True),
        ("Anak tenggelam di sungai", True),
        ("kecelakaan di simpang, butuh bantuan", True),
        ("minta data kebakaran 2025, tolong pak", False),
        ("berapa anggaran banjir tahun lalu? tolong", False),
        ("lampu jalan mati", False),
        ("usul pelatihan kebakaran untuk warga, tolong dipertimbangkan", False),
    ],
)
def test_emergencies(text: str, there: bool) -> None:
    assert bool(signals(text).emergency) is there


@pytest.mark.parametrize(
    ("text", "secret", "corrupt"),
    [
        ("kades minta uang 200rb untuk blt, tolong rahasiakan nama saya", True, True),
        ("dana bantuan kami dipotong", False, True),
        ("pohon dipotong pln", False, False),
        ("jangan sebut nama saya ya pak", True, False),
        ("data rahasia dagang", False, False),
    ],
)
def test_secrets_and_corruption(text: str, secret: bool, corrupt: bool) -> None:
    found = signals(text)
    assert (bool(found.secret), bool(found.corruption)) == (secret, corrupt)


def test_the_press_with_outlet_and_deadline() -> None:
    found = signals("Selamat siang, saya wartawan Harian Contoh mau konfirmasi, deadline pukul 15.30")
    assert (found.press, found.outlet, found.clock) == (2, "Harian Contoh", (15, 30))
    assert signals("jam 3 sore wartawan Kabar Umpama minta tanggapan").clock == (15, 0)
    assert signals("mau konfirmasi jadwal vaksin").press == 0
    at = datetime.fromisoformat("2026-11-24T16:00:00+07:00")
    assert moment((15, 30), at).isoformat() == "2026-11-25T15:30:00+07:00"
    assert moment((17, 0), at).isoformat() == "2026-11-24T17:00:00+07:00"


def test_numbers() -> None:
    found = signals("pi-7f3k-9q2m dan ADU-4K2P-8TXW, nik 1209 2001 0190 0001")
    assert found.tickets == ("PI-7F3K-9Q2M", "ADU-4K2P-8TXW")
    assert found.nik
    assert without_numbers("nik 1209200101900001.") == "nik ••••••••••••••••."
    assert not signals("nomor 081234567890").nik


@pytest.mark.parametrize(
    ("text", "kind", "agency"),
    [
        ("Pak jln bolong di simpang, mohon diperbaiki", "complaint", "dpupr"),
        ("minta data jumlah penduduk per kecamatan untuk skripsi", "information", "disdukcapil"),
        ("usul gimana kalau dibuat bank sampah tiap desa", "idea", "dlh"),
        ("syarat bikin nib apa saja", "service", "dpmptsp"),
        ("saya wartawan, mau konfirmasi soal bansos, deadline jam 5", "press", "dinsos"),
        ("Assalamualaikum", "greeting", ""),
        ("Terima kasih banyak pak", "greeting", ""),
        ("PI-7F3K-9Q2M sampai mana", "status", ""),
        ("slot gacor maxwin deposit", "spam", ""),
        ("", "", ""),
        ("🙏🙏", "greeting", ""),
    ],
)
def test_on_the_first_day_rules_and_lexicon_suffice(text: str, kind: str, agency: str) -> None:
    first = RULES.look(text).suggestions[0]
    assert first.kind == kind
    assert (first.routes[0].agency if first.routes else "") == agency
    assert first.reasons or kind in ("greeting", "spam", "")


def test_villages_are_found_by_name_and_task() -> None:
    def top(text: str) -> str:
        routes = RULES.look(text).suggestions[0].routes
        return routes[0].agency if routes else ""

    assert top("kantor lurah Kisaran Naga tutup, mau minta surat domisili") == "kel-12.09.20.1009"
    assert top("pak camat Kisaran Timur tidak pernah di kantor") == "kec-12.09.20"
    assert top("lampu jalan mati di Punggulan") == "dishub"  # the place alone sends nothing to the village


def test_it_abstains_where_nothing_speaks() -> None:
    for text in ("itu gimana ya", "yang kemarin", "asdf qwer zxcv"):
        only = RULES.look(text).suggestions
        assert len(only) == 1
        assert only[0].kind == ""


def test_one_message_gives_several_suggestions() -> None:
    text = "Minta data penerima pkh per kecamatan untuk skripsi. Selain itu lampu jalan di gang kami tidak nyala, mohon diperbaiki"
    found = RULES.look(text)
    assert [(one.kind, one.routes[0].agency) for one in found.suggestions] == [
        ("information", "dinsos"), ("complaint", "dishub"),
    ]  # fmt: skip
    assert "lampu jalan" in text[found.suggestions[1].start : found.suggestions[1].end]


@pytest.mark.parametrize(
    "text",
    ["\x00" * 50, "🙏" * 5000, "\u202e" + "lampu " * 3, "a" * 2_000_000, "lampu mati. " * 200_000, "\ud800x", "1" * 100_000, "-" * 50_000, "jam 99:99 wartawan konfirmasi"],
    ids=["nul", "emoji", "rtl", "long", "many sentences", "surrogate", "digits", "dashes", "clock"],
)  # fmt: skip
def test_hostile_texts_are_read_quickly(trained: Triage, text: str) -> None:
    begin = time.process_time()
    found = trained.look(text)
    assert time.process_time() - begin < 0.6
    assert 1 <= len(found.suggestions) <= 5
    assert "\x00" not in trained.read(text).plain


def test_a_message_takes_less_than_five_milliseconds(trained: Triage) -> None:
    texts = [row.text for row in holdout_rows()]
    trained.look(texts[0])
    begin = time.process_time()
    for text in texts:
        trained.look(text)
    assert (time.process_time() - begin) / len(texts) < 0.005


def test_the_model_is_numbers_and_words_only(trained: Triage) -> None:
    model = trained.model
    assert isinstance(model, Model)
    again = open_model(model.to_bytes())
    reading = trained.read("jalan rusak di simpang empat")
    assert again.decide(reading, []) == model.decide(reading, [])
    for bad in (b"", b"PK\x03\x04junk", b"\x80\x04pickle"):
        with pytest.raises(BadModel):
            open_model(bad)


def test_a_pickle_in_the_file_is_refused() -> None:
    import io

    import numpy as np

    held = io.BytesIO()
    np.savez(held, about=np.array([{"a": print}], dtype=object))
    with pytest.raises(BadModel):
        open_model(held.getvalue())


def test_the_holdout_is_measured_and_so_is_the_collapse_without_agency_words(trained: Triage) -> None:
    rows = holdout_rows()
    plain = measuring.figures(training.decide(rows, trained))
    masked = measuring.figures(training.decide(rows, trained, masked=True))
    alone = measuring.figures(training.decide(rows, RULES, masked=True))
    assert plain.size == 173
    assert plain.macro_f1 > 0.8
    assert plain.top3 > 0.75
    assert alone.top1 == 0  # a lexicon knows nothing without its words
    assert 0.1 < masked.top1 < plain.top1  # what was learned from tickets carries part of it
    assert plain.sure_precision >= measuring.WANTED  # "sure" means what the setting says
    assert plain.coverage > 0.3
    assert plain.calibration_error < 0.06
    assert {one.kind: one.recall for one in plain.kinds}["spam"] >= 0.6


def test_sure_means_what_is_wanted_or_it_abstains() -> None:
    def decided(probability: float, right: bool, person: str) -> measuring.Decided:
        return measuring.Decided(
            Labelled("t", "idea", "", person), "idea" if right else "press", probability, True, ()
        )

    good = [decided(0.9, True, f"p{n}") for n in range(40)]
    assert measuring.threshold(good) == 0.9
    assert measuring.threshold(good, 0.999) == measuring.ALWAYS_ABSTAIN
    assert measuring.threshold(good[:39]) == measuring.ALWAYS_ABSTAIN  # too few persons
    assert measuring.threshold([decided(0.9, True, "p1")] * 400) == measuring.ALWAYS_ABSTAIN  # one person
    bad = [decided(0.8, n % 2 == 0, f"q{n}") for n in range(40)]
    assert measuring.threshold([*good, *bad]) == 0.9
    low, high = measuring.likely_range(96, 100)
    assert (round(low, 2), round(high, 2), measuring.likely_range(0, 0)) == (0.9, 0.98, (0.0, 1.0))


def test_folds_are_blocks_of_time_with_persons_whole() -> None:
    rows = [
        Labelled(f"t{n}", "idea", "", f"p{n % 30}" if n < 90 else "", f"2026-01-{1 + n // 10:02}")
        for n in range(120)
    ]
    blocks = training._folds(rows, range(120))
    assert len(blocks) == training.FOLDS
    assert sorted(place for block in blocks for place in block) == list(range(120))
    persons = [{rows[place].person for place in block} - {""} for block in blocks]
    assert sum(map(len, persons)) == 30
    begins = [min(rows[place].at for place in block) for block in blocks]
    assert begins == sorted(begins)


def test_only_peoples_own_words_say_how_sure_one_may_be() -> None:
    made = [Labelled(f"t{n}", "idea", made=True) for n in range(100)]
    own = [Labelled(f"u{n}", "idea") for n in range(training.FEWEST_OWN)]
    assert training._calibrating([*made, *own]) == list(range(100, 100 + training.FEWEST_OWN))
    assert training._calibrating([*made, *own[1:]]) == list(range(99 + training.FEWEST_OWN))


@pytest.mark.parametrize(
    ("text", "spam"),
    [
        ("Pinjaman dana tunai cair 1 jam, hubungi kami", True),
        ("depo 20rb main slot scatter hari ini", True),
        ("Selamat anda terpilih menerima hadiah, klaim di https://contoh.example", True),
        ("tas murah cek shopee.co.id/contoh gratis ongkir", True),
        ("anak anak main slot di warnet, tolong ditindak", False),
        ("saya korban pinjaman online, harus lapor ke mana", False),
        ("ada yang menipu pakai undian berhadiah atas nama pemkab", False),
        ("syarat bantuan modal umkm apa, gratis kah", False),
        ("mohon data pinjaman daerah 2025 untuk skripsi", False),
        ("lihat foto jalan rusak di https://contoh.example/foto", False),
        ("kios kami di pasar kena cicilan retribusi terus", False),
    ],
)
def test_advertising_is_suggested_and_its_victims_are_heard(text: str, spam: bool) -> None:
    assert bool(signals(text).spam) is spam


def test_seed_and_holdout_share_no_text() -> None:
    seed = {" ".join(RULES.read(row.text).tokens) for row in corpus.rows()}
    apart = [" ".join(RULES.read(row.text).tokens) for row in holdout_rows() if row.kind not in ("greeting",)]
    assert len(seed) > 900
    assert not [text for text in apart if text in seed]
    assert corpus.rows() == corpus.rows()
    by_hand = {" ".join(RULES.read(row.text).tokens) for row in chat_rows()}
    assert len(by_hand) > 150
    assert not by_hand & {*seed, *apart}


def test_persons_and_times_are_kept_apart() -> None:
    rows = [Labelled(f"t{n}", "complaint", "", f"p{n % 40}", f"2026-01-{1 + n // 10:02}") for n in range(200)]
    learn, test, how = measuring.split(rows)
    assert {row.person for row in learn} & {row.person for row in test} == set()
    assert how.startswith("persons apart")
    rows = [Labelled(f"t{n}", "complaint", "", f"p{n}", f"2026-{1 + n // 20:02}-01") for n in range(200)]
    learn, test, how = measuring.split(rows)
    assert max(row.at for row in learn) <= min(row.at for row in test)
    assert len(test) == 60


def test_alone_only_from_97_in_100() -> None:
    assert not may_act_alone(99, 99)  # too few
    assert not may_act_alone(96, 100)
    assert may_act_alone(97, 100)


def test_near_duplicates() -> None:
    one = RULES.read("jalan di depan SDN 3 Punggulan rusak parah sudah 2 bulan tidak diperbaiki").plain
    other = RULES.read("Jln dpn SDN 3 punggulan rusak parah udh 2 bulan gk diperbaiki").plain
    third = RULES.read("mohon data jumlah penerima pkh tahun ini untuk skripsi saya").plain
    rare = nearness.rarity([RULES.read(row.text).plain for row in corpus.rows()])
    near = nearness.cosine(nearness.weights(one, rare), nearness.weights(other, rare))
    far = nearness.cosine(nearness.weights(one, rare), nearness.weights(third, rare))
    assert near > nearness.ALIKE > far
    assert set(nearness.prints(one)) & set(nearness.prints(other))
    assert nearness.prints("halo") == []
    assert all(-(1 << 31) <= number < 1 << 31 for number in nearness.prints(third))


def test_canned_answers_show_what_is_not_filled() -> None:
    filled = fill("Yth. {nama}, nomor {nomor}.", {"nama": "Sari"})
    assert filled == "Yth. Sari, nomor [nomor?]."
    assert unfilled(filled) == ["nomor"]
    assert unknown("{nama} {pin}") == ["pin"]


def test_web_processes_never_load_scipy() -> None:
    code = (
        "import django, sys; django.setup(); import importlib; importlib.import_module('satuklik.urls');"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "import satuklik.spine.intake.actions, satuklik.spine.intake.queries, satuklik.faces.inbox.apps;"
        "print([name for name in ('scipy', 'threadpoolctl', 'satuklik.spine.intake.training') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_file_with_a_wrong_column_or_kind_is_told(tmp_path) -> None:
    import click

    file = tmp_path / "a.csv"
    file.write_text("text,label\nx,y\n")
    with pytest.raises(click.ClickException, match="kind, agency"):
        read_rows(file)
    file.write_text("text,kind,agency\nx,nonsense,\n")
    with pytest.raises(click.ClickException, match="line 2"):
        read_rows(file)
