"""WhatsApp: files that people send, fetched, checked, and named where they cannot be kept."""

import hashlib

import pytest

from satuklik.spine.messaging.models import (
    Attachment,
)
from satuklik.spine.messaging.tests.clock import NOW
from satuklik.spine.messaging.tests.people import PNG, SITI, only
from satuklik.spine.messaging.twins.meta import call, media_part, message_value
from tests.meta import PHONE_ID


def send_file(
    post, meta, content, *, name="", kind="image", media_type="image/png", claimed=None, wamid="wamid.f"
):
    media_id = meta.memory.add_media(content, media_type)
    part = media_part(kind, media_id, claimed if claimed is not None else content, media_type, name=name)
    post(call(PHONE_ID, message_value(SITI, "Siti", part, NOW, wamid=wamid)))


def test_a_file_is_fetched_and_its_hash_compared(post, work, meta):
    send_file(post, meta, PNG)
    work()
    file = Attachment.objects.get()
    assert (file.sha256, file.media_type, file.size) == (
        hashlib.sha256(PNG).hexdigest(),
        "image/png",
        len(PNG),
    )
    assert only().preview == "📎 1"


@pytest.mark.parametrize(
    ("content", "claimed", "problem"),
    [(PNG, PNG + b"x", "changed"), (b"MZ\x90\x00" + b"\x00" * 99, None, "wrong_type"), (b"<html>", None, "wrong_type"), (b"", None, "empty")],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_named_and_not_kept(post, work, meta, content, claimed, problem):
    send_file(post, meta, content, claimed=claimed)
    work()
    file = Attachment.objects.get()
    assert (file.problem, file.sha256) == (problem, "")


def test_a_file_that_meta_no_longer_has_is_named(post, work, meta):
    part = media_part("document", "weg", PNG, "application/pdf", name="x.pdf")
    post(call(PHONE_ID, message_value(SITI, "Siti", part, NOW)))
    work()
    assert Attachment.objects.get().problem == "gone"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\evil\\cv.pdf", "cv.pdf"), ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"b<c>.png', "a_b_c_.png"), ("\x00\x01", "berkas"), ("..", "berkas"), ("x" * 500 + ".png", "x" * 100 + "x" * 16 + ".png"),
    ],
)  # fmt: skip
def test_hostile_names_of_files_lead_nowhere(post, work, meta, name, kept):
    send_file(post, meta, PNG, name=name, kind="document")
    work()
    assert Attachment.objects.get().name == kept


def test_our_token_goes_to_meta_only(post, work, meta, monkeypatch):
    meta.graph.base = "http://evil.example"
    send_file(post, meta, PNG)
    work()
    assert Attachment.objects.get().problem == "gone"
