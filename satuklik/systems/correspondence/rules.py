"""Naskah dinas, decided purely: what a template asks for, what a chain is, who may read, what a signature is under."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal

Words = Mapping[str, str]
"""A text in both languages: {"id": …, "en": …}."""

FieldType = Literal["text", "paragraphs", "date", "time", "choice", "table", "officials"]
UPLOAD = "unggahan"
"""The kind of a naskah whose PDF was made elsewhere."""
TITLE_LENGTH, SUBJECT_LENGTH = 160, 200
LONGEST_TEXT, LONGEST_PARAGRAPHS = 500, 20_000
MOST_ROWS, MOST_RECIPIENTS, MOST_STEPS = 200, 100, 20
LARGEST_UPLOAD = 20 * 1024 * 1024
SECRET = frozenset({"rahasia", "sangat_rahasia"})
NUMBERED_MARK = re.compile(r"^\s*(?:\d{1,2}|[a-z])[.)]\s+(\S.*)$")
BULLET_MARK = re.compile(r"^\s*[-•–]\s+(\S.*)$")


@dataclass(frozen=True)
class To:
    """Whom a naskah goes to ("to") or who gets a copy ("copy", tembusan).

    `agency_code`: an office of ours ("" for anybody outside). `name`: as printed ("Kepala Dinas Kesehatan"); for an
    office of ours it may be empty: then its head's title is printed.
    """

    kind: Literal["to", "copy"]
    agency_code: str = ""
    name: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table field."""

    id: str
    label: Words


@dataclass(frozen=True)
class Field:
    """One thing that a template asks for. What stands in `content[id]`, by `type`:

    text: a line. paragraphs: text with empty lines between paragraphs; lines that begin with "1." or "a." or "-" are
    lists. date: "2026-11-24". time: "09:00". choice: one of `choices`. table: a list of rows, each a list of texts, one
    for each of `columns`. officials: a list of ids of officials (who is sent, who is invited).
    """

    id: str
    type: FieldType
    label: Words
    hint: Words | None = None
    required: bool = True
    most: int = 0
    """The longest text, or the most rows."""
    columns: tuple[Column, ...] = ()
    choices: tuple[tuple[str, Words], ...] = ()
    default: str = ""


@dataclass(frozen=True)
class Kind:
    """A template of naskah/: what it is called, what it asks for, who signs it."""

    slug: str
    name: Words
    title: str
    """As printed above the letter, capitals; empty for letters without a title (surat dinas)."""
    code: str
    """Letters that stand for the kind: "ST"."""
    fields: tuple[Field, ...]
    signer: Literal["head", "official", "both"]
    """Who signs: the head of an office, an official in his own name, or as the drafter chooses."""
    recipients: Literal["required", "optional", "none"]
    classification: str
    secrecy: str
    urgency: str
    law: str
    source: str = field(repr=False, default="")
    """The text of naskah.typ."""


@dataclass(frozen=True)
class Classification:
    """A class of the archive (kode klasifikasi arsip). `confirmed`: compared with Permendagri 83/2022."""

    code: str
    name: str
    confirmed: bool


@dataclass(frozen=True)
class Term:
    """A word of the regulation: secrecy, urgency, an instruction of a disposition. `days`: working days to act in."""

    code: str
    words: Words
    days: int = 0
    confirmed: bool = True
