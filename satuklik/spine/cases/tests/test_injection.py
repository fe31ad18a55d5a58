"""Whatever is typed into any field of any service is text: in the letter, in the rules, in the database."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from satuklik.spine.cases import actions, queries
from satuklik.spine.cases.actions import Applicant
from satuklik.spine.cases.examples import Example, example_world, letter_text
from satuklik.spine.cases.loader import Loaded, folders, load_folder
from tests.people import NOW

HOSTILE = [
    "'; DROP TABLE cases_case; --",
    '#import "/surat.typ": d',
    '#read("/etc/passwd")',
    "#{ panic() } *tebal* _miring_ $x^2$ @acuan <label> \\ `kode`",
    "<script>alert(1)</script>",
    "{{ settings.SECRET_KEY }} {% debug %}",
    "${7*7} #{7*7} %(x)s {0}",
    "answer.purpose == '' || true",
    "= Judul // komentar /* komentar */",
]
FOLDERS = folders(settings.LAYANAN)


def first_passing(loaded: Loaded) -> tuple[Example, dict[str, object]] | None:
    for raw in loaded.examples:
        example = Example.model_validate(raw)
        if example.outcome in ("issued", "examine", "handed_off"):
            return example, {
                k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in example.answers.items()
            }
    return None


def text_fields(loaded: Loaded) -> list[str]:
    return [q.id for q in loaded.definition.question if q.type in ("text", "long_text")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_typed_is_printed_as_it_was_typed(folder: Path) -> None:
    loaded = load_folder(folder)
    passing = first_passing(loaded)
    assert passing is not None
    example, answers = passing
    if loaded.definition.letter is None:
        return
    plain, _wrong = example_world(loaded, example)
    before = letter_text(loaded, plain, example.today).replace(" ", "")
    for field in text_fields(loaded):
        if answers.get(field) is None or "".join(str(answers[field]).split()) not in before:
            continue  # asked, but printed only in other cases
        for hostile in HOSTILE:
            world, wrong = example_world(
                loaded, example.model_copy(update={"answers": {**answers, field: hostile}})
            )
            if wrong:
                assert all(told.startswith(field) for told in wrong), wrong
                continue
            # Line breaks may fall anywhere in the letter: compare without spaces.
            printed = letter_text(loaded, world, example.today).replace(" ", "")
            assert hostile.replace(" ", "").lower() in printed.lower(), (field, hostile)


@pytest.mark.django_db
@pytest.mark.usefixtures("services", "pak_lurah")
@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_typed_stays_text_in_the_database(sari: Any, hostile: str) -> None:
    loaded = load_folder(settings.LAYANAN[0] / "surat-keterangan-usaha")
    passing = first_passing(loaded)
    assert passing is not None
    answers: dict[str, object] = {**passing[1], "business_name": hostile}
    answers.pop("photo", None)
    receipt = actions.submit(
        loaded.slug, person_id=sari.pk, answers=answers, uploads={}, by=Applicant(sari.user.pk, 2, "portal"),
        key=hostile, language="id", now=NOW,
    )  # fmt: skip
    view = queries.case_of_person(receipt.case.reference, sari.pk)
    assert view.case.answers["business_name"] == " ".join(hostile.split())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone()[0] == 1
