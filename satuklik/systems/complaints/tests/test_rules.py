"""The decisions of complaints as tables: states, limits, masking, likeness, danger."""

from datetime import UTC, date, datetime, timedelta

import pytest

from satuklik.kernel import likeness, masking
from satuklik.systems.complaints import catalogue
from satuklik.systems.complaints.rules import danger, limits, states

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_every_state_leads_only_to_states() -> None:
    assert all(to in states.NEXT for targets in states.NEXT.values() for to in targets)


def test_every_end_can_be_contested_and_every_state_is_reached() -> None:
    for end in states.ENDED:
        assert states.NEXT[end] == {states.REOPENED}
    reached, edge = {states.NEW}, {states.NEW}
    while edge:
        edge = {to for state in edge for to in states.NEXT[state]} - reached
        reached |= edge
    assert reached == set(states.STATES)


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [
        ("new", "verified", True), ("new", "dispatched", False), ("new", "closed", False),
        ("verified", "dispatched", True), ("dispatched", "followed_up", True), ("dispatched", "closed", False),
        ("followed_up", "replied", True), ("replied", "reporter_reply", True), ("reporter_reply", "replied", True),
        ("replied", "closed", True), ("closed", "reopened", True), ("closed", "replied", False),
        ("archived", "reopened", True), ("nothing", "new", False),
    ],
)  # fmt: skip
def test_the_table(state: str, to: str, allowed: bool) -> None:
    assert states.may_go(state, to) is allowed


@pytest.mark.parametrize(
    ("state", "result", "fixed", "settled", "by_itself"),
    [
        ("closed", "done", None, True, False),
        ("closed", "done", True, True, False),
        ("closed", "done", False, False, False),  # silence of ours never hides the reporter's word
        ("closed", "planned", None, False, False),
        ("closed", "planned", True, True, False),
        ("replied", "done", None, False, True),
        ("replied", "done", False, False, False),
        ("reporter_reply", "done", None, False, False),
    ],
)
def test_not_fixed_is_never_hidden(
    state: str, result: str, fixed: bool | None, settled: bool, by_itself: bool
) -> None:
    standing = states.Standing(state, result, fixed)
    assert states.settled(standing) is settled
    assert states.closes_by_itself(standing) is by_itself


@pytest.mark.parametrize(
    ("name", "days"),
    [("verify", 3), ("follow_up", 5), ("reporter", 10), ("light", 2), ("normative", 5), ("non_supervisory", 14),
     ("supervisory", 60)],
)  # fmt: skip
def test_limits_of_the_study_with_their_source(name: str, days: int) -> None:
    row = catalogue.limit(name, date(2026, 11, 24))
    assert row.days == days
    assert row.source
    assert not row.confirmed


def test_a_limit_holds_from_its_day_on() -> None:
    rows = [
        limits.Limit("verify", 3, date(2013, 9, 16), "a", True),
        limits.Limit("verify", 2, date(2027, 1, 1), "b", True),
    ]
    assert limits.in_force(rows, "verify", date(2026, 12, 31)).days == 3
    assert limits.in_force(rows, "verify", date(2027, 1, 1)).days == 2
    with pytest.raises(limits.NoLimit):
        limits.in_force(rows, "verify", date(2010, 1, 1))


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("NIK saya 1209201708950001 ya", "1209201708950001"),
        ("NIK 1209 2017 0895 0001", "0895"),
        ("hubungi 0812-3456-7890 atau", "3456"),
        ("WA +62 812 3456 7890", "3456"),
        ("tulis ke siti.aminah@contoh.example", "siti.aminah"),
        ("siti at kantor: siti@kantor.go.example.", "siti@"),
        ("rumah di Jl. Cokroaminoto No. 12 sudah banjir", "Cokroaminoto"),
        ("di jalan Imam Bonjol Gang Melati no 7", "Melati"),
        ("depan rumah nomor 15B", "15B"),
        ("RT 002/RW 001 Kisaran Naga", "002"),
    ],
)
def test_what_points_to_a_person_is_masked(text: str, gone: str) -> None:
    assert gone not in masking.masked(text)
    assert masking.tells_of_a_person(text)


