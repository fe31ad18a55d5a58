"""After a batch no core of the processes that answer shows a passphrase: neither the right one nor a mistyped one."""

import json
import mmap
import re
import shutil
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]
MISTYPED = "Kunci-Salah-Ketik-Zq7r9x2w"
IN_PART = "Kunci-Lewat-Bagian-Kj3v8Lm4"
OPEN = """
from django.test import Client
from satuklik.base.agencies.queries import demo_official
from satuklik.spine.cases.models import Task
who = demo_official("pak_lurah")
client = Client()
client.force_login(who.user)
tasks = Task.objects.filter(done_at=None, agency=who.agency).order_by("pk")
import json
print(json.dumps([client.cookies["satuklik"].value, [task.case.reference for task in tasks[:2]]]))
"""
SIGNED = """
from satuklik.spine.signing.models import BatchItem
import json
print(json.dumps(BatchItem.objects.filter(state="signed").count()))
"""


def sign(site: Site, cookie: str, references: list[str], passphrase: str) -> int:
    """Sign as a browser does: open the page, tick what was seen, type the passphrase. The status."""
    query = urlencode([("perkara", one) for one in references])
    _status, page, token = ask(site, "GET", f"/meja/tandatangan/?{query}", {"Cookie": f"satuklik={cookie}"})
    fields = [("passphrase", passphrase)]
    for name in ("csrfmiddlewaretoken", "berkas", "dokumen", "dilihat"):
        fields += [(name, value) for value in re.findall(rf'name="{name}" value="([^"]*)"', page)]
    headers = {
        "Cookie": f"satuklik={cookie}; csrftoken={token}", "Referer": site.url,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    return ask(site, "POST", "/meja/tandatangan/", headers, urlencode(fields))[0]


def sign_by_api(site: Site, part: str) -> tuple[int, str]:
    """Ask the API for the own signature with a passphrase in a part of the body: status and code of the error."""
    fields = {'name="passphrase"': part, 'name="file"; filename="a.pdf"': "%PDF-1.4"}
    body = "".join(
        f"--batas\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n"
        for name, value in fields.items()
    )
    headers = {
        "Authorization": f"Bearer {site.accounts['pak_lurah']['api_token']}", "Accept": "application/json",
        "Content-Type": "multipart/form-data; boundary=batas",
    }  # fmt: skip
    status, page, _token = ask(site, "POST", "/api/signing/sign", headers, f"{body}--batas--\r\n")
    return status, json.loads(page)["code"]


def ask(site: Site, method: str, path: str, headers: dict[str, str], body: str = "") -> tuple[int, str, str]:
    """Status, page, and the cookie against forged requests."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    token = re.search(r"csrftoken=([^;]+)", answer.headers.get("Set-Cookie", ""))
    connection.close()
    return answer.status, page, token[1] if token else ""


def core_of(pid: int, folder: Path) -> Path:
    """A core of a running process, by gdb."""
    made = subprocess.run(
        ["gcore", "-o", str(folder / "core"), str(pid)], capture_output=True, text=True, check=False
    )
    core = folder / f"core.{pid}"
    if not core.exists():
        pytest.skip(f"gcore may not look at process {pid} here: {made.stderr.strip()[-300:]}")
    return core


def shapes(secret: str) -> dict[str, bytes]:
    return {
        "UTF-8": secret.encode(), "UTF-16": secret.encode("utf-16-le"), "UTF-32": secret.encode("utf-32-le"),
        "hexadecimal": secret.encode().hex().encode(),
    }  # fmt: skip


@pytest.mark.skipif(not shutil.which("gcore"), reason="gcore is not installed (Debian: gdb)")
def test_no_core_of_a_web_process_shows_a_passphrase(site: Site, tmp_path: Path) -> None:
    passphrase = site.accounts["pak_lurah"]["passphrase"]
    cookie, references = site.python(OPEN)
    before = site.python(SIGNED)
    for _ in range(2):  # both web processes have a share of it
        assert sign(site, cookie, references, MISTYPED) == 422
    assert sign(site, cookie, references, passphrase) == 302
    for _ in range(2):
        assert sign_by_api(site, IN_PART) == (422, "wrong_passphrase")
    time.sleep(1)
    assert site.python(SIGNED) == before + len(references)
    processes = site.web_workers()
    assert processes
    found = []
    for process in processes:
        core = core_of(process.pid, tmp_path)
        with core.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
            # The search finds what is there: the process's own program is in its core.
            assert memory.find(b"satuklik.wsgi") >= 0
            for which, secret in {
                "the passphrase": passphrase, "the mistyped one": MISTYPED, "that of the API": IN_PART,
            }.items():  # fmt: skip
                found += [
                    f"{process.pid}: {which} as {shape}"
                    for shape, content in shapes(secret).items()
                    if memory.find(content) >= 0
                ]
        core.unlink()
    assert found == []


def test_a_crash_of_a_web_process_leaves_no_core(site: Site) -> None:
    for process in site.web_workers():
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"Max core file size\s+0\s+0", limits)
