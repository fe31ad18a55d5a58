"""A chat becomes a complaint: what the officer marked, received when the first message came."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from satuklik.base.files import queries as files
from satuklik.base.regions import queries as regions
from satuklik.spine.intake.registry import Ask, CannotCreate, Created, Intake
from satuklik.systems.complaints import catalogue, pictures, wording
from satuklik.systems.complaints.actions.reporting import LONGEST_TEXT, Report, submit
from satuklik.systems.complaints.errors import Missing, PhotoRefused
from satuklik.systems.complaints.models import Complaint

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

ASKS = (
    Ask(
        "category",
        _("Kategori"),
        choices=tuple((one.code, one.name) for one in catalogue.categories().values()),
    ),
    Ask("village", _("Kode desa atau kelurahan kejadian")),
    Ask("place", _("Lokasi kejadian")),
)
# Told to the person at once, in Indonesian.
TOLD = "Laporan Anda kami terima dengan nomor {reference}. Kami memeriksanya paling lama {days} hari kerja."
TOLD_SEALED = (
    "Laporan rahasia Anda kami terima dengan nomor {reference}. Kunci: {key}. Simpan kuncinya: hanya dengan kunci ini "
    "Anda dapat mengikuti dan membalas. Petugas tidak dapat melihat kunci ini."
)


def create(intake: Intake, by: "Official | None", now: datetime) -> Created:
    """Make a complaint of a chat, in the caller's transaction. The same messages again give the same complaint.
    Raises CannotCreate with what is missing."""
    extra = dict(intake.extra)
    village = extra.get("village", "").strip()
    if village:
        try:
            regions.place(village)
        except regions.NoSuchRegion as error:
            raise CannotCreate(str(error)) from error
    photos, others = _files(intake.files)
    mode = Complaint.Mode.SECRET if intake.secret else Complaint.Mode.CONTACT
    report = Report(
        text=intake.text[:LONGEST_TEXT], mode=mode, category=extra.get("category", "") or _category(intake.agency_code),
        village=village, place=extra.get("place", ""), name=intake.name, phone=intake.phone, email=intake.email,
        photos=photos, files=others, channel=intake.channel[:12], received_at=intake.received_at,
        conversation_id=intake.conversation_id, extra={"address": intake.address} if intake.secret else {},
    )  # fmt: skip
    messages = "-".join(str(number) for number in sorted(intake.message_ids))
    try:
        # Two officers who make a complaint of the same messages at once make one.
        done = submit(
            report,
            word=f"intake:{intake.conversation_id}:{messages}:{report.mode}:{intake.text[:200]}",
            now=now,
        )
    except Missing as error:
        raise CannotCreate(wording.of_error(error)) from error
    complaint = done.complaint
    days = complaint.term.days if complaint.term else 0
    told = TOLD_SEALED if complaint.is_secret else TOLD
    return Created(
        subject=complaint.subject,
        reference=complaint.reference,
        url=reverse("complaints:case", args=[complaint.reference]),
        tracking_url=f"{settings.PUBLIC_URL}{reverse('complaints:track', args=[done.key])}",
        reply=told.format(reference=complaint.reference, days=days, key=done.key),
        secrets=(done.key,) if complaint.is_secret else (),
    )


def _category(agency_code: str) -> str:
    """The first category of the chosen agency."""
    found = [one.code for one in catalogue.categories().values() if one.agency == agency_code]
    return found[0] if found else catalogue.OTHER


def _files(hashes: tuple[str, ...]) -> tuple[list[bytes], list[str]]:
    """Pictures are drawn anew; what is none is kept as it came, and is never public."""
    photos: list[bytes] = []
    others: list[str] = []
    for sha256 in hashes:
        try:
            if len(photos) >= pictures.MOST_PHOTOS:
                raise PhotoRefused("too_many")
            photos.append(pictures.clean(files.read(sha256)))
        except PhotoRefused:
            others.append(sha256)
    return photos, others
