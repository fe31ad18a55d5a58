"""An idea from the submission to the work: states, one person once, review, votes within the budget, ballots' secrecy."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from satuklik.spine.intake.registry import CannotCreate, Intake
from satuklik.spine.referrals import queries as referral_queries
from satuklik.systems.ideas import actions, intake, queries
from satuklik.systems.ideas.errors import EnvelopeBroken, MayNot, Missing, NotFound, NotNow, RoundClosed
from satuklik.systems.ideas.models import Ballot, Idea, Round, Voter
from satuklik.systems.ideas.rules import counting, states
from satuklik.systems.ideas.rules.counting import BadBallot, Candidate
from satuklik.systems.ideas.tests.conftest import TEXT, make_round, propose, publish, reviewed
from tests.people import NOW

pytestmark = pytest.mark.django_db


def test_every_state_leads_only_to_states_and_is_reached() -> None:
    reached, edge = {states.SUBMITTED}, {states.SUBMITTED}
    while edge:
        edge = {to for state in edge for to in states.NEXT[state]} - reached
        reached |= edge
    assert reached == set(states.STATES)


@pytest.mark.parametrize(
    ("ballots", "costs", "cap", "adopted"),
    [
        ([[1], [1], [2]], {1: 60, 2: 50, 3: 40}, 100, [1]),  # 2 does not fit, 3 has no vote
        ([[1, 3], [1], [2], [3]], {1: 60, 2: 50, 3: 40}, 100, [3, 1]),
        ([[2], [3]], {1: 60, 2: 50, 3: 40}, 100, [3, 2]),  # equal votes: the cheaper one first
        ([[1], [2]], {1: 50, 2: 50}, 50, [1]),  # equal in all: the earlier one
        ([[1], [1], [2], [2], [3]], {1: 100, 2: 90, 3: 10}, 100, [2, 3]),  # the dear one is passed over
        ([], {1: 10, 2: 20}, 100, []),
        ([[1, 1, 1], [2], [2]], {1: 60, 2: 60}, 100, [2]),  # naming an idea thrice is one vote
    ],
)
def test_how_a_round_is_counted(
    ballots: list[list[int]], costs: dict[int, int], cap: int, adopted: list[int]
) -> None:
    candidates = [Candidate(key, cost, key) for key, cost in costs.items()]
    found = counting.count(ballots, candidates, cap)
    assert [one.key for one in found if one.adopted] == adopted
    assert sum(costs[one.key] for one in found if one.adopted) <= cap
    assert len(found) == len(costs)


@pytest.mark.parametrize(("choices", "code"), [([], "empty"), ([9], "unknown"), ([1, 2], "budget")])
def test_a_ballot_that_cannot_count(choices: list[int], code: str) -> None:
    with pytest.raises(BadBallot) as error:
        counting.check(choices, {1: Candidate(1, 60, 1), 2: Candidate(2, 50, 2)}, 100)
    assert error.value.code == code


def test_support_once_and_the_threshold_asks_the_agency(idea: Any, petugas: Any) -> None:
    one = idea()
    with pytest.raises(NotNow):
        actions.support(one.pk, person_id=1, level=2, now=NOW)
    publish(one, petugas)
    with pytest.raises(MayNot):
        actions.support(one.pk, person_id=1, level=1, now=NOW)
    Idea.objects.update(threshold=2)
    assert actions.support(one.pk, person_id=1, level=2, now=NOW)
    assert not actions.support(one.pk, person_id=1, level=2, now=NOW)
    assert actions.support(one.pk, person_id=2, level=2, now=NOW)
    one.refresh_from_db()
    assert (one.state, one.supports) == (states.REVIEW, 2)
    (asked,) = referral_queries.of_subject(one.subject, NOW)
    assert asked.agency.code == "dpupr"


def test_the_agency_reviews_and_its_referral_is_answered(idea: Any, people: dict[str, Any]) -> None:
    one = publish(idea(), people["petugas"])
    actions.start_review(one.pk, by=people["petugas"], now=NOW)
    with pytest.raises(Missing):
        actions.review(
            one.pk, by=people["staf_pupr"], feasible=True, cost=None, rkpd_code="", text="x", now=NOW
        )
    with pytest.raises(Missing):
        actions.review(
            one.pk, by=people["staf_pupr"], feasible=True, cost=5, rkpd_code="abc", text="x", now=NOW
        )
    with pytest.raises(MayNot):
        actions.review(
            one.pk, by=people["admin_situs"], feasible=True, cost=5, rkpd_code="", text="x", now=NOW
        )
    done = actions.review(
        one.pk,
        by=people["staf_pupr"],
        feasible=True,
        cost=75_000_000,
        rkpd_code="1.03.02.2.01",
        text="Dapat.",
        now=NOW,
    )
    assert (done.state, done.cost) == (states.READY, 75_000_000)
    (asked,) = referral_queries.of_subject(one.subject, NOW)
    assert (asked.state, asked.answer) == ("answered", "Dapat.")
    with pytest.raises(NotNow):
        actions.review(one.pk, by=people["staf_pupr"], feasible=True, cost=5, rkpd_code="", text="x", now=NOW)


def test_what_cannot_be_done_ends_with_its_reason(idea: Any, people: dict[str, Any]) -> None:
    one = publish(idea(), people["petugas"])
    actions.start_review(one.pk, by=people["petugas"], now=NOW)
    done = actions.review(
        one.pk,
        by=people["staf_pupr"],
        feasible=False,
        cost=None,
        rkpd_code="",
        text="Jalan provinsi.",
        now=NOW,
    )
    assert (done.state, done.reason) == (states.NOT_ADOPTED, "Jalan provinsi.")


@pytest.mark.parametrize("merge", [True, False])
def test_the_author_answers_for_a_like_idea(idea: Any, petugas: Any, merge: bool) -> None:
    first = publish(idea(), petugas)
    actions.support(first.pk, person_id=1, level=2, now=NOW)
    second = idea("Lampu surya untuk anak sekolah")
    publish(second, petugas, like=first.reference)
    second.refresh_from_db()
    assert second.state == states.MODERATED
    actions.answer_suggestion(second.pk, merge=merge, now=NOW)
    second.refresh_from_db()
    assert second.state == (states.MERGED if merge else states.SUPPORT)


def test_merged_supporters_go_along_each_once(idea: Any, petugas: Any) -> None:
    first, second = publish(idea(), petugas), publish(idea("Lampu surya lain"), petugas)
    for one, person in ((first, 1), (first, 2), (second, 2), (second, 3)):
        actions.support(one.pk, person_id=person, level=2, now=NOW)
    actions.merge(second.pk, first.reference, by=petugas, now=NOW)
    first.refresh_from_db()
    assert first.supports == 3
    with pytest.raises(NotFound):
        actions.merge(first.pk, "ID-0000-0000", by=petugas, now=NOW)


def test_a_round_from_the_first_vote_to_the_work(regency: None, petugas: Any) -> None:
    made, ideas = make_round(petugas)
    dear, middle, cheap = (one.pk for one in ideas)
    assert actions.vote(made.pk, person_id=1, level=2, choices=[dear, cheap], now=NOW)
    assert actions.vote(made.pk, person_id=2, level=2, choices=[dear], now=NOW)
    assert not actions.vote(made.pk, person_id=2, level=2, choices=[cheap], now=NOW)  # changed
    assert actions.vote(made.pk, person_id=3, level=2, choices=[middle], now=NOW)
    assert actions.choices_of(made.pk, 2) == [cheap]
    assert (Voter.objects.count(), Ballot.objects.count()) == (3, 0)  # each in its envelope until the count
    for person, level, choices, error in (
        (4, 1, [cheap], MayNot),
        (4, 2, [dear, middle], BadBallot),
        (4, 2, [], BadBallot),
    ):
        with pytest.raises(error):
            actions.vote(made.pk, person_id=person, level=level, choices=choices, now=NOW)
    after = NOW + timedelta(days=7)
    with pytest.raises(RoundClosed):
        actions.vote(made.pk, person_id=5, level=2, choices=[cheap], now=after)
    with pytest.raises(RoundClosed):
        actions.count(made.pk, by=petugas, now=NOW)
    actions.count(made.pk, by=petugas, now=after)
    with pytest.raises(RoundClosed):
        actions.count(made.pk, by=petugas, now=after)
    outcome = {one.pk: (one.state, one.votes, one.outcome) for one in Idea.objects.all()}
    assert outcome == {
        cheap: (states.ADOPTED, 2, "adopted"), middle: (states.ADOPTED, 1, "adopted"), dear: (states.NOT_ADOPTED, 1, "budget"),
    }  # fmt: skip
    actions.report(cheap, by=petugas, text="Mulai dipasang.", state="in_progress", now=after)
    actions.report(cheap, by=petugas, text="Selesai.", state="done", now=after)
    with pytest.raises(NotNow):
        actions.report(cheap, by=petugas, text="Lagi.", state="in_progress", now=after)
    actions.try_again(dear, by=petugas, now=after)
    assert Idea.objects.get(pk=dear).state == states.READY


def test_a_dump_connects_nobody_with_a_ballot(regency: None, petugas: Any) -> None:
    made, ideas = make_round(petugas)
    for person in range(101, 106):
        actions.vote(made.pk, person_id=person, level=2, choices=[ideas[person % 3].pk], now=NOW)
    columns = {field.name for field in Ballot._meta.get_fields()}
    assert columns == {"id", "round", "choices"}  # no person, no time, no address
    assert not Ballot.objects.exists()
    envelopes = [bytes(row) for row in Voter.objects.values_list("envelope", flat=True)]
    assert len(set(envelopes)) == 5
    assert len({len(one) for one in envelopes}) == 1  # one idea or all of them: the same length
    actions.vote(made.pk, person_id=101, level=2, choices=[ideas[1].pk, ideas[2].pk], now=NOW)
    assert len(bytes(Voter.objects.get(person_id=101).envelope or b"")) == len(envelopes[0])
    actions.count(made.pk, by=petugas, now=NOW + timedelta(days=8))
    counted = Round.objects.get(pk=made.pk)
    assert counted.sealed_key is None
    assert counted.ballots_counted == 5
    assert not Voter.objects.exclude(envelope=None).exists()
    assert Ballot.objects.count() == 5
    assert actions.choices_of(made.pk, 101) == []


@pytest.mark.parametrize("harm", ["a bit", "another voter's", "gone", "the vault key"])
def test_every_envelope_is_counted_or_none(regency: None, petugas: Any, settings: Any, harm: str) -> None:
    made, ideas = make_round(petugas)
    for person in (1, 2, 3):
        actions.vote(made.pk, person_id=person, level=2, choices=[ideas[0].pk], now=NOW)
    one, other = Voter.objects.order_by("pk")[:2]
    whole = bytes(one.envelope or b"")
    changed = {
        "a bit": whole[:-1] + bytes([whole[-1] ^ 1]), "another voter's": bytes(other.envelope or b""), "gone": None,
        "the vault key": whole,
    }  # fmt: skip
    Voter.objects.filter(pk=one.pk).update(envelope=changed[harm])
    if harm == "the vault key":
        settings.SATUKLIK_VAULT_KEY = "lain"
    with pytest.raises(EnvelopeBroken):
        actions.count(made.pk, by=petugas, now=NOW + timedelta(days=8))
    assert Round.objects.get(pk=made.pk).counted_at is None
    assert Voter.objects.exclude(envelope=None).count() == (2 if harm == "gone" else 3)
    assert actions.choices_of(made.pk, one.person_id) == []
    settings.SATUKLIK_VAULT_KEY = ""
    Voter.objects.filter(pk=one.pk).update(envelope=whole)
    assert actions.count(made.pk, by=petugas, now=NOW + timedelta(days=8)).ballots_counted == 3


def test_a_round_called_off_gives_its_ideas_back(regency: None, petugas: Any) -> None:
    made, ideas = make_round(petugas)
    actions.vote(made.pk, person_id=1, level=2, choices=[ideas[0].pk], now=NOW)
    with pytest.raises(MayNot):
        actions.decline(ideas[0].pk, by=petugas, reason="x", now=NOW)
    actions.call_off(made.pk, by=petugas, reason="Anggaran berubah.", now=NOW)
    assert set(Idea.objects.values_list("state", flat=True)) == {states.READY}
    assert not Voter.objects.exclude(envelope=None).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cap": 0}, "cap"),
        ({"title": " "}, "title"),
        ({"closes_at": NOW}, "closes_at"),
        ({"cap": 10}, "ideas"),
    ],
)
def test_a_round_that_cannot_be(regency: None, petugas: Any, change: dict[str, Any], field: str) -> None:
    ideas = [reviewed(f"Ide {number}", 50_000_000, petugas).pk for number in range(2)]
    given: dict[str, Any] = {
        "title": "Uji",
        "about": "",
        "cap": 100_000_000,
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=1),
        "ideas": ideas,
    }
    with pytest.raises(Missing) as error:
        actions.create_round(**(given | change), by=petugas, now=NOW)
    assert field in error.value.fields


def test_journalists_are_a_group_of_their_own(idea: Any) -> None:
    with pytest.raises(Missing):
        idea(group="journalist")
    assert idea(group="journalist", outlet="Kabar Rekaan").group == "journalist"


def test_a_chat_becomes_an_idea_once(regency: None) -> None:
    chat = Intake(
        conversation_id=3,
        message_ids=(1,),
        text=TEXT,
        received_at=NOW,
        channel="whatsapp",
        name="Budi",
        extra=(("outlet", "Kabar Rekaan"),),
    )
    created = intake.create(chat, None, NOW)
    assert intake.create(chat, None, NOW).reference == created.reference
    assert queries.subject_of(created.reference.lower()) == created.subject
    assert Idea.objects.get().group == "journalist"
    with pytest.raises(CannotCreate):
        intake.create(
            Intake(conversation_id=3, message_ids=(2,), text="pendek", received_at=NOW, channel="web"),
            None,
            NOW,
        )


def test_the_figures(regency: None, petugas: Any) -> None:
    make_round(petugas)
    day = NOW.date()
    found = {one.name: one.value for one in queries.figures(day, day, NOW)}
    assert (found["ideas.submitted"], found["ideas.adopted"], found["ideas.days"]) == (3, 0, 0.0)


def resident_client(person: Any) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_pages_from_the_form_to_the_vote(sari: Any, petugas: Any, client: Client) -> None:
    from django.utils import timezone

    mine = resident_client(sari)
    form = {
        "title": "Taman baca",
        "text": TEXT,
        "category": "pendidikan",
        "village": "",
        "group": "resident",
        "outlet": "",
        "nonce": "a" * 24,
    }
    assert mine.get("/ide/baru/").status_code == 200
    assert mine.post("/ide/baru/", form | {"title": ""}).status_code == 422
    assert mine.post("/ide/baru/", form | {"group": "journalist"}).status_code == 422
    first = mine.post("/ide/baru/", form)
    assert first.status_code == 303
    assert mine.post("/ide/baru/", form)["Location"] == first["Location"]
    one = Idea.objects.get()
    assert client.get(f"/ide/{one.reference}/").status_code == 404  # not yet public
    assert mine.get(f"/ide/{one.reference}/").status_code == 200
    desk = Client()
    desk.force_login(petugas.user)
    page = f"/meja/ide/{one.reference}/"
    assert desk.get("/meja/ide/").status_code == desk.get(page).status_code == 200
    assert (
        desk.post(
            f"{page}moderasi/",
            {
                "title": "Taman baca",
                "text": TEXT,
                "category": "pendidikan",
                "agency": "disdik",
                "like": "ID-0000-0000",
            },
        ).status_code
        == 422
    )
    assert (
        desk.post(
            f"{page}moderasi/",
            {"title": "Taman baca", "text": TEXT, "category": "pendidikan", "agency": "disdik", "like": ""},
        ).status_code
        == 303
    )
    shown = client.get(f"/ide/{one.reference}/").content.decode()
    assert "Sari" not in shown
    like = mine.post("/ide/baru/", form | {"nonce": "b" * 24})
    assert "Apakah ini sudah diusulkan?" in like.content.decode()
    assert client.post(f"/ide/{one.reference}/dukung/").status_code == 302  # to the login
    assert mine.post(f"/ide/{one.reference}/dukung/").status_code == 303
    one.refresh_from_db()
    assert one.supports == 1
    made, ideas = make_round(petugas)
    now = timezone.now()
    Round.objects.update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    address = f"/ide/putaran/{made.pk}/"
    assert client.get(address).status_code == 200
    assert client.post(f"{address}pilih/", {"ide": [ideas[0].pk]}).status_code == 302
    assert mine.post(f"{address}pilih/", {"ide": [ideas[0].pk, ideas[1].pk]}).status_code == 422
    assert mine.post(f"{address}pilih/", {"ide": ["x", "9" * 30, "-1"]}).status_code == 422
    assert mine.post(f"{address}pilih/", {"ide": [ideas[0].pk]}).status_code == 303
    assert "Anda sudah memilih" in mine.get(address).content.decode()
    Round.objects.update(closes_at=now - timedelta(hours=1))
    assert desk.get("/meja/ide/putaran/").status_code == 200
    assert desk.post(f"/meja/ide/putaran/{made.pk}/hitung/").status_code == 303
    assert "1 surat suara dihitung" in client.get(address).content.decode()
    assert client.get("/ide/").status_code == 200


def test_an_author_without_account_follows_by_key(idea: Any, petugas: Any, client: Client) -> None:
    first, second = publish(idea(), petugas), idea("Lampu surya untuk anak sekolah")
    follow = f"/ide/{second.reference}/ikuti/{second.key}/"
    assert client.get(follow).status_code == 200
    assert client.get(f"/ide/{second.reference}/ikuti/{'X' * 34}/").status_code == 404
    publish(second, petugas, like=first.reference)
    assert "Gabungkan" in client.get(follow).content.decode()
    assert client.post(f"/ide/{second.reference}/jawab/", {"merge": "1", "key": "wrong"}).status_code == 404
    assert (
        client.post(f"/ide/{second.reference}/jawab/", {"merge": "1", "key": second.key}).status_code == 303
    )
    second.refresh_from_db()
    assert second.state == states.MERGED


@pytest.mark.parametrize(
    "text",
    ["\x00" * 50, "\u202e" + "abcdef" * 10, "😀" * 400, "<script>alert(1)</script>" * 5, "x" * 500_000],
)
def test_hostile_text(regency: None, petugas: Any, client: Client, text: str) -> None:
    form = {
        "title": "Taman baca",
        "text": TEXT,
        "category": "pendidikan",
        "village": "",
        "group": "resident",
        "contact": "081200000001",
        "nonce": "c" * 24,
    }
    for field in form:
        answer = client.post("/ide/baru/", form | {field: text})
        assert answer.status_code in (200, 303, 413, 422), field
    assert client.get("/ide/?keadaan=%00&kategori=%00&page=x").status_code == 200
    desk = Client()
    desk.force_login(petugas.user)
    assert desk.get("/meja/ide/?q=%00&state=x").status_code == 200
    one = propose()
    for act in ("moderasi", "gabung", "tidak-dilanjutkan"):
        given = {
            "title": text,
            "text": text,
            "category": text,
            "agency": text,
            "like": text,
            "into": text,
            "reason": text,
        }
        assert desk.post(f"/meja/ide/{one.reference}/{act}/", given).status_code in (303, 404, 413, 422)


@pytest.mark.parametrize(("who", "status"), [("staf_pupr", 404), ("admin_situs", 404)])
def test_others_see_nothing_at_the_desk(idea: Any, people: dict[str, Any], who: str, status: int) -> None:
    one = idea()
    client = Client()
    client.force_login(people[who].user)
    assert client.get(f"/meja/ide/{one.reference}/").status_code == status
    assert client.post("/meja/ide/putaran/1/hitung/").status_code == 404


def test_the_agency_sees_its_idea_without_the_author(idea: Any, people: dict[str, Any]) -> None:
    one = publish(idea(), people["petugas"])
    actions.start_review(one.pk, by=people["petugas"], now=NOW)
    client = Client()
    client.force_login(people["staf_pupr"].user)
    page = client.get(f"/meja/ide/{one.reference}/")
    assert page.status_code == 200
    assert "Budi" not in page.content.decode()
    assert client.post(f"/meja/ide/{one.reference}/tidak-dilanjutkan/", {"reason": "x"}).status_code == 404
    done = client.post(
        f"/meja/ide/{one.reference}/telaah/",
        {"feasible": "1", "cost": "Rp75.000.000", "rkpd_code": "1.03.02", "text": "Dapat."},
    )
    assert done.status_code == 303
    assert Idea.objects.get(pk=one.pk).cost == 75_000_000
