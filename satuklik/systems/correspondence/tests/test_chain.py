"""The chain of parafs tells every change; the life of a naskah keeps its promises whatever is done in whatever order."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from satuklik.base.files.queries import path_of
from satuklik.systems.correspondence import actions, queries, rules
from satuklik.systems.correspondence.errors import NaskahError
from satuklik.systems.correspondence.models import AgendaEntry, Naskah, Step, Version
from satuklik.systems.correspondence.tests.conftest import Team, later, shown
from tests.people import NOW

pytestmark = pytest.mark.django_db


def steps_of(naskah: Naskah) -> Any:
    return Step.objects.filter(naskah=naskah).order_by("pk")


def forge_note(naskah: Naskah, team: Team) -> None:
    steps_of(naskah).filter(order=1).update(note="Setuju sekali")


def forge_person(naskah: Naskah, team: Team) -> None:
    steps_of(naskah).filter(order=1).update(done_by=team.loket)


def forge_time(naskah: Naskah, team: Team) -> None:
    steps_of(naskah).filter(order=1).update(done_at=later(90))


def forge_outcome(naskah: Naskah, team: Team) -> None:
    steps_of(naskah).filter(kind="sign").update(acting_as="Plh")


def drop_the_last(naskah: Naskah, team: Team) -> None:
    steps_of(naskah).filter(kind="sign").delete()


def drop_the_first(naskah: Naskah, team: Team) -> None:
    steps_of(naskah).filter(order=1).delete()


def other_file(naskah: Naskah, team: Team) -> None:
    Version.objects.filter(naskah=naskah).update(file=naskah.document.file_id)  # type: ignore[union-attr]


def other_document(naskah: Naskah, team: Team) -> None:
    other = team.signed()
    document, other.document = other.document, None
    other.save()
    naskah.document = document
    naskah.save()


def damaged_file(naskah: Naskah, team: Team) -> None:
    path = path_of(naskah.versions.get().file_id)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 lain")


FORGERIES = [
    forge_note, forge_person, forge_time, forge_outcome, drop_the_last, drop_the_first, other_file, other_document,
    damaged_file,
]  # fmt: skip


def test_every_forgery_is_told(team: Team) -> None:
    for forge in FORGERIES:
        naskah = team.signed()
        assert queries.verify_chain(naskah).holds
        with transaction.atomic():
            forge(naskah, team)
            report = queries.verify_chain(Naskah.objects.get(pk=naskah.pk))
            assert not report.holds, forge.__name__
            assert all(report.problems)


class Life(RuleBasedStateMachine):
    """Everybody does anything at any time: each act is done whole, or refused with a typed error and nothing changed."""

    team: Team

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = 0
        self.naskah = self.team.draft()
        self.people = [
            self.team.staf, self.team.sekretaris, self.team.loket, self.team.lurah, self.team.camat,
        ]  # fmt: skip

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def attempt(self, act: Any) -> None:
        self.clock += 1
        before = self.facts()
        refused: NaskahError | None = None
        try:
            with transaction.atomic():
                act(later(self.clock))
        except NaskahError as error:
            refused = error
        if refused is not None:
            assert str(refused)
            assert self.facts() == before
        self.naskah = Naskah.objects.get(pk=self.naskah.pk)

    def facts(self) -> Any:
        row = Naskah.objects.filter(pk=self.naskah.pk).values().get()
        return row, list(steps_of(self.naskah).values()), AgendaEntry.objects.count()

    def seen(self, stale: bool) -> str:
        return "0" * 64 if stale or not self.naskah.versions.exists() else shown(self.naskah)

    @rule(who=st.integers(0, 4), chain=st.lists(st.lists(st.integers(1, 2), max_size=2), max_size=2))
    def submit(self, who: int, chain: list[list[int]]) -> None:
        groups = [[self.people[number] for number in group] for group in chain]
        self.attempt(lambda now: actions.submit(self.naskah, by=self.people[who], now=now, chain=groups))

    @rule(who=st.integers(0, 4), stale=st.booleans())
    def paraf(self, who: int, stale: bool) -> None:
        seen = self.seen(stale)
        self.attempt(lambda now: actions.paraf(self.naskah, by=self.people[who], now=now, sha256_seen=seen))

    @rule(who=st.integers(0, 4), to=st.integers(0, 4))
    def forward(self, who: int, to: int) -> None:
        self.attempt(
            lambda now: actions.forward(self.naskah, by=self.people[who], now=now, to=self.people[to])
        )

    @rule(who=st.integers(0, 4), reason=st.sampled_from(["", "Perbaiki tanggal."]))
    def give_back(self, who: int, reason: str) -> None:
        self.attempt(lambda now: actions.give_back(self.naskah, by=self.people[who], now=now, reason=reason))

    @rule(who=st.integers(0, 4))
    def withdraw(self, who: int) -> None:
        self.attempt(lambda now: actions.withdraw(self.naskah, by=self.people[who], now=now))

    @rule(who=st.integers(0, 4), stale=st.booleans())
    def edit(self, who: int, stale: bool) -> None:
        seen = NOW if stale else self.naskah.changed_at
        self.attempt(
            lambda now: actions.edit(
                self.naskah,
                by=self.people[who],
                now=now,
                changed_at_seen=seen,
                subject=f"Perihal {self.clock}",
            )
        )

    @rule(who=st.integers(2, 4), stale=st.booleans())
    def sign(self, who: int, stale: bool) -> None:
        seen = self.seen(stale)
        self.attempt(
            lambda now: actions.sign(
                self.naskah, by=self.people[who], key=self.team.key, now=now, sha256_seen=seen
            )
        )

    @rule(who=st.integers(0, 4))
    def dispatch(self, who: int) -> None:
        self.attempt(lambda now: actions.dispatch(self.naskah, by=self.people[who], now=now))

    @invariant()
    def promises(self) -> None:
        if not hasattr(self, "naskah"):
            return
        naskah = self.naskah
        open_ = list(steps_of(naskah).filter(state="open"))
        kinds = {step.kind for step in open_}
        assert kinds == {"in_review": {"paraf"}, "to_sign": {"sign"}}.get(naskah.state, set())
        assert len({step.order for step in open_}) <= 1
        assert {step.version for step in open_} <= {naskah.version}
        signed = naskah.state in (rules.SIGNED, rules.DISPATCHED)
        assert (naskah.document is not None) is signed
        assert AgendaEntry.objects.filter(direction="out").count() == int(signed)
        assert naskah.deliveries.exists() is (naskah.state == rules.DISPATCHED)
        if signed:
            done = steps_of(naskah).filter(version=naskah.version, kind="sign", state="done")
            assert done.count() == 1
            assert not steps_of(naskah).filter(version=naskah.version, state__in=("open", "waiting")).exists()
        report = queries.verify_chain(naskah)
        assert report.holds, report.problems


def test_the_life_of_a_naskah(team: Team) -> None:
    life = type("LifeOfOne", (Life,), {"team": team})
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck),
            database=None, derandomize=True,
        ),
    )  # fmt: skip
