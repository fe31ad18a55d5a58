"""What people type becomes values; what cannot is told."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from satuklik.spine.cases.attachments import Upload, check, safe_name
from satuklik.spine.cases.definition import Choice, Question, Text
from satuklik.spine.cases.errors import AttachmentRejected
from satuklik.spine.cases.expressions import CannotTell, ExpressionBroken, compiled, years
from satuklik.spine.cases.rules import NEXT, may_follow, read_answers

LABEL = Text(id="x", en="x")


def question(kind: str, **more: Any) -> Question:
    return Question(id="q", type=kind, label=LABEL, **more)  # type: ignore[arg-type]


CHOICES = (Choice(value="a", label=LABEL), Choice(value="b", label=LABEL))
READ: list[tuple[Question, object, object, str | None]] = [
    (question("text"), "  Toko   Maju ", "Toko Maju", None),
    (question("text"), "", None, "missing"),
    (question("text", required=False), "", None, None),
    (question("text", max=3), "abcd", "abcd", "too_long"),
    (question("text", min=3), "ab", "ab", "too_small"),
    (question("text"), 5, None, "not_readable"),
    (question("text"), "a\x07", None, "not_readable"),
    (question("long_text"), "satu\r\ndua", "satu\ndua", None),
    (question("choice", choices=CHOICES), "b", "b", None),
    (question("choice", choices=CHOICES), "c", None, "not_a_choice"),
    (question("choice", choices=CHOICES), ["a"], None, "not_a_choice"),
    (question("choice", choices=CHOICES), {"a": 1}, None, "not_a_choice"),
    (question("boolean"), "on", True, None),
    (question("boolean"), "tidak", False, None),
    (question("boolean", required=False), None, False, None),
    (question("boolean"), "mungkin", None, "not_readable"),
    (question("date"), "24/11/2026", "2026-11-24", None),
    (question("date"), "2026-11-24", "2026-11-24", None),
    (question("date"), "31/02/2026", None, "not_a_date"),
    (question("date"), "besok", None, "not_a_date"),
    (question("date"), "1/1/99999999999999999999", None, "not_a_date"),
    (question("date"), "1/2/3/4", None, "not_a_date"),
    (question("integer"), "12", 12, None),
    (question("integer"), "1_2", None, "not_a_number"),
    (question("integer"), "١٢", None, "not_a_number"),
    (question("integer"), "12.5", None, "not_a_number"),
    (question("integer"), True, None, "not_a_number"),
    (question("integer"), "-1", -1, "too_small"),
    (question("integer", max=10), 11, 11, "too_large"),
    (question("money"), "Rp1.500.000", 1_500_000, None),
    (question("money"), "Rp 1.500.000,00", 1_500_000, None),
    (question("money"), 2_000_000, 2_000_000, None),
    (question("money"), "9" * 400, None, "not_a_number"),
    (question("file", accept=("pdf",)), None, None, "missing"),
]


@pytest.mark.parametrize(("asked", "raw", "value", "code"), READ)
def test_reading(asked: Question, raw: object, value: object, code: str | None) -> None:
    answers, errors = read_answers([asked], {"q": raw}, {})
    assert answers == {"q": value}
    assert [error.code for error in errors] == ([code] if code else [])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_nothing_that_is_sent_breaks_the_reader(raw: object) -> None:
    for kind in ("text", "long_text", "boolean", "date", "integer", "money"):
        read_answers([question(kind)], {"q": raw}, {})


def test_a_question_that_is_not_asked_has_no_answer() -> None:
    first = Question(id="married", type="boolean", label=LABEL)
    second = Question(id="spouse", type="text", label=LABEL, when="answer.married")
    assert read_answers([first, second], {"married": "tidak", "spouse": "X"}, {})[0] == {
        "married": False,
        "spouse": None,
    }
    assert [e.question for e in read_answers([first, second], {"married": "ya"}, {})[1]] == ["spouse"]


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("x", b"\0" * 20_000_000)
    return out.getvalue()


def png_bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 × 60,000 pixels."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
FILES: list[tuple[str, bytes, str | None]] = [
    ("ktp.jpg", picture(), None),
    ("ktp.png", picture("PNG"), None),
    ("surat.pdf", PDF, None),
    ("foto yang bernama.pdf", picture(), None),
    ("kosong.pdf", b"", "empty"),
    ("halaman.pdf", b"<!doctype html><script>alert(1)</script>", "wrong_type"),
    ("bom.pdf", zip_bomb(), "wrong_type"),
    ("gambar.gif", picture("GIF"), "wrong_type"),
    ("bom.png", png_bomb(), "not_readable"),
    ("putus.png", picture("PNG", (400, 300))[:200], "not_readable"),
    ("putus.pdf", b"%PDF-1.7\n1 0 obj", "not_readable"),
    ("besar.pdf", PDF + b" " * 5_000_001 + b"%%EOF", "too_large"),
]


@pytest.mark.parametrize(("name", "content", "code"), FILES, ids=[row[0] for row in FILES])
def test_files_are_what_they_are(name: str, content: bytes, code: str | None) -> None:
    asked = question("file", accept=("pdf", "jpg", "png"))
    if code is None:
        assert check(asked, Upload(name, content)).name == name
        return
    with pytest.raises(AttachmentRejected) as rejected:
        check(asked, Upload(name, content))
    assert rejected.value.code == code


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\ktp.jpg", "ktp.jpg"), ("a\x00b.pdf", "a_b.pdf"), ("..", "berkas"),
     ("\u202efdp.exe", "_fdp.exe"), ("x" * 300 + ".pdf", "x" * 100 + "x" * 16 + ".pdf"), ('"><img>', "___img_")],
)  # fmt: skip
def test_names_are_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


AGES = [("2009-11-24", 17), ("2009-11-25", 16), ("2008-02-29", 18), ("2026-11-24", 0)]


@pytest.mark.parametrize(("born", "age"), AGES)
def test_ages(born: str, age: int) -> None:
    assert years(born, "2026-11-24") == age


def test_expressions_say_what_they_use_and_when_they_cannot_tell() -> None:
    expression = compiled("person.age >= 17 && answer.kind == 'person.name' && days(today, answer.date) > 9")
    assert expression.uses == {"person.age", "answer.kind", "answer.date", "today"}
    with pytest.raises(CannotTell):
        expression.value({"person": {"age": None}, "answer": {}, "today": "2026-11-24"})
    for broken in ("1 +", "nosuch.thing", "exec('x')", "person.age >"):
        with pytest.raises(ExpressionBroken):
            compiled(broken)


def test_closed_states_lead_nowhere() -> None:
    assert all(following <= NEXT.keys() for following in NEXT.values())
    assert not may_follow("issued", "returned")
    assert may_follow("in_review", "issued")
