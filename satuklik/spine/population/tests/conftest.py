"""The people of the tests: the demonstration's residents and officials."""

from datetime import UTC, datetime

import pytest

from satuklik.base.agencies import actions as agency_actions
from satuklik.base.agencies import queries as agencies
from satuklik.base.regions import actions as region_actions
from satuklik.base.regions import queries as regions
from satuklik.spine.population import actions, queries


@pytest.fixture
def now():
    return datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def people(db):
    region_actions.load()
    agency_actions.load()
    actions.load_personas()
    yield
    regions.forget()


@pytest.fixture
def sari(people):
    return queries.demo_resident("sari")


@pytest.fixture
def operator(people):
    return agencies.demo_official("operator_desa")


@pytest.fixture
def kepala_desa(people):
    return agencies.demo_official("kepala_desa")
