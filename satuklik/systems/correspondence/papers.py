"""What a naskah says, as a page reads it: frozen when it goes up, printed when it is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.errors import NoHead
from satuklik.base.files import queries as files
from satuklik.spine.documents import actions as documents
from satuklik.spine.signing.placement import Placement
from satuklik.systems.correspondence import catalogue, rules
from satuklik.systems.correspondence.models import Naskah, Recipient

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@dataclass(frozen=True)
class _Nobody:
    """Stands on a draft where nobody heads the office."""

    position: str
    name: str = "………………………"
    nip: str = ""
    rank: str = ""


def capacity(naskah: Naskah, now: datetime) -> documents.Capacity:
    """Who would sign it now; a blank where the office has no head."""
    if naskah.signer is not None:
        return documents.Capacity(naskah.signer, "")
    try:
        signer = agencies.head_of(naskah.signed_for, now)
    except NoHead:
        return documents.Capacity(_Nobody(naskah.signed_for.head_title), "")
    return documents.Capacity(signer.official, signer.acting_as)


def snapshot(naskah: Naskah, recipients: Sequence[Recipient]) -> dict[str, Any]:
    """All that a version says but its signature block, number and date: with the template's very source, so that what
    was initialled is printed even when the template changes meanwhile."""
    terms = catalogue.current()
    said = {
        "kind": naskah.kind,
        "subject": naskah.subject,
        "classification": naskah.classification,
        "secrecy": naskah.secrecy,
        "urgency": naskah.urgency,
        "to": [_recipient(one) for one in recipients if one.kind == "to"],
        "copies": [_recipient(one) for one in recipients if one.kind == "copy"],
    }
    if naskah.kind == rules.UPLOAD:
        return said | {"uploaded": naskah.uploaded_id, "placement": naskah.placement}
    kind = catalogue.kind(naskah.kind)
    return said | {
        "title": kind.title,
        "name": dict(kind.name),
        "version": kind.version,
        "source": kind.source,
        "typed": naskah.content,
        "f": _fields(kind, naskah.content),
        "naskah": {
            "subject": naskah.subject,
            "kind": kind.name["id"],
            "nature": _nature(naskah.urgency, naskah.secrecy),
            "secrecy": terms.secrecies[naskah.secrecy].words["id"],
            "secret": naskah.secrecy in rules.SECRET,
        },
    }


def paper(said: Mapping[str, Any]) -> documents.Paper:
    """What is printed or signed of a snapshot."""
    if said["kind"] == rules.UPLOAD:
        placed = said.get("placement")
        return documents.Paper(
            service=f"naskah:{rules.UPLOAD}",
            title="Naskah dinas",
            title_en="Official letter",
            code=said["classification"],
            pdf=files.read(said["uploaded"]),
            placement=Placement.from_facts(placed) if placed else None,
        )
    name = said["name"]
    return documents.Paper(
        service=f"naskah:{said['kind']}",
        title=name["id"],
        title_en=name["en"],
        printed_title=said["title"] or f"{name['id']}: {said['subject']}",
        code=said["classification"],
        source=said["source"],
        version=said["version"],
        page={"f": said["f"], "naskah": said["naskah"], "to": said["to"], "copies": said["copies"]},
    )


def machine(said: Mapping[str, Any]) -> dict[str, Any]:
    """What naskah.json inside the PDF says beside number, date, office and signer."""
    return {
        "subject": said["subject"],
        "classification": said["classification"],
        "secrecy": said["secrecy"],
        "urgency": said["urgency"],
        "to": said["to"],
        "copies": said["copies"],
        "content": said.get("f", {}),
    }


def _nature(urgency: str, secrecy: str) -> str:
    """The word after «Sifat»: how secret it is, and how urgent where it is."""
    terms = catalogue.current()
    words = [
        terms.secrecies[secrecy].words["id"] if secrecy != "biasa" else "",
        terms.urgencies[urgency].words["id"] if urgency != "biasa" else "",
    ]
    return ", ".join(word for word in words if word) or "Biasa"


def _recipient(one: Recipient) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _fields(kind: rules.Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [
        pk for field in kind.fields if field.type == "officials" for pk in (content.get(field.id) or ())
    ]
    people = {one.pk: one for one in agencies.officials_by_id(wanted)} if wanted else {}
    made: dict[str, Any] = {}
    for field in kind.fields:
        value = content.get(field.id)
        if value is None or rules.is_empty(value):
            continue
        if field.type == "paragraphs":
            made[field.id] = rules.blocks(str(value))
        elif field.type == "officials":
            made[field.id] = [_person(people[pk]) for pk in value if pk in people]
        elif field.type == "choice":
            made[field.id] = dict(field.choices)[str(value)]["id"]
        else:
            made[field.id] = value.strip() if isinstance(value, str) else value
    return made


def _person(one: "Official") -> dict[str, str]:
    office: Agency = one.agency
    return {
        "name": one.name, "nip": one.nip, "rank": one.rank, "position": one.position, "office": office.name,
    }  # fmt: skip
