"""What a chat can become here: a request for information (also a journalist's: same clock), or an objection."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from satuklik.spine.intake.registry import Ask, CannotCreate, Created, Intake, Kind
from satuklik.systems.ppid import actions, addresses, parameters, queries, rules, words
from satuklik.systems.ppid.errors import PpidError
from satuklik.systems.ppid.models import InformationRequest, MatterFile, Objection

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

# By which way the answer goes to who wrote by this one.
WAYS = {"email": "email", "whatsapp": "chat", "telegram": "chat"}


def create_request(intake: Intake, by: "Official | None", now: datetime) -> Created:
    """A request for information. Day 0 is the day of the first message. Raises CannotCreate."""
    asked = dict(intake.extra)
    name = rules.tidy(intake.name, 160)
    if not name:
        raise CannotCreate(_("Nama pemohon belum ada. Tanyakan dahulu, lalu daftarkan."))
    given = actions.Given(
        name=name, details=intake.text, purpose=asked.get("purpose", ""), address=intake.address, phone=intake.phone,
        email=intake.email, obtain=asked.get("obtain") or "soft", delivery=WAYS.get(intake.channel, "portal"),
    )  # fmt: skip
    try:
        made = actions.register_request(
            given, received_at=intake.received_at, channel=intake.channel, now=now, by=by,
            conversation_id=intake.conversation_id, tell=False,
            files=[actions.GivenFile(sha256, _("lampiran-%(number)s") % {"number": number}, MatterFile.Kind.APPLICANT)
                   for number, sha256 in enumerate(intake.files, 1)],
        )  # fmt: skip
    except PpidError as error:
        raise CannotCreate(str(error)) from error
    return _created(made, actions.receipt(made))


def create_objection(intake: Intake, by: "Official | None", now: datetime) -> Created:
    """An objection against the answer to a request, which is named by its number or is the conversation's last one.
    Raises CannotCreate."""
    asked = dict(intake.extra)
    request = _meant(intake, asked.get("request_number", ""))
    try:
        made = actions.file_objection(
            request, ground=asked.get("ground", ""), reason=intake.text, received_at=intake.received_at,
            channel=intake.channel, now=now, by=by, conversation_id=intake.conversation_id, tell=False,
        )  # fmt: skip
    except PpidError as error:
        raise CannotCreate(str(error)) from error
    return _created(made, actions.objection_receipt(made))


def _meant(intake: Intake, number: str) -> InformationRequest:
    subject = queries.find_reference(number)
    found = (
        InformationRequest.objects.filter(reference=subject.removeprefix("ppid:")).first()
        if subject
        else None
    )
    if found is None and not number.strip():
        mine = InformationRequest.objects.filter(conversation_id=intake.conversation_id)
        found = mine.order_by("-received_at").first()
    if found is None:
        raise CannotCreate(
            _("Permintaan dengan nomor itu tidak ditemukan. Tanyakan nomornya kepada pemohon.")
        )
    return found


def _created(made: InformationRequest | Objection, reply: str) -> Created:
    return Created(
        subject=made.subject,
        reference=made.reference,
        url=addresses.desk(made),
        tracking_url=f"{settings.PUBLIC_URL}{addresses.tracking(made)}",
        reply=reply,
    )


def kinds() -> tuple[Kind, Kind]:
    """Both kinds, with the questions that only they need."""
    grounds = tuple((letter, f"{letter}. {text}") for letter, text in parameters.objections("id").items())
    return (
        Kind(
            name="information", label=gettext_lazy("Permintaan informasi"), icon="file-search", order=10,
            create=create_request, find=queries.find_reference,
            asks=(
                Ask("purpose", gettext_lazy("Tujuan penggunaan")),
                Ask("obtain", gettext_lazy("Cara memperoleh"), choices=tuple(words.OBTAIN.items())),
            ),
        ),
        Kind(
            name="objection", label=gettext_lazy("Keberatan"), icon="scale", order=20, create=create_objection,
            find=queries.find_reference,
            asks=(
                Ask("request_number", gettext_lazy("Nomor permintaan")),
                Ask("ground", gettext_lazy("Alasan keberatan (Pasal 35)"), required=True, choices=grounds),
            ),
        ),
    )  # fmt: skip
