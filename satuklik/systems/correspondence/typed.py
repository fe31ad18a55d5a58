"""Check what was typed into a naskah, all of it at once, and say what is wrong in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from satuklik.base.agencies import queries as agencies
from satuklik.spine.documents.queries import unprintable
from satuklik.spine.signing import queries as signing
from satuklik.systems.correspondence import catalogue, rules
from satuklik.systems.correspondence.errors import FAULTS, BadContent, BadUpload
from satuklik.systems.correspondence.models import Naskah, Recipient
from satuklik.systems.correspondence.rules import To

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

READABLE = ("unsigned", "valid", "valid_with_additions", "untrusted")


@dataclass
class Check:
    """Collects what is wrong; `done` raises it."""

    problems: list[tuple[str, str]] = field(default_factory=list)

    def say(self, place: str, code: str, evidence: str = "") -> None:
        """One problem at one field; `code` is one of errors.FAULTS."""
        self.problems.append((place, FAULTS[code](evidence)))

    def done(self) -> None:
        """Raises BadContent where something is wrong."""
        if self.problems:
            raise BadContent(self.problems)

    def text(self, place: str, text: str, *, most: int, required: bool = True) -> str:
        """A line without surplus spaces."""
        tidy = " ".join(text.split())
        if required and not tidy:
            self.say(place, "required")
        if len(tidy) > most:
            self.say(place, "long", str(most))
        self.printable(place, tidy)
        return tidy

    def printable(self, place: str, text: str) -> None:
        """Every character can be printed."""
        bad = unprintable(text)
        if bad:
            self.say(place, "unprintable", bad)

    def terms(self, *, classification: str, urgency: str, secrecy: str) -> None:
        """Codes that exist."""
        known = catalogue.current()
        if classification not in known.classes:
            self.say("classification", "no_class", classification)
        if urgency not in known.urgencies:
            self.say("urgency", "choice", urgency)
        if secrecy not in known.secrecies:
            self.say("secrecy", "choice", secrecy)

    def content(self, kind: rules.Kind, content: Mapping[str, Any], *, complete: bool, now: datetime) -> None:
        """The template's own fields."""
        faults = rules.faults_of(kind, content, complete=complete)
        for fault in faults:
            self.say(fault.field, fault.code, fault.evidence)
        wrong = {fault.field for fault in faults}
        for one in kind.fields:
            value = content.get(one.id)
            if one.id in wrong or value is None or rules.is_empty(value):
                continue
            if one.type == "officials":
                found = {official.pk for official in agencies.officials_by_id(value)}
                if set(value) - found:
                    self.say(one.id, "nobody")
            for text in _texts(value):
                self.printable(one.id, text)

    def signer(
        self,
        kind: rules.Kind | None,
        *,
        agency: "Agency",
        signed_for: "Agency",
        signer: "Official | None",
        drafter: "Official",
        now: datetime,
        complete: bool,
    ) -> None:
        """Whose signature it can bear."""
        allowed = {agency.pk, *agencies.offices_of(drafter, now), *agencies.above(agency)}
        if signed_for.pk not in allowed and signed_for.code not in agencies.ABOVE_ALL:
            self.say("signer", "strange_signer")
        if signer is not None and signer.agency_id != signed_for.pk:
            self.say("signer", "strange_signer")
        if kind is not None and kind.signer == "head" and signer is not None:
            self.say("signer", "head_signs")
        if complete and kind is not None and kind.signer == "official" and signer is None:
            self.say("signer", "official_signs")
        if complete and signer is not None and not agencies.in_office(signer, now):
            self.say("signer", "nobody")

    def recipients(self, listed: Sequence[To], kind: rules.Kind | None) -> list[Recipient]:
        """Rows to be saved with a naskah."""
        if kind is not None and kind.recipients == "none" and any(one.kind == "to" for one in listed):
            self.say("recipients", "no_recipient")
        if len(listed) > rules.MOST_RECIPIENTS:
            self.say("recipients", "rows", str(rules.MOST_RECIPIENTS))
        codes = [one.agency_code for one in listed if one.agency_code]
        known = {office.code: office for office in agencies.agencies_by_code(codes)} if codes else {}
        made: list[Recipient] = []
        seen: set[tuple[str, str, str]] = set()
        for one in listed:
            office = known.get(one.agency_code)
            if one.agency_code and office is None:
                self.say("recipients", "no_office", one.agency_code)
                continue
            name = self.text(
                "recipients", one.name or (office.head_title if office else ""), most=160, required=False
            )
            if not name:
                self.say("recipients", "nameless")
            if one.email and not _is_email(one.email):
                self.say("recipients", "email", one.email)
            key = (one.kind, one.agency_code, name)
            if key in seen:
                continue
            seen.add(key)
            made.append(
                Recipient(
                    position=len(made),
                    kind=one.kind,
                    agency=office,
                    name=name,
                    address=self.text("recipients", one.address, most=200, required=False),
                    email=one.email,
                )
            )
        return made


def check_complete(naskah: Naskah, recipients: Sequence[Recipient], now: datetime) -> None:
    """Raises BadContent unless the naskah can go up: nothing is missing, nothing is out of date."""
    check = Check()
    kind = None if naskah.kind == rules.UPLOAD else catalogue.kind(naskah.kind)
    check.text("subject", naskah.subject, most=rules.SUBJECT_LENGTH)
    check.terms(classification=naskah.classification, urgency=naskah.urgency, secrecy=naskah.secrecy)
    if kind is not None:
        check.content(kind, naskah.content, complete=True, now=now)
    check.signer(
        kind,
        agency=naskah.agency,
        signed_for=naskah.signed_for,
        signer=naskah.signer,
        drafter=naskah.drafted_by,
        now=now,
        complete=True,
    )
    check.done()


def remark(place: str, text: str, *, most: int = 500) -> str:
    """A note, reason or report: trimmed. Raises BadContent for what is too long or cannot be printed on a sheet."""
    check = Check()
    tidy = text.strip()
    if len(tidy) > most:
        check.say(place, "long", str(most))
    check.printable(place, tidy)
    check.done()
    return tidy


def check_pdf(pdf: bytes) -> None:
    """Raises BadUpload unless the file is a PDF that can be signed. It is parsed in the sandbox only."""
    if len(pdf) > rules.LARGEST_UPLOAD:
        raise BadUpload(_("Berkas lebih besar dari 20 MB. Unggah berkas yang lebih kecil."))
    if not pdf.startswith(b"%PDF-"):
        raise BadUpload(_("Berkas ini bukan PDF. Simpan dulu sebagai PDF, lalu unggah lagi."))
    report = signing.verify(pdf)
    if report.verdict not in READABLE:
        said = signing.PROBLEMS.get(report.reason)
        raise BadUpload(
            str(said) if said else _("PDF ini tidak dapat dibaca. Buat lagi PDF-nya, lalu unggah.")
        )


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
