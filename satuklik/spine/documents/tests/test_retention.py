"""How long letters are kept, by class; the list of what is due; and that the click pays nothing for it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings

from satuklik.spine.documents import commands, retention
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.tests.conftest import Place
from satuklik.spine.documents.tests.test_issue import issue


@pytest.mark.parametrize(
    ("code", "issued", "valid_until", "keep_until", "fate"),
    [
        ("400.9", date(2026, 11, 24), None, date(2031, 12, 31), "musnah"),
        ("400.9", date(2026, 11, 24), date(2027, 5, 24), date(2032, 12, 31), "musnah"),
        ("400.12.2.2", date(2026, 1, 1), None, date(2036, 12, 31), "dinilai"),
        ("400.12.3.2", date(2026, 1, 1), None, None, "permanen"),
        ("400", date(2026, 1, 1), None, date(2031, 12, 31), "musnah"),
        ("700.1", date(2026, 1, 1), None, None, ""),
        ("", date(2026, 1, 1), None, None, ""),
    ],
)
def test_years_by_class(
    code: str, issued: date, valid_until: date | None, keep_until: date | None, fate: str
) -> None:
    found = retention.of_letter(code, issued, valid_until)
    assert (found.archive_class, found.keep_until, found.fate) == (code, keep_until, fate)


def test_every_service_has_a_class_with_a_row() -> None:
    import tomllib

    codes = {
        tomllib.loads((folder / "service.toml").read_text()).get("letter", {}).get("code")
        for root in settings.LAYANAN
        for folder in Path(root).iterdir()
        if (folder / "service.toml").exists()
    } - {None}
    assert codes
    assert {code for code in codes if retention.row_of(code) is None} == set()


@pytest.mark.parametrize(
    "row",
    [
        {"class": "1", "active": -1, "inactive": 0, "fate": "musnah", "source": "x", "confirmed": True},
        {"class": "1", "active": 1, "inactive": 0, "fate": "dibuang", "source": "x", "confirmed": True},
        {"class": "1", "active": 1, "inactive": 0, "fate": "musnah", "source": "", "confirmed": True},
        {"class": "1", "active": 1, "inactive": 0, "fate": "musnah", "source": "x"},
    ],
)
def test_a_bad_row_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(retention.BadRetention, match="1:"):
        retention._row(row)


@pytest.mark.django_db
@pytest.mark.usefixtures("paper_seal")
class TestLetters:
    """Letters get it when they are issued."""

    def test_at_issue(self, place: Place, sari_data: dict[str, Any], django_assert_num_queries: Any) -> None:
        document = IssuedDocument.objects.get(pk=issue(place, sari_data).pk)
        assert (document.archive_class, document.fate) == ("400.12.2.2", "dinilai")
        assert document.keep_until == date(2037, 12, 31)  # valid until May 2027: 10 years from its end
        with django_assert_num_queries(0):
            retention.of_letter("400.12.2.2", date(2026, 1, 1), None)

    def test_what_is_due(self, place: Place, sari_data: dict[str, Any]) -> None:
        first, second = issue(place, sari_data), issue(place, sari_data, agency=place.district_agency)
        run = CliRunner()
        assert "0 letters are due" in run.invoke(commands.arsip, ["due", "--on", "2037-12-31"]).output
        shown = run.invoke(commands.arsip, ["due", "--on", "2038-01-01"])
        assert shown.exit_code == 0
        assert first.number in shown.output
        assert second.number in shown.output
        assert "retention not confirmed" in shown.output
        assert "2 letters are due" in shown.output
        assert "minutes of destruction" in shown.output
        one = run.invoke(commands.arsip, ["due", "--on", "2038-01-01", "--agency", place.agency.code]).output
        assert (first.number in one, second.number in one) == (True, False)
        assert IssuedDocument.objects.count() == 2
        assert "(not confirmed)" in run.invoke(commands.arsip, ["classes"]).output
