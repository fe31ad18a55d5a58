"""The chain of approvals of a naskah: what each link covers, and where it ends."""

from satuklik.kernel.hashchain import ROOT
from satuklik.systems.correspondence import rules
from satuklik.systems.correspondence.models import Naskah, Step

LINKED = ("naskah.paraf", "naskah.returned", "naskah.forwarded", "naskah.signed")
"""The events of the log that carry the hash of a link."""


def content_of(naskah: Naskah, step: Step, document: str) -> dict[str, object]:
    """What the link of a finished step covers; `document`: the SHA-256 of the signed file, for the signature."""
    assert step.done_at is not None
    assert step.done_by_id is not None
    return rules.link_content(
        reference=naskah.reference,
        version=step.version,
        order=step.order,
        kind=step.kind,
        outcome=step.state,
        official=step.done_by_id,
        office=step.agency.code,
        acting_as=step.acting_as,
        at=step.done_at,
        sha256=step.sha256,
        note=step.note,
        document=document,
    )


def end_of(naskah: Naskah) -> str:
    """The hash at the end of the chain (64 hexadecimal digits)."""
    links = dict(naskah.steps.exclude(hash="").values_list("previous", "hash"))
    end = ROOT.hex()
    while end in links:
        end = links.pop(end)
    return end
