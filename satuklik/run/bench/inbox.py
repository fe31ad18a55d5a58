"""The chat inbox with 200,000 conversations: its pages over HTTP, as an officer opens them one after the other."""

import asyncio
import statistics
import time
from collections.abc import Callable

from satuklik.run.bench import site
from satuklik.run.bench.client import Link
from satuklik.run.bench.material import row

ISSUE = 4
CONVERSATIONS = 200_000
WAITING = 400
ROUNDS = 60
MILLISECONDS = 100.0
# Half have been answered and put aside; each has two messages; some are secret; nobody of them is real.
FILL = """
INSERT INTO messaging_conversation (name, phone, phone_verified, email, language, created_at, last_message_at,
    last_inbound_at, waiting_since, closed_at, last_channel, last_direction, preview, assigned_id)
SELECT 'Ukur ' || n, '+62849' || lpad(n::text, 8, '0'), true, '', 'id', at, at, at,
    CASE WHEN n > %(all)s - %(waiting)s THEN at END, CASE WHEN n %% 2 = 0 AND n <= %(all)s - %(waiting)s THEN at END,
    'whatsapp', 'in', 'Pesan ukur nomor ' || n, CASE WHEN n %% 7 = 0 THEN %(officer)s END
FROM (SELECT n, %(now)s::timestamptz - ((%(all)s - n) * interval '40 seconds') AS at
      FROM generate_series(1, %(all)s) AS n) AS rows;
INSERT INTO intake_desk (conversation_id, secret, kind, agency_code, preview, channel, words)
SELECT id, id %% 50 = 0, (ARRAY['information','complaint','press','idea',''])[1 + id %% 5], '',
    preview, 'whatsapp', to_tsvector('simple', name || ' ' || phone)
FROM messaging_conversation WHERE name LIKE 'Ukur %%' ON CONFLICT DO NOTHING;
INSERT INTO messaging_message (conversation_id, direction, channel, account, external_id, kind, subject, text, at,
    stored_at, status, error, reply_to, announced_at, tries, template, variables, by_link)
SELECT c.id, 'in', 'whatsapp', 'ukur', 'ukur-' || c.id || '-' || part, 'text', '',
    (ARRAY['Lampu jalan mati di dusun', 'Mohon data anggaran desa', 'Jalan rusak dekat sekolah', 'Usul taman bermain',
           'Sampah menumpuk di pasar'])[1 + (c.id + part) %% 5] || ' ' || c.id, c.last_message_at, c.last_message_at,
    'received', '', '', c.last_message_at, 0, '', '{}', false
FROM messaging_conversation AS c, generate_series(1, 2) AS part WHERE c.name LIKE 'Ukur %%';
ANALYZE messaging_conversation, messaging_message, intake_desk;
"""


def measure(progress: Callable[..., None]) -> list[dict[str, object]]:
    """Milliseconds from request to answer of the whole page, its rail with it."""
    with site.served() as (port, _):
        progress(f"{CONVERSATIONS} conversations")
        cookies, one = fill()
        progress("pages of the inbox")
        pages = {
            "list": "/meja/pesan/",
            "all": "/meja/pesan/?kotak=semua",
            "closed": "/meja/pesan/?kotak=selesai",
            "deep": f"/meja/pesan/?kotak=semua&sesudah={deep()}",
            "search_words": "/meja/pesan/?q=sampah+menumpuk",
            "search_name": "/meja/pesan/?q=Ukur+123456",
            "conversation": f"/meja/pesan/{one}/",
        }
        taken = asyncio.run(ask(port, cookies, pages))
        progress("its own statements")
        own = statements()
    found = []
    for name, times in taken.items():
        found.append(row(f"inbox.{name}_p95", p95(times), "ms", MILLISECONDS, issue=ISSUE))
    # The pages hold the officials' rail too, for which every system counts: what the inbox itself asks stands apart.
    found += [
        row(f"inbox.{name}_statements_p95", p95(times), "ms", None, issue=ISSUE)
        for name, times in own.items()
    ]
    return found


def p95(times: list[float]) -> float:
    """The time that one in twenty takes longer than."""
    return statistics.quantiles(times, n=20)[-1]


def statements() -> dict[str, list[float]]:
    """Milliseconds of what the inbox itself asks the database, in this process."""
    from django.utils import timezone

    from satuklik.base.agencies.queries import demo_official
    from satuklik.spine.intake import queries

    officer, now = demo_official("ppid"), timezone.now()
    works: dict[str, Callable[[], object]] = {
        "waiting": lambda: queries.page("menunggu", officer),
        "all": lambda: queries.page("semua", officer),
        "deep": lambda: queries.page("semua", officer, after=queries.Cursor.parse(deep())),
        "mine": lambda: queries.page("saya", officer),
        "closed": lambda: queries.page("selesai", officer),
        "counts": lambda: queries.counts(officer, now),
        "search": lambda: queries.search("sampah menumpuk"),
        "search_name": lambda: queries.search("Ukur 123456"),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(ROUNDS + 3):
        for name, work in works.items():
            begin = time.perf_counter()
            work()
            if turn >= 3:
                taken[name].append((time.perf_counter() - begin) * 1000)
    return taken


def fill() -> tuple[str, int]:
    """Load the conversations once, log the officer in: (his cookies, the number of one conversation)."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connection, transaction
    from django.utils import timezone

    from satuklik.base.accounts.sessions import SessionStore
    from satuklik.base.agencies.queries import demo_official

    officer = demo_official("ppid")
    values = {"all": CONVERSATIONS, "waiting": WAITING, "officer": officer.pk, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_conversation WHERE name LIKE 'Ukur %'")
        if cursor.fetchone()[0] < CONVERSATIONS:
            with transaction.atomic():  # all or nothing
                for statement in filter(str.strip, FILL.split(";\n")):
                    cursor.execute(statement, values)
        cursor.execute("SELECT max(id) FROM messaging_conversation WHERE name LIKE 'Ukur %' AND id % 50 <> 0")
        one = int(cursor.fetchone()[0])
    session = SessionStore()
    session[SESSION_KEY] = str(officer.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = officer.user.get_session_auth_hash()
    session["kind"] = officer.user.kind
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}", one


def deep() -> str:
    """A cursor in the middle of everything."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM last_message_at), id FROM messaging_conversation WHERE name = %s LIMIT 1",
            [f"Ukur {CONVERSATIONS // 2}"],
        )
        at, number = cursor.fetchone()
    return f"{float(at):.6f}-{number}"


async def ask(port: int, cookies: str, pages: dict[str, str]) -> dict[str, list[float]]:
    """Milliseconds of each page, asked in turns."""
    link = Link(port, cookies=cookies)
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(ROUNDS + 3):
        for name, path in pages.items():
            begin = time.perf_counter()
            answer = await link.ask("GET", path)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {answer.headers.get('location', '')}")
            if turn >= 3:
                taken[name].append((time.perf_counter() - begin) * 1000)
    link.close()
    return taken
