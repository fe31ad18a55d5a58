"""The demo's signers: the regency's funnel, with certificates that are real."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from django.utils import timezone

from tests.people import NOW


@pytest.fixture
def loaded(authority: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's officials with an authority that is 90 days old."""
    from satuklik.run import demo_enrolment

    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=90))
    demo_enrolment.load(NOW, lambda _done, _total: None)


def test_the_regencys_own_figures(loaded: None) -> None:
    from satuklik.base.audit.queries import verify
    from satuklik.spine.signing.models import Authority, SigningKey
    from satuklik.systems.enrolment import rules
    from satuklik.systems.enrolment.models import Enrolment

    rows = list(Enrolment.objects.all())
    bars = rules.funnel((row.stage, 0) for row in rows)
    assert [bar.reached for bar in bars] == [102, 87, 78, 71, 67]
    stages: Any = Counter(row.stage for row in rows)
    assert stages == {"registered": 15, "documents": 9, "verified": 7, "issued": 4, "active": 67}
    assert Counter(rules.group_of(row.echelon) for row in rows)["II"] > 15
    issuer = x509.load_der_x509_certificate(bytes(Authority.objects.get(name="issuing").certificate))
    keys = SigningKey.objects.filter(kind="official", official__isnull=False)
    assert keys.count() == 71
    for key in keys:
        x509.load_der_x509_certificate(bytes(key.certificate)).verify_directly_issued_by(issuer)
    assert all(NOW <= row.since <= NOW + timedelta(days=90) for row in rows)
    assert verify().holds
