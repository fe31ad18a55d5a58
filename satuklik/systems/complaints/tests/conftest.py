"""Those who handle complaints, the agency that is asked, a reporter. All people are made up."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest

from satuklik.systems.complaints import actions
from satuklik.systems.complaints.actions import Report
from satuklik.systems.complaints.models import Complaint
from tests.people import NOW, VILLAGE

TEXT = "Jalan di depan pasar Inpres berlubang besar sejak dua minggu, banyak motor jatuh."
PEOPLE = {
    "petugas": ("diskominfo", "staff", "Yusuf Rekaan"),
    "kepala": ("diskominfo", "head", "Tagor Rekaan"),
    "inspektur": ("inspektorat", "head", "Fitri Rekaan"),
    "staf_pupr": ("dpupr", "staff", "Eko Rekaan"),
    "kadis_pupr": ("dpupr", "head", "Rosmaida Rekaan"),
    "admin_situs": ("diskominfo", "admin", "Indah Rekaan"),
}


@pytest.fixture
def people(regency: None) -> dict[str, Any]:
    """Everybody by name, with logins."""
    return make_people()


def make_people() -> dict[str, Any]:
    """The roster's own officials of these offices leave, so that it is known who acts."""
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official

    codes = {code for code, _, _ in PEOPLE.values()}
    Official.objects.filter(agency__code__in=codes).update(active_until=date(2020, 1, 1))
    return {
        key: Official.objects.create(
            user=User.objects.create(username=f"p-{key}", name=name, kind="official"),
            agency=Agency.objects.get(code=code), role=role, name=name, position=f"Jabatan {key}",
            active_from=date(2025, 1, 2), nip=f"19800101200501{number:04}",
        )
        for number, (key, (code, role, name)) in enumerate(PEOPLE.items())
    }  # fmt: skip


@pytest.fixture
def petugas(people: dict[str, Any]) -> Any:
    return people["petugas"]


@pytest.fixture
def report(regency: None) -> Callable[..., Complaint]:
    """Report something: `report(mode="secret", name="Siti Rekaan", …)`; by default with a telephone number."""

    def make(*, now: datetime = NOW, **more: Any) -> Complaint:
        given: dict[str, Any] = {
            "text": TEXT, "mode": "contact", "category": "jalan", "village": VILLAGE, "name": "Siti Rekaan",
            "phone": "+6281200000077", "email": "",
        }  # fmt: skip
        done = actions.submit(Report(**(given | more)), now=now)
        done.complaint.key = done.key  # type: ignore[attr-defined]
        return done.complaint

    return make


@pytest.fixture
def replied(report: Callable[..., Complaint], petugas: Any) -> Callable[..., Complaint]:
    """A complaint that was verified and answered by the office itself."""

    def make(*, result: str = "done", now: datetime = NOW, **more: Any) -> Complaint:
        complaint = report(now=now, **more)
        actions.verify(
            complaint.pk, by=petugas, level="normative", category="jalan", title="Jalan berlubang", now=now
        )
        actions.reply(complaint.pk, by=petugas, text="Sudah ditambal pagi ini.", result=result, now=now)
        key = complaint.key  # type: ignore[attr-defined]
        complaint = Complaint.objects.get(pk=complaint.pk)
        complaint.key = key  # type: ignore[attr-defined]
        return complaint

    return make


def jpeg(size: tuple[int, int] = (640, 480), *, gps: bool = False, form: str = "JPEG") -> bytes:
    """A picture, with a camera's data where asked."""
    from PIL import Image

    out = BytesIO()
    picture = Image.new("RGB", size, "#88aacc")
    if gps:
        exif = picture.getexif()
        exif[0x010F] = "Kamera Rekaan"
        exif.get_ifd(0x8825).update({1: "N", 2: (2.0, 58.0, 12.0), 3: "E", 4: (99.0, 36.0, 1.0)})
        picture.save(out, form, exif=exif)
    else:
        picture.save(out, form)
    return out.getvalue()
