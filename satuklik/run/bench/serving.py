"""The whole, over HTTP, with the full population: the click, the rates against an empty view, the weight of
the first page, the memory of everything."""

import asyncio
import re
import secrets
import statistics
from collections.abc import Callable
from urllib.parse import urlencode

from satuklik.run.bench import site
from satuklik.run.bench.client import DONE, Link, Tally, Work, hammer

FORM = "application/x-www-form-urlencoded"
LETTER = "surat-keterangan-domisili"
PURPOSES = ("bank", "kerja", "sekolah", "nikah", "kredit", "administrasi")
CONCURRENT = 50
CLICKS = 300
SECONDS = 6.0
ROUNDS = 3
Row = dict[str, object]


def measure(progress: Callable[..., None]) -> list[Row]:
    """Every measure of issue 2 that needs a running server."""
    with site.served() as (port, supervisor):
        from satuklik.run.bench.residents import log_in

        progress("residents log in")
        quick = log_in(CLICKS // len(PURPOSES), seed="one click")
        many = log_in(CONCURRENT * 8, seed="many clicks")
        progress("one click after the other")
        clicks = asyncio.run(_clicks(port, quick))
        progress("50 residents at once")
        burst = asyncio.run(_burst(port, many))
        progress("pages against an empty view")
        rates = asyncio.run(_rates(port, quick[0], log_in(CONCURRENT, seed="cases")))
        weight, requests = asyncio.run(_first_page(port))
        memory = site.memory_of_all(supervisor)
    p50, p95 = statistics.median(clicks.seconds), statistics.quantiles(clicks.seconds, n=20)[-1]
    empty = rates["empty"]
    return [
        _most("click_to_letter_p50", p50 * 1000, "ms", 40, clicks),
        _most("click_to_letter_p95", p95 * 1000, "ms", 120, clicks),
        _least("letters_per_second", burst.rate, "1/s", 40, burst),
        _least("portal_home_ratio", rates["home"] / empty, "× empty view", 0.17),
        _least("service_page_ratio", rates["service"] / empty, "× empty view", 0.17),
        _least("submit_ratio", rates["submit"] / empty, "× empty view", 0.10),
        _told("empty_view", empty, "1/s"),
        _most("first_page", weight / 1000, "kB", 60),
        _told("first_page_requests", requests, "requests"),
        _most("memory", sum(memory.values()), "MB", 700),
        *(_told(f"memory_{part}", size, "MB") for part, size in memory.items()),
    ]


def _form(cookies: str, **answers: object) -> bytes:
    token = cookies.rpartition("csrftoken=")[2]
    fields = {f"q-{name}": value for name, value in answers.items()}
    return urlencode({"csrfmiddlewaretoken": token, "key": secrets.token_hex(8), **fields}).encode()


async def _click(link: Link, purpose: str, *, download: bool) -> str:
    """Press the button; with `download`, fetch the letter too. Returns what went wrong, or nothing."""
    body = _form(link.cookies, purpose=purpose)
    answer = await link.ask("POST", f"/layanan/{LETTER}/ajukan/", body, FORM)
    if answer.status != 303 or not answer.headers["location"].endswith("/selesai/"):
        return f"{answer.status} {answer.headers.get('location', '')}"
    if download:
        letter = await link.ask("GET", answer.headers["location"].removesuffix("selesai/") + "surat.pdf")
        if letter.status != 200 or not letter.body.startswith(b"%PDF-"):
            return f"letter: {letter.status}"
    return ""


def _clicker(port: int, residents: list[str]) -> Work:
    """A worker that lets its residents click, each for each purpose once."""
    left = [(cookies, purpose) for cookies in residents for purpose in PURPOSES]
    link = Link(port)

    async def work() -> str:
        if not left:
            link.close()
            return DONE
        link.cookies, purpose = left.pop()
        return await _click(link, purpose, download=True)

    return work


async def _clicks(port: int, residents: list[str]) -> Tally:
    await hammer([_clicker(port, residents[:2])], seconds=2)  # warm
    return await hammer([_clicker(port, residents[2:])], seconds=60)


async def _burst(port: int, residents: list[str]) -> Tally:
    share = len(residents) // CONCURRENT
    workers = [_clicker(port, residents[n * share : (n + 1) * share]) for n in range(CONCURRENT)]
    return await hammer(workers, seconds=15)


def _reader(port: int, cookies: str, path: str) -> Work:
    link = Link(port, cookies)

    async def work() -> str:
        answer = await link.ask("GET", path)
        return "" if answer.status == 200 else f"{path}: {answer.status}"

    return work


def _submitter(port: int, cookies: str) -> Work:
    """Submits a matter for an official to decide, each time another one."""
    link = Link(port, cookies)

    async def work() -> str:
        body = _form(
            cookies, business_name=f"Usaha {secrets.token_hex(5)}", business_kind="dagang",
            business_place="Di rumah", since="2020-01-01", purpose="kur",
        )  # fmt: skip
        answer = await link.ask("POST", "/layanan/surat-keterangan-usaha/ajukan/", body, FORM)
        return "" if answer.status == 303 else f"submit: {answer.status}"

    return work


async def _rates(port: int, cookies: str, residents: list[str]) -> dict[str, float]:
    """Requests per second of each page, all in turns; the median of the rounds."""
    kinds: dict[str, Callable[[], list[Work]]] = {
        "empty": lambda: [_reader(port, cookies, "/kosong/") for _ in range(CONCURRENT)],
        "home": lambda: [_reader(port, cookies, "/") for _ in range(CONCURRENT)],
        "service": lambda: [_reader(port, cookies, f"/layanan/{LETTER}/") for _ in range(CONCURRENT)],
        "submit": lambda: [_submitter(port, resident) for resident in residents],
    }
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _round in range(ROUNDS):
        for kind, workers in kinds.items():
            tally = await hammer(workers(), seconds=SECONDS)
            if tally.failures:
                raise RuntimeError(f"{kind}: {len(tally.failures)} failures, first: {tally.failures[0]}")
            rates[kind].append(tally.rate)
    return {kind: statistics.median(found) for kind, found in rates.items()}


async def _first_page(port: int) -> tuple[int, int]:
    """Bytes over the wire of the home page with its styles and scripts, and how many requests that is."""
    link = Link(port, accept="br, gzip")
    page = await link.ask("GET", "/")
    plain = await Link(port).ask("GET", "/")
    found = re.findall(
        r'(?:<link[^>]+rel="stylesheet"[^>]*href|<script[^>]+src)="([^"]+)"', plain.body.decode()
    )
    size = page.size
    for address in found:
        size += (await link.ask("GET", address)).size
    return size, 1 + len(found)


def _row(name: str, value: float, unit: str, target: str | None, *, holds: bool, tally: Tally | None) -> Row:
    row: Row = {
        "id": name,
        "issue": 2,
        "value": round(value, 3),
        "unit": unit,
        "target": target,
        "holds": holds,
    }
    if tally is not None and tally.failures:
        row |= {"holds": False, "error": f"{len(tally.failures)} failures, first: {tally.failures[0]}"}
    return row


def _most(name: str, value: float, unit: str, most: float, tally: Tally | None = None) -> Row:
    return _row(name, value, unit, f"≤ {most:g}", holds=value <= most, tally=tally)


def _least(name: str, value: float, unit: str, least: float, tally: Tally | None = None) -> Row:
    return _row(name, value, unit, f"≥ {least:g}", holds=value >= least, tally=tally)


def _told(name: str, value: float, unit: str) -> Row:
    return _row(name, value, unit, None, holds=True, tally=None)
