"""Who may sign is judged at the moment of signing: a mandate that ended a minute ago signs nothing."""

from datetime import timedelta
from typing import Any

import pytest

from satuklik.base.agencies import queries as agencies
from satuklik.base.agencies.models import Mandate, Official
from satuklik.spine.cases.actions import sign_many, submit
from satuklik.spine.cases.actions.submitting import Applicant
from satuklik.spine.cases.errors import CaseNotFound, NotEntitled
from satuklik.spine.signing.actions import issue_official_key, revoke, suspend
from satuklik.spine.signing.errors import NoKey
from satuklik.spine.signing.models import SigningKey
from tests.people import NOW, PASSPHRASE

ANSWERS = {
    "business_name": "Warung Sari", "business_kind": "kuliner", "business_place": "Jl. Cokroaminoto No. 12",
    "since": "2024-01-15", "purpose": "kur",
}  # fmt: skip
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(sari: Any, pak_lurah: Any, services: None) -> Any:
    """A case that waits for a signature."""
    by = Applicant(sari.user.pk, 2, "portal")
    return submit(
        "surat-keterangan-usaha", person_id=sari.pk, answers=ANSWERS, uploads={}, by=by, key="k", language="id", now=NOW
    ).case  # fmt: skip


def test_a_mandate_that_ended_a_minute_ago_signs_nothing(waiting: Any, bu_camat: Any, pak_lurah: Any) -> None:
    issue_official_key(bu_camat, "sandi bu camat", NOW, algorithm="P-256")
    Mandate.objects.create(
        official=bu_camat, agency=pak_lurah.agency, kind="Plh", decree="SPT 800/12/2026",
        valid_from=NOW - timedelta(days=3), valid_until=NOW - A_MINUTE,
    )  # fmt: skip
    assert agencies.head_of(pak_lurah.agency, NOW).official == pak_lurah
    (result,) = sign_many([waiting.reference], official=bu_camat, passphrase="sandi bu camat", now=NOW)
    assert result.document is None
    assert isinstance(result.error, CaseNotFound | NotEntitled)
    # A minute before its end the same official signs, as what the mandate says.
    before = NOW - 2 * A_MINUTE
    assert agencies.head_of(pak_lurah.agency, before).acting_as == "Plh"
    (result,) = sign_many([waiting.reference], official=bu_camat, passphrase="sandi bu camat", now=before)
    assert result.document is not None
    assert result.document.signature["position"].startswith("Plh. ")


def test_a_head_who_left_office_yesterday_signs_nothing(waiting: Any, pak_lurah: Any) -> None:
    Official.objects.filter(pk=pak_lurah.pk).update(active_until=NOW.date() - timedelta(days=1))
    pak_lurah.refresh_from_db()
    with pytest.raises(agencies.NoHead):
        agencies.head_of(pak_lurah.agency, NOW)
    (result,) = sign_many([waiting.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
    assert (result.document, type(result.error)) == (None, NotEntitled)


@pytest.mark.parametrize("out", ["suspend", "revoke"])
def test_a_key_out_of_force_signs_nothing(waiting: Any, pak_lurah: Any, out: str) -> None:
    from cryptography.x509 import ReasonFlags

    serial = SigningKey.objects.get(official=pak_lurah).serial
    if out == "suspend":
        suspend(serial, now=NOW)
    else:
        revoke(serial, ReasonFlags.affiliation_changed, now=NOW)
    with pytest.raises(NoKey):
        sign_many([waiting.reference], official=pak_lurah, passphrase=PASSPHRASE, now=NOW)
