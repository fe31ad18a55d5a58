"""Service folders: what is broken is told with file and line; a thirteenth service needs no Python."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings

from satuklik.spine.cases import actions, registry
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.commands import layanan
from satuklik.spine.cases.errors import ServiceNotFound
from satuklik.spine.cases.examples import run
from satuklik.spine.cases.linter import library_of, lint
from satuklik.spine.cases.loader import Problem, ServiceBroken, folders, load_folder
from satuklik.spine.cases.models import Case, ServiceVersion
from satuklik.spine.cases.scaffold import FolderExists, create
from tests.people import NOW

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create(tmp_path, "surat-uji")


def problems_of(folder: Path) -> list[Problem]:
    try:
        loaded = load_folder(folder)
    except ServiceBroken as error:
        return list(error.problems)
    found = lint(loaded, library_of(django_settings.LAYANAN))
    return found or [problem for checked in run(loaded) for problem in checked.problems]


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


BROKEN: list[tuple[str, Edit, str, int, str]] = [
    ("service.toml", replaced('kind   = "straight"', 'kind   = "straight'), "service.toml", 5, "no valid TOML"),
    ("service.toml", replaced('icon   = "file-text"', 'icon   = "file-text"\nfarbe = "blau"'), "service.toml", 8, "farbe: unknown key"),
    ("service.toml", replaced(', en = "What is it for?"', ""), "service.toml", 22, "the English text is missing"),
    ("service.toml", replaced("person.status == 'alive'", "person.status == "), "service.toml", 27, "does not compile"),
    ("service.toml", replaced("person.status == 'alive'", "umur(person.status) > 1"), "service.toml", 27, "unknown function 'umur'"),
    ("service.toml", replaced("person.status == 'alive'", "person.age > 17"), "service.toml", 27, "person.age: no [[fact]] declares it"),
    ("service.toml", replaced("person.status == 'alive'", "1 < 2"), "service.toml", 27, "always says the same"),
    ("service.toml", replaced('name = "person.status"', 'name = "person.religion"'), "service.toml", 17, "person.religion: feeds no rule"),
    ("service.toml", replaced('name = "person.status"', 'name = "person.shoe_size"'), "service.toml", 17, "no register gives this fact"),
    ("service.toml", replaced('[legal_mode]\nlaw = "UU 30/2014 ps. 53(3) jo. UU 6/2023 ps. 175"', ""), "service.toml", 5, "needs [legal_mode]"),
    ("service.toml", replaced('type = "text"', 'type = "choice"'), "service.toml", 21, "a choice needs choices"),
    ("service.toml", replaced("days = 5", "days = 0"), "service.toml", 38, "deadline.days"),
    ("service.toml", replaced("amount = 0", "amount = -5"), "service.toml", 34, "never negative"),
    ("service.toml", replaced('[standard]', '[standar]'), "service.toml", 1, "standard: is missing"),
    ("service.toml", replaced('law = "UU 24/2013 ps. 58"\n', ""), "service.toml", 25, "rule.1.law: is missing"),
    ("letter.typ", replaced("d.answer.purpose", "d.answer.tujuan"), "letter.typ", 8, "answer.tujuan: service.toml does not declare it"),
    ("letter.typ", replaced("#strong(d.answer.purpose)", "x"), "service.toml", 20, "purpose: feeds no rule"),
    ("letter.typ", replaced("#penutup()", "#penutup("), "examples.toml", 1, "the letter does not compile"),
    ("letter.typ", lambda text: "", "letter.typ", 1, "missing or empty"),
    ("examples.toml", replaced('outcome = "issued"', 'outcome = "examine"'), "examples.toml", 1, "the outcome is issued"),
    ("examples.toml", replaced("due = 2026-12-01", "due = 2026-11-30"), "examples.toml", 1, "it is due on 2026-12-01"),
    ("examples.toml", replaced("fee = 0", "fee = 10000"), "examples.toml", 1, "the fee is 0"),
    ("examples.toml", replaced('failing = ["registered"]', "failing = []"), "examples.toml", 10, "failing rules are ['registered']"),
    ("examples.toml", replaced('letter_says = ["melamar pekerjaan"]', 'letter_says = ["naik haji"]'), "examples.toml", 1, "does not say 'naik haji'"),
    ("examples.toml", replaced('answers = { purpose = "melamar pekerjaan" }', "answers = {}"), "examples.toml", 1, "purpose (missing)"),
    ("examples.toml", lambda text: "", "examples.toml", 1, "there is no [[example]]"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("regency")
@pytest.mark.parametrize(("file", "edit", "where", "line", "says"), BROKEN)
def test_what_is_broken_is_told_with_file_and_line(
    folder: Path, file: str, edit: Edit, where: str, line: int, says: str
) -> None:
    path = folder / file
    path.write_text(edit(path.read_text()))
    found = problems_of(folder)
    matching = [p for p in found if says in p.message]
    assert matching, [str(problem) for problem in found]
    assert (matching[0].file, matching[0].line) == (where, line)
    loaded_or_broken: Any = None
    with pytest.raises(ServiceBroken):
        loaded_or_broken = actions.publish(load_folder(folder), library_of(django_settings.LAYANAN), now=NOW)
    assert loaded_or_broken is None
    assert ServiceVersion.objects.count() == 0


@pytest.mark.parametrize("file", ["service.toml", "examples.toml"])
def test_a_missing_file_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert [str(p) for p in problems_of(folder)] == [f"{file}:1: the file is missing"]


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "service.toml").write_bytes(b"\xff\xfe\x00")
    assert [str(p) for p in problems_of(folder)] == ["service.toml:1: the file is not UTF-8 text"]


@pytest.mark.django_db
@pytest.mark.usefixtures("pak_lurah", "services")
def test_a_thirteenth_service_at_run_time(tmp_path: Path, sari: Any, settings: Any) -> None:
    """As an agency would: make a folder, edit it, publish it, and a resident clicks."""
    runner = CliRunner()
    made = runner.invoke(layanan, ["new", "surat-keterangan-kebun", "--root", str(tmp_path)])
    assert made.exit_code == 0, made.output
    service = tmp_path / "surat-keterangan-kebun" / "service.toml"
    service.write_text(service.read_text().replace("Untuk keperluan apa?", "Kebun apa yang Anda rawat?"))
    settings.LAYANAN = [*django_settings.LAYANAN, tmp_path]
    tested = runner.invoke(layanan, ["test", "surat-keterangan-kebun"])
    assert tested.exit_code == 0, tested.output
    assert "2 passed, 0 failed" in tested.output
    assert runner.invoke(layanan, ["publish", "--root", str(tmp_path)]).exit_code == 0
    receipt = actions.submit(
        "surat-keterangan-kebun", person_id=sari.pk, answers={"purpose": "kebun karet"}, uploads={},
        by=Applicant(sari.user.pk, 2, "portal"), key="k", language="id", now=NOW,
    )  # fmt: skip
    assert receipt.document is not None
    shutil.rmtree(service.parent)
    assert "layanan retire surat-keterangan-kebun" in runner.invoke(layanan, ["publish"]).output
    assert runner.invoke(layanan, ["retire", "surat-keterangan-kebun"]).exit_code == 0
    with pytest.raises(ServiceNotFound):
        registry.service("surat-keterangan-kebun")
    again = runner.invoke(layanan, ["retire", "surat-keterangan-kebun"])
    assert (again.exit_code, "is offered" in again.output) == (1, True)


@pytest.mark.django_db
@pytest.mark.usefixtures("pak_lurah")
def test_a_case_stays_with_the_version_it_began_with(folder: Path, sari: Any) -> None:
    library = library_of(django_settings.LAYANAN)
    first = actions.publish(load_folder(folder), library, now=NOW)
    assert first is not None
    assert actions.publish(load_folder(folder), library, now=NOW) is None  # nothing changed
    receipt = actions.submit(
        "surat-uji", person_id=sari.pk, answers={"purpose": "kebun"}, uploads={},
        by=Applicant(sari.user.pk, 2, "portal"), key="k", language="id", now=NOW,
    )  # fmt: skip
    path = folder / "service.toml"
    path.write_text(path.read_text().replace("validity_months = 6", "validity_months = 3"))
    second = actions.publish(load_folder(folder), library, now=NOW)
    assert second is not None
    assert second.version == 2
    case = Case.objects.get(pk=receipt.case.pk)
    assert registry.pinned(case.service_version_id).definition.letter.validity_months == 6  # type: ignore[union-attr]
    assert registry.service("surat-uji").version == 2
    assert actions.retire("surat-uji", now=NOW)
    with pytest.raises(ServiceNotFound):
        registry.service("surat-uji")


def test_names_of_folders(tmp_path: Path) -> None:
    create(tmp_path, "surat-satu")
    with pytest.raises(FolderExists):
        create(tmp_path, "surat-satu")
    for bad in ("Surat", "../x", "surat_satu", "", "surat--x", "a b"):
        with pytest.raises(ValueError, match="lower case"):
            create(tmp_path, bad)
    create(tmp_path / "two", "surat-satu")
    with pytest.raises(ServiceBroken, match="two folders have this name"):
        folders([tmp_path, tmp_path / "two"])


def test_every_service_of_the_house_is_whole() -> None:
    found = folders(django_settings.LAYANAN)
    library = library_of(django_settings.LAYANAN)
    assert [str(p) for folder in found for p in lint(load_folder(folder), library)] == []
