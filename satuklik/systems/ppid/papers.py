"""What the letters of this room say: frozen when they go up to be signed, printed when they are signed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from satuklik.spine.documents import actions as documents
from satuklik.spine.documents import queries as issued
from satuklik.systems.ppid import parameters, permits, words
from satuklik.systems.ppid.models import ConsequenceTest, Decision, InformationRequest, Letter, Objection

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency

LETTERS = Path(__file__).parent / "letters"
# Class of the archive (Permendagri 83/2022): "Informasi dan komunikasi publik". To be confirmed by the archivist [?].
CODE = "500.12.2"
TITLES = {
    Letter.Kind.NOTICE: ("Pemberitahuan tertulis permintaan informasi", "Written notice on a request for information",
                         "PEMBERITAHUAN TERTULIS"),
    Letter.Kind.REFUSAL: ("Keputusan PPID tentang penolakan permintaan informasi",
                          "Decision to refuse a request for information", "SURAT KEPUTUSAN PPID\nTENTANG PENOLAKAN PERMINTAAN INFORMASI"),
    Letter.Kind.OBJECTION: ("Tanggapan Atasan PPID atas keberatan", "Decision on an objection",
                            "TANGGAPAN ATAS KEBERATAN"),
    Letter.Kind.EXTENSION: ("Pemberitahuan perpanjangan waktu jawaban", "Notice of extended time to answer",
                            "PEMBERITAHUAN PERPANJANGAN WAKTU"),
}  # fmt: skip
FILES = {
    Letter.Kind.NOTICE: "pemberitahuan",
    Letter.Kind.REFUSAL: "penolakan",
    Letter.Kind.OBJECTION: "keberatan",
    Letter.Kind.EXTENSION: "perpanjangan",
}
ABOUT_REQUEST, ABOUT_OBJECTION = "Nomor pendaftaran permintaan", "Nomor pendaftaran keberatan"


class _Blank:
    """Stands on a draft where nobody heads the office."""

    name, nip, rank, pk, agency_id, position = "………………………", "", "", 0, 0, ""

    def __init__(self, position: str) -> None:
        self.position = position


class _Nobody:
    """Who would sign, where there is nobody."""

    def __init__(self, position: str) -> None:
        self.official, self.acting_as = _Blank(position), ""


@cache
def source(name: str) -> str:
    """The Typst source of a letter or a sheet."""
    return (LETTERS / f"{name}.typ").read_text()


def of_decision(
    request: InformationRequest,
    decision: Decision,
    tests: Sequence[ConsequenceTest],
    files: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    """What the written notice says (Perki 1/2021): the request, the outcome, ground and reason, cost, how to object."""
    with override("id"):
        grounds = parameters.exceptions("id")
        return {
            "number": request.number,
            "received_on": timezone.localdate(request.received_at).isoformat(),
            "name": issued.legible(request.name),
            "address": issued.legible(request.address),
            "proxy_for": issued.legible(request.proxy_for),
            "details": issued.legible(request.details),
            "purpose": issued.legible(request.purpose),
            "outcome": decision.outcome,
            "outcome_words": str(words.OUTCOMES[decision.outcome]),
            "answer": decision.answer,
            "grounds": [{"letter": one, "text": grounds[one]} for one in decision.grounds],
            "tests": [
                {
                    "information": test.information, "ground": test.ground, "law": test.law, "if_opened": test.if_opened,
                    "if_closed": test.if_closed, "closed_for": test.closed_for, "tested_on": test.tested_on.isoformat(),
                }
                for test in tests
            ],
            "reason": decision.reason,
            "held_by": decision.held_by,
            "form": str(words.FORMS.get(decision.form_held, "")),
            "obtain": str(words.OBTAIN[request.obtain]),
            "delivery": str(words.DELIVERY[request.delivery]),
            "files": list(files),
            "cost": decision.cost,
            "cost_basis": decision.cost_basis,
            "extended": request.extended_on.isoformat() if request.extended_on else "",
            "objection_days": int(parameters.value("objection_filing_days", timezone.localdate(now))),
            "superior": permits.superior_agency().head_title,
        }  # fmt: skip


def of_objection(objection: Objection) -> dict[str, Any]:
    """What Atasan PPID's answer says."""
    with override("id"):
        request = objection.request
        return {
            "number": objection.number,
            "received_on": timezone.localdate(objection.received_at).isoformat(),
            "name": issued.legible(objection.proxy_name if objection.by_proxy else objection.name),
            "on_behalf_of": issued.legible(objection.name) if objection.by_proxy else "",
            "address": issued.legible(objection.proxy_address if objection.by_proxy else request.address),
            "request_number": request.number,
            "details": issued.legible(request.details),
            "ground": objection.ground,
            "ground_words": parameters.objections("id")[objection.ground],
            "reason": issued.legible(objection.reason),
            "filed_late": objection.filed_late,
            "outcome": objection.outcome,
            "outcome_words": str(words.OUTCOMES[objection.outcome]),
            "response": objection.response,
            "orders": objection.orders,
            "order_days": objection.order_days,
            "dispute_days": int(parameters.value("dispute_days", timezone.localdate(objection.changed_at))),
        }


