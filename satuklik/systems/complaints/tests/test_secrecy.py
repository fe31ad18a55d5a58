"""Secret reports: no dump shows who it was, the admin sees nothing, and whoever opens the seal is seen by the reporter."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from satuklik.base.audit.models import Event as AuditEvent
from satuklik.spine.intake.registry import Intake
from satuklik.systems.complaints import actions, intake
from satuklik.systems.complaints.errors import MayNot, Missing
from satuklik.systems.complaints.models import Complaint, Reporter, SealedIdentity
from tests.people import NOW, VILLAGE

REASON = "Diminta penyidik dengan surat nomor 12/2026."
WHO: dict[str, Any] = {
    "mode": "secret", "category": "pungli", "name": "Siti Rahasia", "phone": "+6281299990001", "email": "rahasia@contoh.example",
    "text": "Kami diminta uang seratus ribu di loket setiap mengurus surat.",
}  # fmt: skip
NAMES = ("Siti Rahasia", "81299990001", "rahasia@contoh.example")


def dump() -> str:
    """Every row of every table as text, byte columns as they are."""
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                texts += [
                    " ".join(
                        bytes(value).decode("latin-1")
                        if isinstance(value, bytes | memoryview)
                        else str(value)
                        for value in row
                    )
                    for row in cursor.fetchall()
                ]
    return "\n".join(texts)


def test_a_dump_shows_nobody(report: Any) -> None:
    complaint = report(**WHO)
    whole = dump()
    assert complaint.reference in whole
    assert [name for name in NAMES if name in whole] == []
    assert complaint.key not in whole
    assert not Reporter.objects.filter(complaint=complaint).exists()


def test_a_secret_chat_leaves_no_name_in_this_room(regency: None) -> None:
    chat = Intake(
        conversation_id=7, message_ids=(1, 2), text=WHO["text"], received_at=NOW, channel="whatsapp", name="Siti Rahasia",
        phone="+6281299990001", secret=True, address="Jalan Rahasia",
    )  # fmt: skip
    created = intake.create(chat, None, NOW)
    assert created.tracking_url.rsplit("/", 2)[1] in created.reply
    assert [name for name in (*NAMES, "Jalan Rahasia") if name in dump()] == []
    assert intake.create(chat, None, NOW).reference == created.reference
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("who", ["petugas", "admin_situs", "staf_pupr"])
def test_only_few_may_open_the_seal(report: Any, people: dict[str, Any], who: str) -> None:
    complaint = report(**WHO)
    with pytest.raises(MayNot):
        actions.reveal(complaint.pk, by=people[who], reason=REASON, now=NOW)
    assert complaint.reveals.count() == 0


@pytest.mark.parametrize("reason", ["\u200b" * 40, "", "   ", "karena perlu"])
def test_never_without_a_reason(report: Any, people: dict[str, Any], reason: str) -> None:
    complaint = report(**WHO)
    with pytest.raises(Missing):
        actions.reveal(complaint.pk, by=people["inspektur"], reason=reason, now=NOW)


def test_opening_it_leaves_a_trace_that_the_reporter_reads(
    report: Any, people: dict[str, Any], client: Client
) -> None:
    complaint = report(**WHO)
    client.force_login(people["inspektur"].user)
    page = f"/meja/pengaduan/{complaint.reference}/"
    shown = client.get(page)
    assert shown.status_code == 200
    assert "Siti" not in shown.content.decode()
    assert client.post(f"{page}identitas/", {"reason": "x"}).status_code == 422
    opened = client.post(f"{page}identitas/", {"reason": REASON})
    assert "Siti Rahasia" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    reporter = Client().get(f"/pengaduan/lacak/{complaint.key}/").content.decode()
    assert REASON in reporter
    assert "Jabatan inspektur" in reporter
    (event,) = AuditEvent.objects.filter(stream=complaint.subject, kind="complaint.revealed")
    assert event.actor == f"official:{people['inspektur'].pk}"
    assert "Siti" not in str(event.data)


@pytest.mark.parametrize("who", ["admin_situs", "staf_pupr"])
def test_the_admin_finds_no_such_page(report: Any, people: dict[str, Any], client: Client, who: str) -> None:
    complaint = report(**WHO)
    client.force_login(people[who].user)
    page = f"/meja/pengaduan/{complaint.reference}/"
    assert client.get(page).status_code == 404
    assert client.post(f"{page}identitas/", {"reason": REASON}).status_code == 404
    assert complaint.reveals.count() == 0


def test_an_agency_that_is_asked_sees_only_the_question(
    report: Any, people: dict[str, Any], client: Client
) -> None:
    complaint = report(**WHO)
    actions.verify(
        complaint.pk, by=people["petugas"], level="supervisory", category="pungli", title="Pungli", now=NOW
    )
    actions.dispatch(complaint.pk, ["dpupr"], question="Mohon diperiksa.", by=people["petugas"], now=NOW)
    client.force_login(people["staf_pupr"].user)
    assert client.get(f"/meja/pengaduan/{complaint.reference}/").status_code == 404


def test_never_public_and_never_told(report: Any, people: dict[str, Any]) -> None:
    from satuklik.spine.messaging.models import Conversation

    complaint = report(**WHO)
    with pytest.raises(MayNot):
        actions.release(
            complaint.pk,
            by=people["petugas"],
            title="x",
            text="y",
            point=False,
            photos=[],
            checked=True,
            now=NOW,
        )
    actions.archive(complaint.pk, by=people["petugas"], reason="Kurang jelas.", now=NOW)
    assert Conversation.objects.filter(phone__contains="99990001").count() == 0


def test_without_any_name_nothing_is_kept(report: Any) -> None:
    report(**(WHO | {"name": "", "phone": "", "email": ""}))
    assert SealedIdentity.objects.count() == 0


def test_after_a_change_of_the_vault_key(report: Any, people: dict[str, Any], settings: Any) -> None:
    settings.SATUKLIK_VAULT_KEY = "kunci lama"
    complaint = report(**WHO)
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_OLD_VAULT_KEYS = "kunci baru", ["kunci lama"]
    assert actions.reseal() == 1
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    assert actions.reveal(complaint.pk, by=people["inspektur"], reason=REASON, now=NOW).name == "Siti Rahasia"


def test_the_database_itself_refuses_a_name_beside_a_secret_report(report: Any, sari: Any) -> None:
    from django.db import IntegrityError, transaction

    complaint = report(**(WHO | {"village": VILLAGE}))
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(user=sari.user)
