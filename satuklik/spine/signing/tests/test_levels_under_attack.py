"""Attacks on letters of every level, from B-B to B-LTA: never green."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest

from satuklik.base.agencies.models import Agency
from satuklik.spine.signing import actions, queries
from satuklik.spine.signing.actions import Gathering, augment
from satuklik.spine.signing.tests import attacks
from satuklik.spine.signing.tests.conftest import NOW
from satuklik.spine.signing.verification import der
from satuklik.spine.signing.verification.inspect import inspect
from satuklik.spine.signing.verification.report import Trust

GREEN = {"valid", "valid_with_additions"}
NIGHT = NOW + timedelta(hours=14)


@pytest.fixture(params=["B-B", "B-T", "B-LT", "B-LTA"])
def letter(
    request: pytest.FixtureRequest, pdf: bytes, authority: None, kelurahan: Agency, settings: Any
) -> bytes:
    """A sealed letter of this level."""
    level = request.param
    settings.SATUKLIK_SIGNATURE_LEVEL = "B-T" if level == "B-LTA" else level
    actions.issue_seal_key(kelurahan, NOW)
    made = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    if level != "B-LTA":
        assert made.level == level
        return made.pdf
    later = augment(made.pdf, Gathering(NIGHT), now=NIGHT)
    assert later.level == level
    return later.pdf


@pytest.fixture
def ours(letter: bytes) -> Trust:
    """What the verification page trusts."""
    return queries.trust()


def check(pdf: bytes, ours: Trust) -> queries.Report:
    """On the night of the augmentation."""
    return inspect(pdf, ours, NIGHT)


def test_it_is_green_as_it_is(letter: bytes, ours: Trust) -> None:
    assert check(letter, ours).verdict == "valid"


def test_no_flipped_bit_is_green(letter: bytes, ours: Trust) -> None:
    """Everywhere: the letter, the updates, the signatures with their certificates and stamps, the padding, the tables."""
    chance = random.Random(2026)
    gaps = [found.span(1) for found in re.finditer(rb"/Contents ?(<[0-9a-f]{400,}>)", letter)]
    assert gaps
    places = {*range(12), *chance.sample(range(len(letter)), 40), *range(len(letter) - 20, len(letter))}
    for start, end in gaps:
        places |= {
            *range(start, start + 40),
            *chance.sample(range(start, end), 80 // len(gaps)),
            *range(end - 12, end),
        }
        # What the heads of the CMS say of lengths, and where its padding begins.
        padding = start + 1 + 2 * der.length_of(bytes.fromhex(letter[start + 1 : end - 1].decode()))
        places |= {*range(padding - 6, min(padding + 6, end))}
    for place in sorted(places):
        bits = (
            (0x01, 0x20) if any(start <= place < end for start, end in gaps) else (1 << chance.randrange(8),)
        )
        for bit in bits:
            flipped = bytearray(letter)
            flipped[place] ^= bit
            report = check(bytes(flipped), ours)
            assert report.verdict not in GREEN, (place, bit, letter[place - 30 : place + 5], report)


@pytest.mark.parametrize("change", attacks.REVISIONS, ids=lambda change: change.__name__)
def test_later_changes_are_never_green(change: attacks.Change, letter: bytes, ours: Trust) -> None:
    assert check(attacks.saved_with(letter, change), ours).verdict not in GREEN


def test_odd_bytes_are_never_green(letter: bytes, ours: Trust) -> None:
    made = (
        *attacks.odd_ranges(letter),
        *attacks.stray_tails(letter),
        *attacks.wrapped(letter),
        *attacks.forged_contents(letter),
    )
    for what, pdf in made:
        assert check(pdf, ours).verdict not in GREEN, what


def test_a_length_that_reaches_into_the_padding(letter: bytes, ours: Trust) -> None:
    """Found by flipping bits: zeros behind the CMS were taken for its last fields."""
    first = attacks._range(letter)[0] + 1
    longer = int(letter[first + 4 : first + 8], 16) + 16
    changed = letter[: first + 4] + b"%04x" % longer + letter[first + 8 :]
    assert check(changed, ours).verdict not in GREEN


def test_the_heads_inside_the_last_cms_cannot_be_changed(letter: bytes, ours: Trust) -> None:
    """Found by flipping every bit of it: another tag hid the timestamp, another length a certificate of its bag."""
    start, end = [found.span(1) for found in re.finditer(rb"/Contents ?(<[0-9a-f]{400,}>)", letter)][-1]
    content = bytes.fromhex(letter[start + 1 : end - 1].decode())
    heads = [
        found.start()
        for found in re.finditer(
            rb"[\x30\x31\xa0\xa1]\x82|\xa0\x03\x02\x01|\x02\x14|\x30\x0d\x06\x09", content
        )
    ]
    assert len(heads) > 10
    for head in heads:
        for place in range(head, head + 3):
            changed = bytearray(content)
            changed[place] ^= 1
            pdf = letter[: start + 1] + changed.hex().encode() + letter[end - 1 :]
            assert check(pdf, ours).verdict not in GREEN, (place, content[place - 5 : place + 5])
