"""The accounts of the demo: residents and officials with their passwords, keys and tokens.

Every secret is drawn anew for each installation and stands in one place only, var/demo.json (0600), so
that a demo that somebody can reach from outside has no password that the whole world knows.
"""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from satuklik.base.accounts import actions as accounts
from satuklik.base.accounts import words
from satuklik.base.agencies import actions as agencies_actions
from satuklik.base.agencies import queries as agencies
from satuklik.run.steps import Progress
from satuklik.spine.population import actions as population_actions
from satuklik.spine.population import queries as population
from satuklik.spine.signing import actions as signing

FILE = "demo.json"
RESIDENTS = ("sari", "rina", "rudi")
OFFICIALS = (
    "pak_lurah", "sekretaris_lurah", "staf_desa", "operator_desa", "bu_camat", "sekcam", "staf_camat",
    "kasi_camat", "operator_camat", "kepala_desa", "kadis_dukcapil", "ppid", "admin", "kadis_kominfo", "sekda",
)  # fmt: skip
WITHOUT_KEY = ("kadis_kominfo",)  # approves at the desk; her certificate comes with the enrolment
CODE = "shown on the page after the NIK is typed"


@dataclass(frozen=True)
class DemoAccount:
    """One account as var/demo.json shows it. What an account does not have is empty."""

    name: str
    role: str
    full_name: str
    login: str
    password: str = ""
    code: str = ""
    totp_secret: str = ""
    passphrase: str = ""
    office: str = ""
    village: str = ""
    api_token: str = ""


def load(now: datetime, progress: Progress) -> None:
    """Make all accounts, proven and keyed at `now`, and write var/demo.json; everything or nothing."""
    total = len(RESIDENTS) + len(OFFICIALS)
    made: list[DemoAccount] = []
    with transaction.atomic():
        for name in RESIDENTS:
            made.append(_resident(name, now))
            progress(len(made), total)
        for name in OFFICIALS:
            made.append(_official(name, now))
            progress(len(made), total)
        write(made)


def write(made: list[DemoAccount]) -> None:
    """Write var/demo.json, readable by its owner only."""
    put({"url": settings.PUBLIC_URL, "accounts": [asdict(account) for account in made]})


def refresh_address() -> bool:
    """Put this start's address into var/demo.json. False when the file is gone (its secrets with it)."""
    file = Path(settings.VAR) / FILE
    if not file.exists():
        return False
    known = json.loads(file.read_text())
    if known["url"] != settings.PUBLIC_URL:
        put(known | {"url": settings.PUBLIC_URL})
    return True


def read() -> dict[str, DemoAccount]:
    """The accounts of this installation's demo by name. Raises FileNotFoundError without a demo."""
    known = json.loads((Path(settings.VAR) / FILE).read_text())
    return {account["name"]: DemoAccount(**account) for account in known["accounts"]}


def put(content: dict[str, object]) -> None:
    """Write the whole of var/demo.json anew, readable by its owner only."""
    file = Path(settings.VAR) / FILE
    draft = file.with_name(f".{FILE}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    draft.rename(file)


def _resident(name: str, now: datetime) -> DemoAccount:
    """A resident whose identity was proven at the counter."""
    person = population.demo_resident(name)
    user = accounts.create_resident(person.name, phone=person.phone, username=name)
    population_actions.prove(person, agencies.demo_official("operator_desa"), now, user)
    return DemoAccount(
        name=name, role="resident", full_name=person.name, login=person.nik, code=CODE,
        village=person.village_id, api_token=accounts.create_token(user, "demo"),
    )  # fmt: skip


def _official(name: str, now: datetime) -> DemoAccount:
    """An official with password, second factor and, where he or she signs, a key."""
    official = agencies.demo_official(name)
    password, secret = words.secret(), base64.b32encode(secrets.token_bytes(20)).decode()
    user = accounts.create_official(
        name, official.name, password=password, email=official.email, admin=official.role == "admin"
    )
    accounts.set_totp(user, secret)
    agencies_actions.give_login(official, user)
    passphrase = ""
    # PPID signs the decisions on requests for information.
    if official.role in ("head", "ppid") and name not in WITHOUT_KEY:
        passphrase = words.secret()
        signing.issue_official_key(official, passphrase, now)
    return DemoAccount(
        name=name, role=official.role, full_name=official.name, login=name, password=password,
        totp_secret=secret, passphrase=passphrase, office=official.agency.name,
        api_token=accounts.create_token(user, "demo"),
    )  # fmt: skip