def of_extension(
    request: InformationRequest, *, days: int, reason: str, due_on: date | None, now: datetime
) -> dict[str, Any]:
    """What the notice of an extension says: until when, by how many working days, and why (UU 14/2008 ps. 22(8))."""
    with override("id"):
        return {
            "number": request.number,
            "received_on": timezone.localdate(request.received_at).isoformat(),
            "name": issued.legible(request.name),
            "address": issued.legible(request.address),
            "proxy_for": issued.legible(request.proxy_for),
            "details": issued.legible(request.details),
            "outcome": "extended",
            "outcome_words": str(words.OUTCOMES["extended"]),
            "days": days,
            "reason": reason,
            "was_due": request.due_on.isoformat() if request.due_on else "",
            "due_on": due_on.isoformat() if due_on else "",
            "objection_days": int(parameters.value("objection_filing_days", timezone.localdate(now))),
            "superior": permits.superior_agency().head_title,
        }


def paper(kind: str, content: Mapping[str, Any], typst: str = "") -> documents.Paper:
    """What is printed and signed."""
    title, title_en, printed = TITLES[Letter.Kind(kind)]
    return documents.Paper(
        service=f"ppid:{kind}",
        title=title,
        title_en=title_en,
        printed_title=printed.replace("\n", " "),
        code=CODE,
        source=typst or source(FILES[Letter.Kind(kind)]),
        page={
            "f": {}, "to": [{"name": content["name"], "address": content["address"]}], "copies": [],
            "naskah": {"subject": title, "kind": title, "nature": "Biasa", "secrecy": "biasa", "secret": False},
            "ppid": dict(content),
        },
    )  # fmt: skip


def shown(kind: str, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a stranger who verifies the letter sees: its register number and its outcome, never who asked for what."""
    about = ABOUT_OBJECTION if kind == Letter.Kind.OBJECTION else ABOUT_REQUEST
    english = (
        "Register number of the objection"
        if kind == Letter.Kind.OBJECTION
        else "Register number of the request"
    )
    return [
        {"key": "number", "label": {"id": about, "en": english}, "value": content["number"]},
        {"key": "outcome", "label": {"id": "Hasil", "en": "Outcome"}, "value": content["outcome_words"]},
    ]


def machine(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What naskah.json inside the PDF says beside number, date, office and signer."""
    return {
        "subject": TITLES[Letter.Kind(kind)][0],
        "register": content["number"],
        "outcome": content["outcome"],
    }


def preview(kind: str, content: Mapping[str, Any], agency: "Agency", now: datetime) -> bytes:
    """The letter as it would be: marked as a draft. Raises NotPrintable, LetterBroken."""
    signer = permits.signer_now(agency, now) or _Nobody(agency.head_title)
    return documents.draft(paper(kind, content), agency=agency, signer=signer, now=now)


def sheet(name: str, title: str, data: Mapping[str, Any], now: datetime) -> bytes:
    """A sheet of the PPID agency that nobody signs (a register, a report, a dispute file) as PDF. Raises NotPrintable,
    LetterBroken."""
    made = documents.Paper(
        service=f"ppid:{name}", title=title, title_en=title, printed_title=title, code=CODE, source=source(name),
        page={"f": {}, "to": [], "copies": [], "naskah": {"secret": False, "secrecy": ""},
              "sheet": {**issued.legible(data), "printed_at": moment(now), "regency": settings.REGENCY_NAME}},
    )  # fmt: skip
    return documents.sheet(made, agency=permits.ppid_agency(), now=now)


def moment(at: datetime | None) -> str:
    """24-11-2026 10.00 WIB"""
    return f"{timezone.localtime(at):%d-%m-%Y %H.%M} WIB" if at else ""


def day(value: date | None) -> str:
    """24-11-2026"""
    return f"{value:%d-%m-%Y}" if value else ""
