"""Keys on tokens: SoftHSM2 as PKCS#11 module, RSA and EC, and what peers say of its signatures."""

import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pkcs11 import exceptions as refusals

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions, queries, rules
from satuklik.spine.signing.backends import tokens
from satuklik.spine.signing.backends.registry import backend
from satuklik.spine.signing.errors import (
    BackendFailed,
    KeyClosed,
    KeyLocked,
    TokenShared,
    VaultFailed,
    WrongPassphrase,
)
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import KeyUse, SigningKey
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE
from satuklik.spine.signing.tests.test_peers import ALGORITHMS, cms_of, run

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
SEAL_PIN = "pin-token-segel-4711"
WRONG = "bukan-pin-nya"
pytestmark = pytest.mark.skipif(not Path(MODULE).exists(), reason="SoftHSM2 is not installed (apt: softhsm2)")


def make_token(label: str, pin: str) -> None:
    """A new SoftHSM2 token."""
    run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "so-" + pin)


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty SoftHSM2 of this test process. The module reads its configuration once a process."""
    place = tmp_path_factory.mktemp("softhsm")
    (place / "tokens").mkdir()
    config = place / "softhsm2.conf"
    config.write_text(
        f"directories.tokendir = {place / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(config)
    yield
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def token(
    softhsm: None,
    settings: object,
    authority: None,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """A token whose PIN is PASSPHRASE; pkcs11 signs everything. Its label is the test's own, and it is made while the
    module is loaded already: it is found all the same."""
    monkeypatch.setattr(tokens, "RESCAN_SECONDS", 0.0)
    settings.SATUKLIK_PKCS11_MODULE = MODULE  # type: ignore[attr-defined]
    settings.SATUKLIK_SIGNING_BACKEND = "pkcs11"  # type: ignore[attr-defined]
    label = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    make_token(label, PASSPHRASE)
    yield label
    SEALS._seals.clear()
    login = tokens.LOGINS.at(label)
    while login.users:
        login.leave()


@pytest.fixture(params=ALGORITHMS)
def algorithm(request: pytest.FixtureRequest) -> Algorithm:
    """RSA and EC."""
    chosen: Algorithm = request.param
    return chosen


def test_peers_accept_an_officials_token(
    token: str, algorithm: Algorithm, pak_lurah: Official, pdf: bytes, trust: Path, tmp_path: Path
) -> None:
    stored = actions.issue_official_key(
        pak_lurah, PASSPHRASE, NOW, algorithm=algorithm, backend="pkcs11", token=token
    )
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        assert not key.remote
        signed = actions.sign(pdf, key=key, now=NOW, purpose="surat-domisili", reference="SK-1")
    assert (signed.backend, signed.certified, signed.serial) == ("pkcs11", False, stored.serial)
    file = tmp_path / "surat.pdf"
    file.write_bytes(signed.pdf)
    assert "Signature is Valid." in run("pdfsig", "-nocert", file)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)
    cms, content = cms_of(signed.pdf)
    (tmp_path / "cms.der").write_bytes(cms)
    (tmp_path / "content").write_bytes(content)
    run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "cms.der",
        "-content", tmp_path / "content", "-CAfile", trust, "-purpose", "any", "-out", tmp_path / "out",
        "-attime", str(int(NOW.timestamp())),
    )  # fmt: skip
    assert queries.verify(signed.pdf, at=NOW).verdict == "valid"
    use = KeyUse.objects.get(key=stored)
    assert (use.purpose, use.reference, use.outcome) == ("surat-domisili", "SK-1", "done")
    assert queries.official_status(pak_lurah, NOW).state == "ready"


def test_the_private_key_never_leaves_the_token(
    token: str, pak_lurah: Official, algorithm: Algorithm
) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm=algorithm, backend="pkcs11", token=token)
    login = tokens.LOGINS.at(token)
    login.enter(PASSPHRASE)
    from pkcs11 import Attribute, ObjectClass

    def secret_parts(session: object) -> list[bytes]:
        (key,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})  # type: ignore[attr-defined]
        assert (key[Attribute.SENSITIVE], key[Attribute.EXTRACTABLE]) == (True, False)
        with pytest.raises(refusals.AttributeSensitive):
            _ = key[Attribute.PRIVATE_EXPONENT if algorithm == "RSA-2048" else Attribute.VALUE]
        return []

    login.use(secret_parts)
    login.leave()


def test_a_seal_takes_its_pin_from_the_vault(
    token: str, kelurahan: Agency, pdf: bytes, settings: object, softhsm: None, algorithm: Algorithm
) -> None:
    label = f"s{token}"
    make_token(label, SEAL_PIN)
    stored = actions.issue_seal_key(
        kelurahan, NOW, algorithm=algorithm, backend="pkcs11", token=label, pin=SEAL_PIN
    )
    assert SEAL_PIN.encode() not in bytes(stored.wrapped_key)
    signed = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW, purpose="surat-domisili")
    assert (signed.backend, signed.kind) == ("pkcs11", "seal")
    assert queries.verify(signed.pdf, at=NOW).verdict == "valid"
    assert [p for p in backend("pkcs11").check_config() if p.severity == "error"] == []
    SEALS.forget(kelurahan.pk)
    settings.SATUKLIK_VAULT_KEY = "another"  # type: ignore[attr-defined]
    with pytest.raises(VaultFailed):
        actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    assert any("cannot be used" in p.what for p in backend("pkcs11").check_config())


def test_wrong_pins_are_counted_before_the_token_locks_itself(token: str, pak_lurah: Official) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256")
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPassphrase) as wrong:
            actions.unlock(pak_lurah, WRONG, NOW)
        assert wrong.value.left == left
    with pytest.raises(KeyLocked) as locked:
        actions.unlock(pak_lurah, WRONG, NOW)
    assert (locked.value.until, locked.value.by_token) == (NOW + rules.LOCK, False)
    with pytest.raises(KeyLocked):
        actions.unlock(pak_lurah, PASSPHRASE, NOW + timedelta(minutes=1))
    actions.unlock(pak_lurah, PASSPHRASE, NOW + rules.LOCK).close()
    assert SigningKey.objects.get(official=pak_lurah).failures == 0


def test_a_second_login_needs_the_pin_too(token: str, pak_lurah: Official, pdf: bytes) -> None:
    """A token knows one login a process: whoever comes second must not ride on the first one's."""
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256")
    first = actions.unlock(pak_lurah, PASSPHRASE, NOW)
    with pytest.raises(WrongPassphrase):
        actions.unlock(pak_lurah, WRONG, NOW)
    second = actions.unlock(pak_lurah, PASSPHRASE, NOW)
    first.close()
    assert actions.sign(pdf, key=second, now=NOW).backend == "pkcs11"
    with pytest.raises(KeyClosed):
        actions.sign(pdf, key=first, now=NOW)
    second.close()
    assert (tokens.LOGINS.at(token).session, tokens.LOGINS.at(token).pin) == (None, "")
    with pytest.raises(WrongPassphrase):
        actions.unlock(pak_lurah, WRONG, NOW)


