"""The dispute file for the Information Commission: everything that was logged, in one zip with a readable PDF in front."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import override

from satuklik.base.calendar import actions as calendar
from satuklik.base.files import queries as files
from satuklik.spine.documents import queries as documents
from satuklik.spine.messaging import queries as messaging
from satuklik.spine.referrals import queries as referrals
from satuklik.systems.ppid import papers, parameters, words
from satuklik.systems.ppid.models import Decision, Letter, Objection
from satuklik.systems.ppid.queries import registers, seeing

FIXED = (1980, 1, 1, 0, 0, 0)  # the same matter gives the same bytes


def of_objection(objection: Objection, now: datetime) -> bytes:
    """The zip: 00-berkas-sengketa.pdf, kejadian.xlsx, berkas.json, surat/, lampiran/."""
    with override("id"):
        facts = _facts(objection, now)
        pdf = papers.sheet("berkas-sengketa", f"Berkas sengketa {objection.number}", facts, now)
        events = registers.book(
            [
                ("Kejadian", ("Waktu", "Kejadian", "Oleh", "Keterangan", "Bukti penyampaian"),
                 [(row["at"], row["what"], row["who"], row["note"], row["proof"]) for row in facts["events"]]),
                ("Jangka waktu", ("Jangka waktu", "Dasar", "Hari ke-0", "Hari kerja", "Perpanjangan", "Jatuh tempo", "Riwayat"),
                 [(row["name"], row["law"], row["received"], row["days"], row["extra"], row["due"], row["log"]) for row in facts["terms"]]),
                ("Perangkat daerah", ("Perangkat daerah", "Ditanya", "Jatuh tempo", "Keadaan", "Langkah", "Jawaban"),
                 [(row["agency"], row["asked"], row["due"], row["state"], row["hops"], row["answer"]) for row in facts["referrals"]]),
            ]
        )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "00-berkas-sengketa.pdf", pdf)
        _add(archive, "kejadian.xlsx", events)
        _add(archive, "berkas.json", json.dumps(facts, ensure_ascii=False, indent=1).encode())
        for name, content in _papers(objection):
            _add(archive, name, content)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _papers(objection: Objection) -> Iterable[tuple[str, bytes]]:
    request = objection.request
    letters = [one.letter for one in request.decisions.select_related("letter__document").order_by("pk")]
    letters += [
        one.letter
        for one in request.objections.select_related("letter__document").order_by("pk")
        if one.letter
    ]
    if request.extension_letter is not None:
        letters.append(request.extension_letter)
    for letter in letters:
        if letter.state == Letter.State.SIGNED and letter.document is not None:
            yield f"surat/{letter.reference}.pdf", documents.read(letter.document)
    for one in request.files.order_by("pk"):
        yield f"lampiran/{one.pk}-{one.kind}-{one.name}", files.read(one.file_id)


def _facts(objection: Objection, now: datetime) -> dict[str, Any]:
    request = objection.request
    terms = [getattr(request, name) for name in seeing.TERMS] + [objection.term, objection.term_dispute]
    return {
        "objection": {
            "number": objection.number, "received": papers.moment(objection.received_at), "name": objection.name,
            "proxy": objection.proxy_name, "ground": f"huruf {objection.ground}: {parameters.objections('id')[objection.ground]}",
            "reason": objection.reason, "outcome": str(words.OUTCOMES.get(objection.outcome, "")),
            "response": objection.response, "orders": objection.orders, "late": objection.filed_late,
            "dispute": objection.dispute_number, "ruling": objection.ruling,
            "superior": f"{objection.superior_name}, {objection.superior_position}".strip(", "),
        },
        "request": {
            "number": request.number, "received": papers.moment(request.received_at), "name": request.name,
            "address": request.address, "details": request.details, "purpose": request.purpose,
            "channel": str(words.CHANNELS.get(request.channel, request.channel)), "state": words.state(request.state),
        },
        "decisions": [_decision(one) for one in request.decisions.select_related("letter__document", "decided_by").order_by("pk")],
        "tests": [
            {
                "information": test.information, "ground": test.ground, "if_opened": test.if_opened,
                "if_closed": test.if_closed, "closed_for": test.closed_for, "on": papers.day(test.tested_on),
                "sat": "; ".join(f"{one['name']}, {one['position']}" for one in test.sat),
                "result": "dikecualikan" if test.exempt else "dapat dibuka",
            }
            for test in request.tests.order_by("pk")
        ],
        "terms": [_term(term) for term in terms if term is not None],
        "events": [
            {
                "at": papers.moment(one.at), "what": one.words, "who": one.who, "note": one.note,
                "proof": "; ".join(f"{step.status} {papers.moment(step.at)}" for step in one.proof),
            }
            for one in seeing.history(request)
        ],
        "referrals": [_referral(one) for one in referrals.of_subject(request.subject, now)],
        "messages": _messages(objection),
    }  # fmt: skip


def _decision(decision: Decision) -> dict[str, Any]:
    document = decision.letter.document
    return {
        "outcome": str(words.OUTCOMES[decision.outcome]), "answer": decision.answer, "reason": decision.reason,
        "grounds": list(decision.grounds), "by": decision.decided_by.name, "at": papers.moment(decision.decided_at),
        "letter": document.number if document else "", "in_force": decision.in_force,
    }  # fmt: skip


def _term(term: Any) -> dict[str, Any]:
    # Some terms begin several times: order_3_2026, supplement_2.
    name = next((one for one in ("order", "supplement") if term.name.startswith(f"{one}_")), term.name)
    log = [
        f"{papers.moment(event.at)} {event.kind} {papers.day(event.due_after)} {event.reason}".strip()
        for event in calendar.why(term).events
    ]
    return {
        "name": str(words.CLOCKS.get(name, name)), "law": term.law, "received": papers.day(term.received_on),
        "days": term.days, "extra": term.extra_days, "due": papers.day(term.due_on), "log": "; ".join(log),
    }  # fmt: skip


def _referral(one: Any) -> dict[str, str]:
    hops = [
        f"{hop.post_words} {hop.name} {papers.moment(hop.at)}" + (f" ({hop.skipped})" if hop.skipped else "")
        for hop in one.hops
    ]
    return {
        "agency": one.agency.name, "asked": papers.moment(one.asked_at), "due": papers.day(one.due_on),
        "state": one.state_words, "hops": "; ".join(hops), "answer": one.answer,
        "on_behalf": "ya" if one.on_behalf else "",
    }  # fmt: skip


def _messages(objection: Objection) -> list[dict[str, str]]:
    """Messages that this room sent about the matter: what the conversation says of other matters stays there."""
    rows = objection.request.events.exclude(data__message=None)
    ids = [event.data["message"] for event in rows if event.data.get("message")]
    return [
        {
            "at": papers.moment(message.at),
            "channel": message.channel,
            "text": message.text,
            "status": message.status,
        }
        for message in messaging.messages_by_id(ids)
    ]
