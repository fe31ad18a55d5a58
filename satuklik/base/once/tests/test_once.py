"""A form's word gives one key; whoever brings the word again waits, and finds what was made."""

import threading
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction
from django.test import RequestFactory

from satuklik.base.once import actions

PURPOSE = "a test"


def test_a_word_gives_one_key_for_each_purpose() -> None:
    word, other = actions.new_word(), actions.new_word()
    keys = {
        actions.spoken_key(one, purpose=purpose)
        for one in (word, word, other)
        for purpose in (PURPOSE, "another")
    }
    assert len(keys) == 4
    assert len(actions.link_key(word, purpose=PURPOSE, size=16)) == 22
    assert actions.link_key("", purpose=PURPOSE, size=16) != actions.link_key("", purpose=PURPOSE, size=16)


def test_a_form_keeps_its_word_and_one_that_is_too_short_is_not_ours() -> None:
    post = RequestFactory().post
    word = actions.new_word()
    assert actions.word_of(post("/", {"nonce": word})) == word
    for given in ({}, {"nonce": "x"}, {"nonce": ""}):
        assert len(actions.word_of(post("/", given))) == len(word)
    assert len(actions.word_of(post("/", {"nonce": "x" * 1_000_000}))) == actions.LONGEST


def test_a_word_is_bound_to_what_the_form_says() -> None:
    word, same = actions.new_word(), [{"b": b"x", "a": "Jalan"}, ("x", None)]
    assert actions.bound(word, *same) == actions.bound(word, {"a": "Jalan", "b": b"x"}, ["x", None])
    assert len({actions.bound(word, one) for one in ("Jalan", "Jalan 2", b"Jalan", None)}) == 4
    assert actions.bound("", "Jalan") == ""


@pytest.mark.django_db(transaction=True)
def test_a_word_is_held_by_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        actions.earlier("w" * 20, purpose=PURPOSE, find=lambda: None)


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first_and_finds_what_it_made() -> None:
    people = get_user_model().objects
    held, results = threading.Event(), []

    def second() -> None:
        held.wait()
        try:
            with transaction.atomic():
                results.append(
                    actions.earlier("w" * 20, purpose=PURPOSE, find=people.filter(username="one").first)
                )
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        assert actions.earlier("w" * 20, purpose=PURPOSE, find=people.filter(username="one").first) is None
        held.set()
        _until_somebody_waits()
        made: Any = people.create(username="one", name="One")
    thread.join()
    assert results == [made]


def _until_somebody_waits() -> None:
    for _turn in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("Nobody waits for the word.")