def test_a_lost_session_is_opened_again(token: str, pak_lurah: Official, pdf: bytes) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256")
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        actions.sign(pdf, key=key, now=NOW)
        lost = tokens.LOGINS.at(token).session
        lost.close()
        signed = actions.sign(pdf, key=key, now=NOW)
        assert tokens.LOGINS.at(token).session is not lost
    assert queries.verify(signed.pdf, at=NOW).verdict == "valid"


def test_threads_share_one_session(token: str, pak_lurah: Official) -> None:
    stored = actions.issue_official_key(
        pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256"
    )
    found: list[bytes] = []
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        raw = key.signer._key  # type: ignore[union-attr]

        def many() -> None:
            for number in range(20):
                found.append(raw.sign(b"%d" % number))
            connection.close()

        threads = [threading.Thread(target=many) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 80
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    public = x509.load_der_x509_certificate(bytes(stored.certificate)).public_key()
    for signature in found[:20]:
        assert any(
            _verifies(public, signature, b"%d" % number, ec.ECDSA(hashes.SHA256())) for number in range(20)
        )


def _verifies(public: object, signature: bytes, data: bytes, how: object) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        public.verify(signature, data, how)  # type: ignore[attr-defined]
    except InvalidSignature:
        return False
    return True


def test_a_token_belongs_to_one_official(token: str, pak_lurah: Official, kelurahan: Agency) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256")
    with pytest.raises(TokenShared):
        actions.issue_seal_key(
            kelurahan, NOW, backend="pkcs11", token=token, pin=PASSPHRASE, algorithm="P-256"
        )
    with pytest.raises(WrongPassphrase):
        actions.issue_official_key(pak_lurah, WRONG, NOW, backend="pkcs11", token=token, algorithm="P-256")


def test_a_token_that_is_not_there_is_told_and_costs_no_attempt(token: str, pak_lurah: Official) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256")
    run("softhsm2-util", "--delete-token", "--token", token)
    with pytest.raises(BackendFailed, match="is not there"):
        actions.unlock(pak_lurah, PASSPHRASE, NOW)
    assert SigningKey.objects.get(official=pak_lurah).failures == 0
    assert any("cannot be used" in problem.what for problem in backend("pkcs11").check_config())


@pytest.mark.parametrize("module", ["", "/tidak/ada.so"])
def test_the_check_says_what_to_do_without_a_module(db: None, settings: object, module: str) -> None:
    settings.SATUKLIK_PKCS11_MODULE = module  # type: ignore[attr-defined]
    (problem,) = backend("pkcs11").check_config()
    assert problem.severity == "error"
    assert "SATUKLIK_PKCS11_MODULE" in problem.todo


@pytest.mark.parametrize(
    ("failures", "spared"), [(1, False), (2, True), (4, True)]
)  # the first try after a pause is the official's own risk
def test_the_last_try_of_a_token_is_spared(failures: int, spared: bool) -> None:
    assert rules.spares_last_try(failures) is spared


def test_no_pin_shows(token: str, pak_lurah: Official) -> None:
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, backend="pkcs11", token=token, algorithm="P-256")
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        assert PASSPHRASE not in repr(key) + repr(key.signer.__dict__) + repr(tokens.LOGINS.at(token))


def test_a_forked_process_opens_its_own(token: str, pak_lurah: Official) -> None:
    """As a prefork server does: what the parent opened is not used by the child."""
    login = tokens.LOGINS.at(token)
    code = (
        "import os, sys\n"
        "from django.conf import settings\n"
        f"settings.configure(SATUKLIK_PKCS11_MODULE={MODULE!r})\n"
        "from satuklik.spine.signing.backends.tokens import LIBRARY, LOGINS\n"
        f"before = LOGINS.at({token!r}); before.enter({PASSPHRASE!r})\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        f"    mine = LOGINS.at({token!r})\n"
        f"    assert mine is not before; mine.enter({PASSPHRASE!r}); mine.leave(); os._exit(7)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd(), timeout=60
    )
    assert done.returncode == 7, done.stderr
    assert login.users == 0
