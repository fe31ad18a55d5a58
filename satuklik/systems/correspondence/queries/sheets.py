"""Pages: what a naskah looks like, its control sheet, an incoming letter's disposition sheet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.core.cache import caches
from django.utils import timezone

from satuklik.base.files import queries as files
from satuklik.kernel.dates_id import long_date
from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.queries import picture_of
from satuklik.systems.correspondence import catalogue, papers, rules, samples
from satuklik.systems.correspondence.models import Disposition, Incoming, Naskah, Step
from satuklik.systems.correspondence.queries.verifying import verify_chain

SAMPLE_SECONDS = 24 * 3600
# A sheet speaks Indonesian like every letter (UU 24/2009 ps. 27).
_STATES = {"waiting": "menunggu giliran", "open": "menunggu", "done": "paraf", "returned": "dikembalikan",
           "forwarded": "diteruskan", "dropped": "tidak dilanjutkan"}  # fmt: skip
_NASKAH_STATES = {"draft": "draf", "in_review": "menunggu paraf", "returned": "dikembalikan",
                  "to_sign": "menunggu tanda tangan", "signed": "ditandatangani", "dispatched": "terkirim",
                  "cancelled": "dibatalkan"}  # fmt: skip


def preview(naskah: Naskah, format: Literal["png", "pdf"] = "png", page: int = 1) -> bytes:
    """What it looks like now: a draft as it would be (marked), a version as it went up, a signed one as it is. The
    caller has asked `naskah_for` first. Raises NotPrintable, LetterBroken, FileDamaged."""
    sha256 = shown_file(naskah)
    if sha256:
        return picture_of(sha256, page=page) if format == "png" else files.read(sha256)
    paper = papers.paper(papers.snapshot(naskah, list(naskah.recipients.all())))
    now = timezone.now()
    return documents.draft(
        paper,
        agency=naskah.signed_for,
        signer=papers.capacity(naskah, now),
        now=now,
        format=format,
        number=page,
    )


def shown_file(naskah: Naskah) -> str:
    """The file that stands for it now: the signed one, the version that went up, the upload; "" for a draft."""
    if naskah.document is not None:
        return naskah.document.file_id
    if naskah.kind == rules.UPLOAD:
        return naskah.uploaded_id or ""
    if naskah.state in rules.GOING_UP:
        return naskah.versions.get(number=naskah.version).file_id
    return ""


def sample(slug: str) -> bytes:
    """A PNG of a template with invented content, marked CONTOH; made once a day per process. Raises UnknownKind."""
    kind = catalogue.kind(slug)
    key = f"correspondence.sample:{slug}:{kind.version}:{hash(kind.source)}"
    made: bytes | None = caches["local"].get(key)
    if made is None:
        made = documents.draft(
            samples.paper(kind), agency=samples.AGENCY, signer=samples.SIGNER, now=timezone.now(), mark="CONTOH",
            format="png",
        )  # fmt: skip
        caches["local"].set(key, made, SAMPLE_SECONDS)
    return made


def control_sheet(naskah: Naskah) -> bytes:
    """Lembar kendali as PDF: every paraf with name, time and hash, and whether the chain holds."""
    report = verify_chain(naskah)
    steps = list(naskah.steps.select_related("official", "agency", "done_by"))
    terms = catalogue.current()
    data = {
        "reference": naskah.reference,
        "kind": _kind_name(naskah),
        "subject": naskah.subject,
        "urgency": terms.urgencies[naskah.urgency].words["id"],
        "secrecy": terms.secrecies[naskah.secrecy].words["id"],
        "drafter": f"{naskah.drafted_by.name}, {naskah.drafted_by.position}",
        "number": naskah.document.number if naskah.document else "",
        "state": _NASKAH_STATES[naskah.state],
        "verdict": f"utuh, {report.links} mata rantai"
        if report.holds
        else "TIDAK UTUH: " + "; ".join(report.problems),
        "printed_at": _moment(timezone.now()),
        "versions": [
            {
                "number": version.number,
                "sha256": version.file_id,
                "made_at": _moment(version.made_at),
                "made_by": version.made_by.name,
                "steps": [_control_row(step) for step in steps if step.version == version.number],
            }
            for version in naskah.versions.select_related("made_by").order_by("number")
        ],
    }
    return _sheet("lembar-kendali", data, naskah.agency)


def disposition_sheet(incoming: Incoming) -> bytes:
    """Lembar disposisi as PDF: empty boxes to be filled by hand while there is no disposition, else what was given."""
    entry = incoming.entry
    terms = catalogue.current()
    given = incoming.dispositions.select_related("giver", "taker").order_by("given_at", "pk")
    data = {
        "correspondent": entry.correspondent,
        "number": entry.number or "–",
        "dated": entry.dated.isoformat(),
        "received_at": _moment(incoming.received_at),
        "agenda": f"{entry.serial}/{entry.year}",
        "classification": entry.classification,
        "urgency": terms.urgencies[incoming.urgency].words["id"],
        "secrecy": terms.secrecies[entry.secrecy].words["id"],
        "subject": entry.subject,
        "instructions": [term.words["id"] for term in terms.instructions.values()],
        "dispositions": [_disposition_row(one) for one in given],
        "printed_at": _moment(timezone.now()),
    }
    return _sheet("lembar-disposisi", data, incoming.agency)


def incoming_file(incoming: Incoming) -> tuple[bytes, str]:
    """The letter that came in and its media type: the signed PDF, or the scan. Raises FileNotFoundError where none
    was uploaded."""
    entry = incoming.entry
    if entry.document is not None:
        return files.read(entry.document.file_id), "application/pdf"
    if entry.file_id is None:
        raise FileNotFoundError(f"No scan was uploaded for {entry}.")
    return files.read(entry.file_id), files.media_type(entry.file_id)


def _sheet(slug: str, data: dict[str, Any], agency: Any) -> bytes:
    sheet = catalogue.sheet(slug)
    paper = documents.Paper(
        service=f"naskah:{slug}",
        title=sheet.name["id"],
        title_en=sheet.name["en"],
        printed_title=sheet.title,
        code="000",
        source=sheet.source,
        version=sheet.version,
        page={"sheet": data, "f": {}, "to": [], "copies": [], "naskah": {"secret": False, "secrecy": ""}},
    )
    return documents.sheet(paper, agency=agency, now=timezone.now())


def _control_row(step: Step) -> dict[str, Any]:
    who = step.done_by or step.official
    done = step.state == Step.State.DONE and step.kind == Step.Kind.SIGN
    position = who.position if who else ""
    if step.acting_as:
        position = f"{step.acting_as}. {step.agency.head_title}"
    return {
        "order": step.order,
        "who": who.name if who else step.agency.head_title,
        "position": position,
        "state": "tanda tangan" if done else _STATES[step.state],
        "at": _moment(step.done_at) if step.done_at else "",
        "note": step.note,
        "hash": step.hash,
    }


def _disposition_row(one: Disposition) -> dict[str, str]:
    giver = (
        f"{one.acting_as}. {one.incoming.agency.head_title}: {one.giver.name}"
        if one.acting_as
        else one.giver.name
    )
    terms: Sequence[str] = [catalogue.current().instructions[one.instruction].words["id"]]
    return {
        "giver": giver,
        "given_at": _moment(one.given_at),
        "taker": one.taker.name,
        "position": one.taker.position,
        "instruction": terms[0],
        "note": one.note,
        "due_on": one.due_on.isoformat() if one.due_on else "",
        "report": one.report,
        "done_at": _moment(one.done_at) if one.done_at else "",
    }


def _kind_name(naskah: Naskah) -> str:
    if naskah.kind == rules.UPLOAD:
        return "naskah unggahan"
    return catalogue.kind(naskah.kind).name["id"]


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{long_date(local.date())}, {local:%H.%M} WIB"
