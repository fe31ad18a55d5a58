"""Uses of keys, permissions and quotas of seals, and which backend is chosen."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from django.db import connection, transaction

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions, queries, rules
from satuklik.spine.signing.backends.registry import CHOICES, backend
from satuklik.spine.signing.commands import ca
from satuklik.spine.signing.errors import CannotSign, MayNotSeal, NoKey, OtherBackend, UnknownBackend
from satuklik.spine.signing.models import KeyUse, SealDay, SealPermission, SigningKey
from satuklik.spine.signing.rules import Choice
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE

DOMISILI, USAHA = "surat-domisili", "surat-usaha"
EVERYWHERE = Choice(None, "", "seal", "bsre")
HERE = Choice(7, "", "seal", "pkcs11")
THIS = Choice(None, DOMISILI, "seal", "local")
THIS_HERE = Choice(7, DOMISILI, "seal", "bsre")


@pytest.mark.parametrize(
    ("choices", "chosen"),
    [
        ([], "default"),
        ([EVERYWHERE], "bsre"),
        ([EVERYWHERE, HERE], "pkcs11"),
        ([THIS, HERE, EVERYWHERE], "local"),
        ([THIS_HERE, THIS, HERE], "bsre"),
        ([Choice(8, "", "seal", "bsre")], "default"),
        ([Choice(None, USAHA, "seal", "bsre")], "default"),
        ([Choice(7, DOMISILI, "official", "bsre")], "default"),
    ],
)
def test_the_most_exact_choice_wins(choices: list[Choice], chosen: str) -> None:
    for order in (choices, choices[::-1]):
        assert rules.chosen_backend(order, 7, DOMISILI, "seal", "default") == chosen


@pytest.fixture(autouse=True)
def fresh_choices() -> Iterator[None]:
    """What one test chooses is not remembered by the next."""
    CHOICES.forget()
    yield
    CHOICES.forget()


@pytest.fixture
def office(authority: None, kelurahan: Agency) -> Agency:
    """The kelurahan with its seal, and no permission for it."""
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    SealPermission.objects.all().delete()
    return kelurahan


def seal(office: Agency, pdf: bytes, service: str = DOMISILI, **more: Any) -> actions.SignedPdf:
    return actions.seal(pdf, agency_id=office.pk, now=more.pop("now", NOW), purpose=service, **more)


def test_without_a_row_a_seal_closes_nothing(office: Agency, pdf: bytes) -> None:
    with pytest.raises(MayNotSeal) as refused:
        seal(office, pdf)
    assert (refused.value.service, refused.value.quota) == (DOMISILI, 0)
    assert not KeyUse.objects.exists()


@pytest.mark.parametrize(
    ("rows", "quota"),
    [
        ([("*", None, 3)], 3),
        ([("*", None, 3), (DOMISILI, None, 2)], 2),
        ([(DOMISILI, None, 2), ("*", "office", 5)], 2),
        ([(DOMISILI, None, 2), (DOMISILI, "office", 1)], 1),
        ([("*", None, 3), (USAHA, None, 9)], 3),
        ([("*", None, 3), (DOMISILI, "office", 0)], 0),
    ],
)
def test_the_most_exact_permission_counts(
    office: Agency, pdf: bytes, rows: list[tuple[str, str | None, int]], quota: int
) -> None:
    for service, where, allowed in rows:
        actions.allow_seals(service, allowed, agency_id=office.pk if where else None)
    for number in range(quota):
        seal(office, pdf, reference=f"SK-{number}")
    with pytest.raises(MayNotSeal) as refused:
        seal(office, pdf)
    assert refused.value.quota == quota
    assert KeyUse.objects.filter(key__kind="seal", outcome="done").count() == quota
    if quota:
        # Each service has its own count, each day begins anew.
        assert SealDay.objects.get().used == quota
        seal(office, pdf, now=NOW + timedelta(days=1))


def test_a_seal_takes_one_statement_more(
    office: Agency, pdf: bytes, django_assert_num_queries: Any, settings: Any
) -> None:
    settings.SATUKLIK_SIGNATURE_LEVEL = "B-B"  # a time stamp is a use of another key
    actions.allow_seals("*", 10)
    seal(office, pdf)
    with django_assert_num_queries(1):
        seal(office, pdf)


def test_what_cannot_be_sealed_is_noted_as_failed(office: Agency) -> None:
    actions.allow_seals("*", 10)
    with pytest.raises(CannotSign):
        seal(office, b"bukan PDF")
    assert KeyUse.objects.get().outcome == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_use_is_undone_with_its_letter(kelurahan: Agency, pdf: bytes) -> None:
    actions.set_up_demo_authority(now=NOW, seal_quota=1)
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    with transaction.atomic():
        seal(kelurahan, pdf)
        transaction.set_rollback(True)
    assert (KeyUse.objects.count(), SealDay.objects.count()) == (0, 0)
    seal(kelurahan, pdf)


@pytest.mark.django_db(transaction=True)
def test_seals_side_by_side_never_exceed_the_quota(kelurahan: Agency, pdf: bytes) -> None:
    quota, together = 5, 8
    actions.set_up_demo_authority(now=NOW, seal_quota=quota)
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    start, outcomes = threading.Barrier(together), []

    def work() -> None:
        start.wait()
        try:
            for _ in range(2):
                with transaction.atomic():
                    seal(kelurahan, pdf)
                outcomes.append("sealed")
        except MayNotSeal as refused:
            outcomes.append(f"refused at {refused.quota}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("sealed") == quota
    assert outcomes.count(f"refused at {quota}") == len(outcomes) - quota > 0
    assert (SealDay.objects.get().used, KeyUse.objects.filter(key__kind="seal").count()) == (quota, quota)


def test_an_officials_use_is_noted(authority: None, pak_lurah: Official, pdf: bytes) -> None:
    stored = actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm="P-256")
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        actions.sign(pdf, key=key, now=NOW, purpose="naskah:surat-dinas", reference="N-1")
        (use,) = queries.uses(official_id=pak_lurah.pk)
        assert (use.key, use.purpose, use.reference, use.outcome) == (
            stored,
            "naskah:surat-dinas",
            "N-1",
            "done",
        )
        actions.revoke(stored.serial, x509.ReasonFlags.key_compromise, now=NOW)
        # Opened before, revoked since: it signs nothing more.
        with pytest.raises(NoKey):
            actions.sign(pdf, key=key, now=NOW)
    assert len(queries.uses(agency_id=pak_lurah.agency_id)) == 1
    assert queries.uses(since=NOW + timedelta(seconds=1)) == []


def test_another_backend_for_one_service(authority: None, pak_lurah: Official, pdf: bytes) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm="P-256")
    actions.choose_backend("official", "bsre", agency_id=pak_lurah.agency_id, service=USAHA)
    with actions.unlock(pak_lurah, PASSPHRASE, NOW, service=DOMISILI) as key:
        actions.sign(pdf, key=key, now=NOW, purpose=DOMISILI)
        with pytest.raises(OtherBackend) as other:
            actions.sign(pdf, key=key, now=NOW, purpose=USAHA)
        assert (other.value.wanted, other.value.opened) == ("bsre", "local")
    with pytest.raises(NoKey):
        actions.unlock(pak_lurah, PASSPHRASE, NOW, service=USAHA)
    assert queries.chosen_backend(pak_lurah.agency_id, USAHA, "official").wording == "bsre"
    assert queries.chosen_backend(pak_lurah.agency_id, DOMISILI, "official").certified is False
    actions.choose_backend("official", "", agency_id=pak_lurah.agency_id, service=USAHA)
    assert queries.chosen_backend(pak_lurah.agency_id, USAHA, "official").backend == "local"
    with pytest.raises(UnknownBackend):
        actions.choose_backend("seal", "kertas")


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "ready"),
        ({"locked_until": NOW + timedelta(minutes=1)}, "locked"),
        ({"locked_until": NOW}, "ready"),
        ({"not_after": NOW - timedelta(days=1)}, "expired"),
        ({"not_before": NOW + timedelta(days=1)}, "not_yet"),
        ({"revoked_at": NOW, "revocation_reason": "keyCompromise"}, "revoked"),
        ({"revoked_at": NOW, "revocation_reason": "certificateHold"}, "suspended"),
    ],
)
def test_how_an_official_stands(
    authority: None, pak_lurah: Official, change: dict[str, Any], state: str
) -> None:
    assert queries.official_status(pak_lurah, NOW).state == "none"
    stored = actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm="P-256")
    SigningKey.objects.filter(pk=stored.pk).update(**change)
    assert queries.official_status(pak_lurah, NOW).state == state


def test_the_local_backend_says_what_is_missing(db: None, settings: Any) -> None:
    settings.SATUKLIK_VAULT_KEY = ""
    said = {problem.severity: problem.what for problem in backend("local").check_config()}
    assert "no authority" in said["error"]
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_PASSPHRASE_KIB = "kunci", 65_536
    actions.set_up_demo_authority(now=NOW)
    assert backend("local").check_config() == []
    settings.SATUKLIK_VAULT_KEY = "another"
    (problem,) = backend("local").check_config()
    assert (problem.severity, "does not open" in problem.what) == ("error", True)


def console(*arguments: str, code: int = 0, typed: str = "") -> str:
    done = CliRunner().invoke(ca, arguments, input=typed)
    assert done.exit_code == code, done.output
    return done.output


def test_the_console(office: Agency, pak_lurah: Official, pdf: bytes, settings: Any) -> None:
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_PASSPHRASE_KIB = "", 64
    assert "seals close nothing" in console("seal-permissions")
    said = console(
        "seal-permissions", "--service", DOMISILI, "--agency", office.code, "--quota", "5", "--decree", "SK 1"
    )
    assert f"{office.code}: {DOMISILI} 5 a day SK 1" in said
    seal(office, pdf, reference="SK-1")
    told = console("uses", "--agency", office.code, "--since", "2026-11-01")
    assert f"{office.code} [local] {DOMISILI} SK-1" in told
    assert told.rstrip().endswith("done")
    assert "every service: bsre" in console("backend", "--kind", "seal", "--set", "bsre")
    assert "bsre: 1 to look at" in console("check", code=1)
    assert "otherwise: local" in console("backend", "--kind", "seal", "--clear")
    assert "local: " in console("check")
    assert "no backend 'kertas'" in console("backend", "--kind", "seal", "--set", "kertas", code=2)
    assert "There is no agency" in console("uses", "--agency", "tidak-ada", code=2)
    key = SigningKey.objects.get(kind="seal")
    use = KeyUse.objects.create(key=key, at=NOW, purpose="x", sha256="0" * 64, outcome="unknown")
    assert "counts as failed" in console("give-up", str(use.pk), "--by", "Diskominfo", typed="y\n")
    assert "is failed" in console("give-up", str(use.pk), "--by", "Diskominfo", "--yes", code=1)
    assert "There is no use" in console("give-up", "0", "--by", "x", "--yes", code=1)
    assert "failed: 0" in console("ask")
    console("seal-permissions", "--service", DOMISILI, "--agency", office.code, "--remove")
    assert not SealPermission.objects.exists()
