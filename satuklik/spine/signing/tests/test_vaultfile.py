"""The vault in a file: it opens elsewhere, letters stay valid, sealing goes on; and where it does not belong."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from django.db import connection
from django.utils import timezone

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions, commands, queries, vault
from satuklik.spine.signing.actions.services import SERVICES
from satuklik.spine.signing.errors import BadVaultFile, OtherKeys, OwnersMissing
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import Authority, BackendChoice, KeyUse, SealPermission, SigningKey
from satuklik.spine.signing.tests.conftest import PASSPHRASE

FILE_PASSPHRASE = "kereta api jalan di rel"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1


@pytest.fixture
def house(db: None, kelurahan: Agency, pak_lurah: Official, pdf: bytes) -> dict[str, Any]:
    """An installation with letters: one sealed, one signed, one whose key was revoked since."""
    actions.set_up_demo_authority(now=NOW)
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    lost = actions.issue_official_key(pak_lurah, "lama", NOW, algorithm="P-256")
    actions.revoke(lost.serial, x509.ReasonFlags.key_compromise, now=NOW)
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm="P-256")
    SealPermission.objects.create(agency=kelurahan, service="*", daily_quota=500, decree="SK 1/2026")
    BackendChoice.objects.create(agency=None, service="", kind="seal", backend="local")
    SigningKey.objects.create(
        kind="official", official=pak_lurah, backend="bsre", serial="bsre:7", certificate=b"",
        wrapped_key=vault.wrap_by_secret(b'{"email": "lurah"}', "bsre:7"), not_before=NOW - timedelta(days=9),
        not_after=NOW - timedelta(days=8),
    )  # fmt: skip
    sealed = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        signed = actions.sign(pdf, key=key, now=NOW)
    return {"letters": [sealed.pdf, signed.pdf], "lost": lost.serial}


def move_out(settings: Any) -> tuple[Agency, Official]:
    """Another machine: another secret, other numbers of rows, the same offices and people."""
    settings.SATUKLIK_VAULT_KEY = "rahasia mesin yang lain"
    KeyUse.objects.all().delete()
    for model in (SealPermission, BackendChoice, SigningKey):
        model.objects.all().delete()
    Authority.objects.filter(parent__isnull=False).delete()
    Authority.objects.all().delete()
    Official.objects.all().delete()
    Agency.objects.all().delete()
    SEALS.__init__()  # type: ignore[misc]
    SERVICES.forget()
    office = Agency.objects.create(
        code="kel-12.09.20.1001", kind="kelurahan", name="Kelurahan Kisaran Naga", short_name="Kisaran Naga",
        head_title="Lurah Kisaran Naga", number_code="KKN", address="Jalan Contoh 1",
    )  # fmt: skip
    head = Official.objects.create(
        agency=office, role="head", name="Budi Contoh, S.Sos.", position="Lurah Kisaran Naga",
        active_from=date(2024, 1, 1),
    )  # fmt: skip
    return office, head


def test_elsewhere_letters_verify_and_sealing_goes_on(
    house: dict[str, Any], pdf: bytes, settings: Any
) -> None:
    content = actions.save_vault(FILE_PASSPHRASE, now=NOW)
    number = Authority.objects.get(name="issuing").crl_number
    office, head = move_out(settings)
    found = actions.load_vault(content, FILE_PASSPHRASE, now=NOW)
    assert found.added == {"authorities": 2, "keys": 6, "permissions": 2, "choices": 1}
    for letter in house["letters"]:
        assert queries.verify(letter).verdict == "valid"
    assert queries.verify(actions.seal(pdf, agency_id=office.pk, now=NOW).pdf).verdict == "valid"
    with actions.unlock(head, PASSPHRASE, NOW) as key:
        assert queries.verify(actions.sign(pdf, key=key, now=NOW).pdf).verdict == "valid"
    assert queries.key_status(house["lost"], NOW) == "revoked"
    published = x509.load_der_x509_crl(queries.crl("issuing") or b"")
    assert published.get_revoked_certificate_by_serial_number(int(house["lost"], 16)) is not None
    assert published.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number > number + 900
    remote = SigningKey.objects.get(serial="bsre:7")
    assert bytes(vault.plain_by_secret(bytes(remote.wrapped_key), "bsre:7")) == b'{"email": "lurah"}'
    permission = SealPermission.objects.get(agency=office)
    assert (permission.agency, permission.daily_quota, permission.decree) == (office, 500, "SK 1/2026")
    again = actions.load_vault(content, FILE_PASSPHRASE, now=NOW)
    assert set(again.added.values()) == {0}


def test_what_was_lost_is_filled_in_and_the_rest_stays(house: dict[str, Any], kelurahan: Agency) -> None:
    content = actions.save_vault(FILE_PASSPHRASE, now=NOW)
    KeyUse.objects.all().delete()
    SigningKey.objects.filter(kind="seal").delete()
    SealPermission.objects.filter(agency=kelurahan).update(daily_quota=7)
    newer = actions.issue_seal_key(kelurahan, NOW + timedelta(hours=1), algorithm="P-256")
    found = actions.load_vault(content, FILE_PASSPHRASE, now=NOW)
    assert found.added == {"authorities": 0, "keys": 1, "permissions": 0, "choices": 0}
    assert SealPermission.objects.get(agency=kelurahan).daily_quota == 7
    assert SigningKey.objects.filter(serial=newer.serial).exists()


def test_over_other_keys_nothing_is_restored(house: dict[str, Any], settings: Any) -> None:
    content = actions.save_vault(FILE_PASSPHRASE, now=NOW)
    move_out(settings)
    actions.set_up_demo_authority(now=NOW)
    with pytest.raises(OtherKeys, match="installation without authority"):
        actions.load_vault(content, FILE_PASSPHRASE, now=NOW)
    assert Authority.objects.count() == 2
    assert not SigningKey.objects.filter(kind__in=["seal", "official"]).exists()


def test_without_its_offices_nothing_is_restored(house: dict[str, Any], settings: Any) -> None:
    content = actions.save_vault(FILE_PASSPHRASE, now=NOW)
    office, head = move_out(settings)
    head.delete()
    office.delete()
    with pytest.raises(OwnersMissing, match=r"kel-12.09.20.1001"):
        actions.load_vault(content, FILE_PASSPHRASE, now=NOW)
    assert not Authority.objects.exists()


def test_a_changed_file_and_a_wrong_passphrase(house: dict[str, Any]) -> None:
    content = actions.save_vault(FILE_PASSPHRASE, now=NOW)
    said = json.loads(content)
    bad = [
        b"", b"{}", b"not json", content[: len(content) // 2],
        json.dumps(said | {"manifest": said["manifest"] | {"regency": "12.10"}}).encode(),
        json.dumps(said | {"manifest": said["manifest"] | {"format": "satuklik.vault/9"}}).encode(),
        json.dumps(said | {"sealed": "AAAA"}).encode(),
        json.dumps(said | {"sealed": said["sealed"][:-8] + "AAAAAAA="}).encode(),
    ]  # fmt: skip
    for broken in bad:
        with pytest.raises(BadVaultFile):
            actions.load_vault(broken, FILE_PASSPHRASE, now=NOW)
    with pytest.raises(BadVaultFile, match="passphrase is another"):
        actions.load_vault(content, "yang lain sama sekali", now=NOW)


def test_no_private_key_is_in_the_file_in_the_clear(house: dict[str, Any]) -> None:
    from satuklik.spine.signing import keygen

    content = actions.save_vault(FILE_PASSPHRASE, now=NOW)
    row = Authority.objects.get(name="issuing")
    key = vault.unwrap_by_secret(bytes(row.wrapped_key), "authority:issuing")
    secret = keygen.private_der(key)[100:160]
    import base64

    assert secret not in base64.b64decode(json.loads(content)["sealed"])
    assert FILE_PASSPHRASE.encode() not in content


@pytest.mark.django_db
def test_on_the_command_line(house: dict[str, Any], tmp_path: Path, settings: Any) -> None:
    file, secret = tmp_path / "brankas.json", tmp_path / "sandi"
    secret.write_text(f"{FILE_PASSPHRASE}\n")

    def ca(*arguments: object, typed: str = "") -> Any:
        return CliRunner().invoke(commands.ca, [str(one) for one in arguments], input=typed)

    short = ca("backup", "--to", file, typed="pendek\npendek\n")
    assert "at least 12" in short.output
    done = ca("backup", "--to", file, "--passphrase-file", secret)
    assert done.exit_code == 0, done.output
    assert "2 authorities, 6 keys" in done.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert "never overwritten" in ca("backup", "--to", file, "--passphrase-file", secret).output
    checked = ca("restore", file, "--check", typed=f"{FILE_PASSPHRASE}\n")
    assert "Every key is its certificate's" in checked.output
    assert "passphrase is another" in ca("restore", file, "--check", typed="salah\n").output
    move_out(settings)
    actions.set_up_demo_authority(now=NOW)
    refused = ca("restore", file, "--passphrase-file", secret)
    assert refused.exit_code == 1
    assert "authorities of its own" in refused.output
    SigningKey.objects.all().delete()
    SealPermission.objects.all().delete()
    Authority.objects.filter(parent__isnull=False).delete()
    Authority.objects.all().delete()
    restored = ca("restore", file, "--passphrase-file", secret)
    assert restored.exit_code == 0, restored.output
    assert "2 authorities, 6 keys" in restored.output
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_event where data::text like %s", [f"%{FILE_PASSPHRASE}%"])
        assert cursor.fetchone() == (0,)