def test_who_mends_a_road_is_told_which() -> None:
    """An agency was asked to mend «[disamarkan]»."""
    text = "Aspal Jalan Sudirman rusak di depan rumah nomor 15B RT 002, WA 0812-3456-7890"
    told = masking.masked(text, roads=False)
    assert told.startswith("Aspal Jalan Sudirman rusak di depan rumah [disamarkan]")
    assert not any(part in told for part in ("15B", "002", "3456"))


@pytest.mark.parametrize(
    "text",
    [
        "Lampu jalan mati sejak 3 hari.", "Sampah menumpuk 2 minggu, baunya sampai ke pasar.", "Lubang sedalam 40 cm.",
        "Kejadian 12-11-2026 pukul 10.30", "Anggaran Rp150.000.000 belum cair", "Jalan rusak parah",
    ],
)  # fmt: skip
def test_what_does_not_stays(text: str) -> None:
    assert masking.masked(text) == text


def described(
    key: int,
    text: str,
    *,
    days: float = 0,
    village: str = "v",
    category: str = "jalan",
    point: tuple[float, float] | None = None,
):
    latitude, longitude = point or (None, None)
    return likeness.Described(key, text, village, category, NOW - timedelta(days=days), latitude, longitude)


HOLE = "Jalan berlubang besar di depan pasar Inpres Kisaran, sudah banyak motor jatuh"
EARLIER = [
    described(1, "Lubang besar di jalan depan Pasar Inpres, motor sering jatuh", days=2),
    described(2, "Sampah belum diangkut dua minggu di perumahan", days=1),
    described(3, "Jalan berlubang besar di depan pasar Inpres Kisaran, banyak motor yang jatuh", days=20),
    described(4, "KTP saya belum jadi sejak bulan lalu", days=1, village="w"),
]


def test_the_same_hole_in_other_words_is_found_and_old_ones_are_not() -> None:
    assert [like.key for like in likeness.similar(described(0, HOLE), EARLIER)] == [1]


@pytest.mark.parametrize(("metres", "found"), [(50, True), (5_000, False)])
def test_a_point_nearby_counts_one_far_away_does_not(metres: float, found: bool) -> None:
    new = described(0, HOLE, point=(2.98, 99.61))
    old = described(1, EARLIER[0].text, point=(2.98 + metres / 111_195, 99.61))
    likes = likeness.similar(new, [old])
    assert bool(likes) is found
    if likes:
        assert likes[0].metres == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize("text", ["", "a", "\u202e\u0000", "😀" * 500, "x" * 100_000])
def test_strange_texts_are_like_nothing(text: str) -> None:
    assert likeness.similar(described(0, text), EARLIER) == []


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("Ada kebakaran di pasar!", True), ("kabel listrik putus di jalan", True), ("orang pingsan tolong cepat", True),
        ("sampah dibakar warga tiap sore", False), ("jalan rusak", False),
    ],
)  # fmt: skip
def test_danger_gets_the_numbers_to_call(text: str, emergency: bool) -> None:
    assert danger.is_emergency(text) is emergency


def test_a_wrong_suggests_the_secret_way() -> None:
    assert danger.is_wrongdoing("Kami diminta pungli di sekolah")
    assert not danger.is_wrongdoing("Pungutan parkir resmi naik")


def test_every_category_names_an_agency_and_a_level(regency: None) -> None:
    from satuklik.base.agencies import queries

    codes = {agency.code for agency in queries.agencies()}
    for category in catalogue.categories().values():
        assert category.agency in codes
        assert category.level in limits.LEVELS


def test_every_state_has_a_word_in_files_of_sp4n() -> None:
    words = catalogue.sp4n()
    assert set(words["outgoing"]) == set(states.STATES)
    assert set(words["incoming"].values()) <= set(states.STATES)
