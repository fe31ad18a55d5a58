"""The public map with 20,000 released complaints: its pages over HTTP, in an installation without outlines."""

import asyncio
from collections.abc import Callable

from satuklik.run.bench import inbox, site
from satuklik.run.bench.material import row

ISSUE = 4
REPORTS = 20_000
MILLISECONDS = 100.0
# All over the regency, four of five with a public point; of a year; nobody of them is real.
FILL = """
INSERT INTO complaints_complaint (reference, key_digest, mode, state, round, steps, channel, external_status, category,
    level, title, text, village_id, place, latitude, longitude, received_at, result, closed_as, supports, released_at,
    public_title, public_text, public_point, updated_at)
SELECT 'UK-' || lpad(n::text, 6, '0'), md5('ukur' || n), 'contact', (ARRAY['verified','dispatched','closed'])[1 + n %% 3],
    1, 0, 'portal', '', (ARRAY['jalan','sampah','lampu-jalan','drainase'])[1 + n %% 4], 'normative',
    'Ukur ' || n, repeat('Lampu jalan mati di dusun. ', 12), codes.list[1 + n %% array_length(codes.list, 1)], '',
    2.55 + 0.65 * random(), 99.1 + 0.85 * random(), %(now)s::timestamptz - n * interval '25 minutes', '', '', 0,
    %(now)s, 'Lampu jalan mati ' || n, 'Lampu jalan mati di dusun.', n %% 5 <> 0, %(now)s
FROM generate_series(1, %(all)s) AS n,
    (SELECT array_agg(code ORDER BY code) AS list FROM regions_region WHERE length(code) = 13) AS codes;
"""


def measure(progress: Callable[..., None]) -> list[dict[str, object]]:
    """Milliseconds from request to answer."""
    with site.served() as (port, _):
        progress(f"{REPORTS} released reports")
        fill()
        progress("pages of the map")
        near = inside()
        pages = {
            "whole": "/pengaduan/peta/",
            "district": "/pengaduan/peta/?kecamatan=12.09.20",
            "block": f"/pengaduan/peta/?kotak={near}",
            "filtered": "/pengaduan/peta/?kategori=jalan&status=open&waktu=90",
            "deep": "/pengaduan/peta/?page=900",
            "moving": "/pengaduan/peta/titik.json?w=99.1&s=2.55&e=99.95&n=3.2",
            "moving_near": "/pengaduan/peta/titik.json?w=99.6&s=2.9&e=99.7&n=3.0",
        }
        taken = asyncio.run(inbox.ask(port, "", pages))
        empty()
    return [
        row(f"complaints.map_{name}_p95", inbox.p95(times), "ms", MILLISECONDS, issue=ISSUE)
        for name, times in taken.items()
    ]


def fill() -> None:
    """Load the reports."""
    from django.db import connection
    from django.utils import timezone

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM complaints_complaint WHERE reference LIKE 'UK-%'")
        if cursor.fetchone()[0] < REPORTS:
            cursor.execute(FILL, {"all": REPORTS, "now": timezone.now()})
        cursor.execute("VACUUM ANALYZE complaints_complaint")


def empty() -> None:
    """Take them away: other benches share this installation, and two thirds of them count in the officers' rail."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM complaints_complaint WHERE reference LIKE 'UK-%'")
        cursor.execute("VACUUM ANALYZE complaints_complaint")


def inside() -> str:
    """A block of the map in which there are some."""
    from satuklik.kernel.maps import block_at

    return str(block_at((99.6, 2.98), 3))
