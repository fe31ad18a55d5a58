"""The information office at work: its officers, people who write, and kinds that make objects. All of them are made up."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.people import NOW

STAFF = {
    "kadis": ("head", "Maya Rekaan, S.Kom"),
    "sekretaris": ("secretary", "Budi Contoh, S.E"),
    "rahmat": ("ppid", "Rahmat Misal, S.Kom"),
    "lina": ("staff", "Lina Umpama, S.I.Kom"),
    "tono": ("counter", "Tono Andai"),
}


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """Diskominfo with five officials, and an officer of another office; much quicker than the whole regency."""
    from satuklik.base.accounts.models import User
    from satuklik.base.agencies.models import Agency, Official
    from satuklik.base.calendar.actions import load as load_calendar
    from satuklik.spine.intake import engine

    settings.FILES_ROOT = tmp_path / "files"
    load_calendar()
    made: dict[str, Any] = {}
    for code in ("diskominfo", "dpupr", "disdukcapil", "dishub"):
        made[code] = Agency.objects.create(
            code=code, kind="opd", name=code.title(), short_name=code.title(), head_title=f"Kepala {code}",
            number_code=code.upper(), address="Jl. Merdeka No. 1",
        )  # fmt: skip
    people = [(key, "diskominfo", *row) for key, row in STAFF.items()]
    for number, (key, code, role, name) in enumerate([*people, ("andi", "dpupr", "staff", "Andi Lain, S.T")]):
        made[key] = Official.objects.create(
            user=User.objects.create(username=key, name=name, kind="official"), agency=made[code], role=role, name=name,
            nip=f"1980010120050110{number:02}", position=role, active_from=date(2025, 1, 2),
        )  # fmt: skip
    engine.forget()
    return made


@pytest.fixture
def write(office: dict[str, Any]) -> Callable[..., Any]:
    """Somebody writes by WhatsApp, and the worker reads it: `write("teks", who="+6284…", minutes=3)`."""
    from satuklik.spine.messaging import actions as messaging
    from satuklik.spine.messaging.actions.receiving import announce

    numbers = count(1)

    def send(text: str, *, who: str = "6284090000101", name: str = "Sari Contoh", now: datetime = NOW, minutes: int = 0,
             channel: str = "whatsapp", **more: Any) -> Any:  # fmt: skip
        at = now + timedelta(minutes=minutes)
        if channel == "whatsapp":
            more.setdefault("phone", f"+{who}")
        message = messaging.receive(
            channel=channel, address=who, name=name, text=text, external_id=f"m{next(numbers)}", at=at, now=at,
            account="test", **more,
        )  # fmt: skip

        def failed(_message: Any, why: str) -> None:
            raise AssertionError(why)

        announce(at, failed=failed)
        message.refresh_from_db()
        return message

    return send


@pytest.fixture
def kinds() -> Iterator[list[Any]]:
    """Kinds that make objects, as the systems register them; what they were given is in the list."""
    from satuklik.spine.intake import registry

    before = dict(registry.KINDS)
    given: list[Any] = []

    def maker(prefix: str) -> Callable[..., registry.Created]:
        def create(intake: registry.Intake, by: Any, now: datetime) -> registry.Created:
            if "gagal" in intake.text:
                raise registry.CannotCreate("Nama pemohon belum ada. Tanyakan dahulu.")
            given.append(intake)
            reference = f"{prefix}-TEST-{len(given):04}"
            return registry.Created(
                f"{prefix.lower()}:{reference}", reference, f"/meja/{reference}/", f"https://contoh.example/{reference}",
                f"Terdaftar dengan nomor {reference}.",
            )  # fmt: skip

        return create

    for name, prefix in (("information", "PI"), ("complaint", "ADU"), ("idea", "IDE")):
        registry.KINDS[name] = registry.Kind(
            name, name, "inbox", 10, maker(prefix), find=lambda text, p=prefix: f"{p.lower()}:{text}" if text.startswith(f"{p}-") else "",
        )  # fmt: skip
    yield given
    registry.KINDS.clear()
    registry.KINDS.update(before)
