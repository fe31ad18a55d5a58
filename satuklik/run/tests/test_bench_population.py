"""The benchmark of the population, with few people: it measures, and leaves no database behind."""

import psycopg
import pytest

from satuklik.run.bench import population
from satuklik.run.places import database_url


@pytest.mark.slow
def test_it_measures_and_cleans_up():
    told = []
    measures = population.measure(told.append, residents=3_000)
    assert [measure["id"] for measure in measures] == [
        "population_load", "population_by_nik", "population_by_name",
    ]  # fmt: skip
    for measure in measures:
        assert set(measure) == {"id", "issue", "value", "unit", "target", "holds"}
        assert measure["value"] > 0
    assert told[0] == "schema"
    with psycopg.connect(database_url(), dbname="postgres") as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [population.DATABASE])
        assert found.fetchone() is None
