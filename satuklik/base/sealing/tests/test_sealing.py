"""What is sealed opens for its own row and purpose only, and after a change of the vault key still."""

import pytest

from satuklik.base.sealing import actions
from satuklik.base.sealing.errors import SealBroken

WHO = {"purpose": "test", "owner": "row 1"}


def test_opens_again_and_shows_nothing() -> None:
    stored = actions.seal(b"Siti Aminah", **WHO)
    assert b"Siti" not in stored
    assert actions.unseal(stored, **WHO) == b"Siti Aminah"


@pytest.mark.parametrize("other", [{"owner": "row 2"}, {"purpose": "another"}])
def test_opens_for_nobody_else(other: dict[str, str]) -> None:
    stored = actions.seal(b"Siti Aminah", **WHO)
    with pytest.raises(SealBroken):
        actions.unseal(stored, **(WHO | other))


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x02" * 60, b"\x01" * 60])
def test_damaged_bytes_do_not_open(broken: bytes) -> None:
    with pytest.raises(SealBroken):
        actions.unseal(broken, **WHO)


def test_an_old_vault_key_still_opens(settings: object) -> None:
    settings.SATUKLIK_VAULT_KEY = "the first"  # type: ignore[attr-defined]
    stored = actions.seal(b"x", **WHO)
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_OLD_VAULT_KEYS = "the second", ["the first"]  # type: ignore[attr-defined]
    assert actions.unseal(stored, **WHO) == b"x"
    assert not actions.is_current(stored, **WHO)
