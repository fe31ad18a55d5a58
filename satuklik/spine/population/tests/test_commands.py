"""The commands of regions, agencies, calendar and population, as somebody types them."""

import pytest
from click.testing import CliRunner
from django.utils import translation

from satuklik.base.agencies.commands import agencies
from satuklik.base.agencies.errors import NoSuchAgency
from satuklik.base.calendar import queries as calendar_queries
from satuklik.base.calendar.commands import calendar
from satuklik.base.regions import queries as regions_queries
from satuklik.base.regions.commands import regions
from satuklik.spine.population.commands import population
from satuklik.spine.population.models import Person


@pytest.fixture
def run(db):
    def invoke(command, *arguments):
        return CliRunner().invoke(command, arguments)

    for forget in (regions_queries.forget, calendar_queries.forget):
        forget()  # what an earlier test knew is not in this one's tables
    yield invoke
    for forget in (regions_queries.forget, calendar_queries.forget):
        forget()


def test_loading_everything(run):
    for command, said in (
        (regions, "231 regions loaded."),
        (agencies, "272 agencies loaded."),
        (calendar, "holidays loaded, up to 2027."),
    ):
        for _ in range(2):
            result = run(command, "load")
            assert result.exit_code == 0, result.output
            assert said in result.output
    assert "272 agencies" in run(agencies, "load", "--without-officials").output


def test_generating(run):
    result = run(population, "generate", "--residents", "60", "--seed", "4")
    assert result.exit_code == 0, result.output
    assert "60 residents in" in result.output
    assert Person.objects.count() == 60
    refused = run(population, "generate", "--residents", "70")
    assert refused.exit_code == 1
    assert "There are 60 residents already. Use --replace" in refused.output
    assert run(population, "generate", "--residents", "70", "--replace").exit_code == 0
    assert Person.objects.count() == 70


@pytest.mark.parametrize("arguments", [("--residents", "5"), ("--residents", "x"), ("--seed", "-1")])
def test_bad_numbers(run, arguments):
    assert run(population, "generate", *arguments).exit_code == 2


def test_errors_carry_their_language():
    with translation.override("id"):
        assert str(NoSuchAgency("x")) == "Tidak ada instansi dengan kode x."
