"""Logged-in residents for the measurement: proven at a counter, each with a running session."""

import secrets

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils import timezone

from satuklik.base.accounts.sessions import SessionStore
from satuklik.base.agencies import queries as agencies
from satuklik.spine.population import actions as population_actions
from satuklik.spine.population import queries as population

# Spread over all villages, as a regency's residents are; unmarried grown-ups may ask for every letter.
CHOOSE = """
    select id from population_person
    where status = 'alive' and birth_date < now() - interval '21 years' and marital = 'belum_kawin'
    and village_id like %s order by md5(id::text || %s) limit %s
"""


def log_in(count: int, *, seed: str, village: str = "%") -> list[str]:
    """Cookie headers of `count` residents, proven and logged in; `village` is a pattern of its code."""
    now = timezone.now()
    counter = agencies.demo_official("operator_desa")
    with connection.cursor() as cursor:
        cursor.execute(CHOOSE, [village, seed, count])
        ids = [row[0] for row in cursor.fetchall()]
    cookies = []
    for pk in ids:
        person = population.person_by_id(pk)
        if person is None:
            continue
        user = population_actions.prove(person, counter, now).user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["kind"] = user.kind
        session.create()
        cookies.append(
            f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={secrets.token_hex(16)}"
        )
    return cookies
