"""naskah/: every template prints without a database; what is wrong in a folder is told with file and line."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.errors import MaySignNot, UnknownKind
from satuklik.systems.correspondence.linting import lint
from satuklik.systems.correspondence.rules import blocks
from satuklik.systems.correspondence.tests.conftest import Team


def test_our_own_templates_hold_and_have_samples() -> None:
    assert lint(Path(settings.NASKAH)) == []
    for kind in queries.kinds():
        assert queries.sample(kind.slug).startswith(b"\x89PNG")
    with pytest.raises(UnknownKind):
        queries.sample("lembar-disposisi")  # a sheet: nobody drafts it


BROKEN = [
    ("surat-dinas/naskah.toml", 'signer = "both"', 'signer = "semua"', "surat-dinas/naskah.toml:6: signer"),
    ("surat-dinas/naskah.toml", 'code = "SD"', 'codes = "SD"', "surat-dinas/naskah.toml:5: codes: unknown key"),
    ("surat-dinas/naskah.toml", 'classification = "000.1"', 'classification = "9"', "surat-dinas/naskah.toml:8: classi"),
    ("surat-dinas/naskah.toml", "version = 1", "version = ", "surat-dinas/naskah.toml:2: no valid TOML"),
    ("surat-dinas/naskah.toml", 'id = "isi"', 'id = "badan"', "never uses the field 'badan'"),
    ("surat-dinas/naskah.typ", '#isian(f("isi"))', '#isian(f("isi")', "surat-dinas/naskah.typ:5: error: unclosed"),
    ("surat-dinas/naskah.typ", "#tembusan()", "#tembusn()", "surat-dinas/naskah.typ:8: error: unknown variable"),
    ("klasifikasi.toml", '"000.2"', '"000.1"', "klasifikasi.toml:9: 000.1 is there twice"),
    ("istilah.toml", "days = 5", "days = -5", "istilah.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after", "told"), BROKEN)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, file: str, before: str, after: str, told: str
) -> None:
    root = tmp_path / "naskah"
    shutil.copytree(settings.NASKAH, root)
    text = (root / file).read_text()
    assert before in text
    (root / file).write_text(text.replace(before, after, 1))
    assert told in "\n".join(str(problem) for problem in lint(root))


TYPED: list[tuple[str, list[dict[str, Any]]]] = [
    ("", []),
    ("Satu\ndua\n\ntiga", [{"k": "p", "t": "Satu\ndua"}, {"k": "p", "t": "tiga"}]),
    ("1. a\n2) b\nlanjut", [{"k": "ol", "items": ["a", "b lanjut"], "s": "1"}]),
    ("a. x\n- y", [{"k": "ol", "items": ["x"], "s": "a"}, {"k": "ul", "items": ["y"]}]),
    ("Pasal 1. Umum", [{"k": "p", "t": "Pasal 1. Umum"}]),
]


@pytest.mark.parametrize(("typed", "made"), TYPED)
def test_paragraphs_as_they_are_typed(typed: str, made: list[dict[str, Any]]) -> None:
    assert blocks(typed) == made


@pytest.mark.django_db
def test_an_office_without_head_can_draft_and_look_but_not_send_up(keyless: Team) -> None:
    keyless.lurah.active_until = date(2026, 1, 1)
    keyless.lurah.save()
    naskah = keyless.draft()
    assert queries.preview(naskah).startswith(b"\x89PNG")
    with pytest.raises(MaySignNot):
        keyless.up(naskah)
