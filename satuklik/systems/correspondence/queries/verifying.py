"""Recompute the chain of parafs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from satuklik.base.audit import queries as audit
from satuklik.base.files import queries as files
from satuklik.kernel.hashchain import ROOT, link
from satuklik.systems.correspondence.chain import LINKED, content_of
from satuklik.systems.correspondence.models import Naskah, Step


@dataclass(frozen=True)
class ChainReport:
    """`problems`: sentences, each naming the step that does not hold."""

    links: int
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems


def verify_chain(naskah: Naskah) -> ChainReport:
    """Recompute every link of a naskah's chain, compare its hashes with those in the event log, and the digests of its
    versions' files with the bytes on the disk."""
    steps = list(naskah.steps.exclude(hash="").select_related("agency"))
    document = naskah.document.file_id if naskah.document else ""
    problems: list[str] = []
    ordered = _in_order(steps, problems)
    for step in ordered:
        signed = step.kind == Step.Kind.SIGN and step.state == Step.State.DONE
        expected = link(bytes.fromhex(step.previous), content_of(naskah, step, document if signed else ""))
        if expected.hex() != step.hash:
            problems.append(f"step {step.pk} (version {step.version}, order {step.order}) was changed")
    _compare_with_log(naskah, ordered, problems)
    _check_files(naskah, steps, problems)
    return ChainReport(len(steps), tuple(problems))


def _in_order(steps: Sequence[Step], problems: list[str]) -> list[Step]:
    following = {step.previous: step for step in steps}
    if len(following) != len(steps):
        problems.append("two steps follow the same one")
    ordered, end = [], ROOT.hex()
    while end in following:
        step = following.pop(end)
        ordered.append(step)
        end = step.hash
    problems += [f"step {step.pk} does not follow any other" for step in following.values()]
    return ordered


def _compare_with_log(naskah: Naskah, ordered: Sequence[Step], problems: list[str]) -> None:
    events = audit.events_of(f"naskah:{naskah.reference}")
    logged = [event.data.get("hash") for event in events if event.kind in LINKED]
    there = [step.hash for step in ordered]
    if logged != there:
        problems.append(
            f"the event log names {len(logged)} approvals, the chain has {len(there)} that match it not"
        )


def _check_files(naskah: Naskah, steps: Sequence[Step], problems: list[str]) -> None:
    known = dict(naskah.versions.values_list("number", "file_id"))
    for step in steps:
        if known.get(step.version) != step.sha256:
            problems.append(f"step {step.pk} is bound to another file than version {step.version}")
    for number, sha256 in known.items():
        try:
            files.read(sha256)
        except files.FileDamaged as error:
            problems.append(f"version {number}: {error}")


def verify_chains(reference: str | None = None) -> Iterator[tuple[str, ChainReport]]:
    """The same for every naskah, or for the one with this reference, with its reference beside it."""
    found = Naskah.objects.select_related("document").order_by("pk")
    if reference is not None:
        found = found.filter(reference=reference)
    for naskah in found.iterator(500):
        yield naskah.reference, verify_chain(naskah)
