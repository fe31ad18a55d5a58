"""What an e-mail says: who wrote, what is new in it, what hangs on it, and whether a machine sent it."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

from satuklik.spine.messaging import rules
from satuklik.spine.messaging.actions.receiving import Handed
from satuklik.spine.messaging.errors import Unreadable

LONGEST_HTML = 2_000_000  # characters; a larger page hangs on the message as a file
LONGEST_CUT = 50_000  # characters in which quotations are looked for
MARK = "X-Satuklik-Loop"
MACHINES = ("bulk", "junk", "list", "auto_reply")
_ID = re.compile(r"<[^<>\s]{1,240}>")
_ADDRESS = re.compile(r"[^@\s<>\x00]{1,64}@[^@\s<>\x00]{1,190}")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HIDDEN = re.compile(r"<(script|style|head|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_WROTE = re.compile(r"^Pada .{5,200} (?:menulis|wrote):$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """An e-mail that a person may have written."""

    sender: str
    name: str
    subject: str
    message_id: str
    answers: tuple[str, ...]
    """Message-IDs of In-Reply-To and References, the nearest first."""
    to: tuple[str, ...]
    text: str
    files: tuple[Handed, ...]
    at: datetime | None


@dataclass(frozen=True)
class Bounce:
    """A report of a mail server about a message of ours."""

    message_id: str
    action: str
    """failed, delayed, delivered, relayed or expanded (RFC 3464)"""
    status: str
    detail: str = field(default="")


def parse(raw: bytes) -> EmailMessage:
    """The message; defects of it are borne. Raises Unreadable where it is none."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw)
    except (ValueError, LookupError, RecursionError) as error:
        raise Unreadable(f"no e-mail: {type(error).__name__}") from error
    if not isinstance(mail, EmailMessage):
        raise Unreadable("no e-mail")
    return mail


def header(mail: Message, name: str) -> str:
    """A header's text, or "" where there is none or where nobody can read it."""
    try:
        return rules.clean(str(mail.get(name) or ""))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        # The library's parser of headers gives up on some hostile ones in many ways.
        return ""


def machine(mail: EmailMessage, ours: set[str]) -> str:
    """Why no person wrote this, or "". Answering it would make two machines write to each other for ever."""
    auto = header(mail, "Auto-Submitted").strip().lower()
    if auto and not auto.startswith("no"):
        return f"Auto-Submitted: {auto[:40]}"
    if header(mail, "Precedence").strip().lower() in MACHINES:
        return f"Precedence: {header(mail, 'Precedence')[:20]}"
    if header(mail, MARK):
        return "our own mark"
    if header(mail, "List-Id") or header(mail, "X-Autoreply") or header(mail, "X-Autorespond"):
        return "a list or an automatic answer"
    if header(mail, "Return-Path").strip() == "<>":
        return "an empty return path"
    sender = sender_of(mail)[0]
    if sender in ours:
        return "our own address"
    if sender.partition("@")[0] in ("mailer-daemon", "postmaster"):
        return "a mail server"
    return ""


def sender_of(mail: EmailMessage) -> tuple[str, str]:
    """(address in small letters, name); the address is "" where it is none."""
    for name, address in getaddresses([header(mail, "From").replace("\n", " ")]):
        if _ADDRESS.fullmatch(address):
            return address.lower(), rules.clean_name(name)
    return "", ""


def read(mail: EmailMessage, raw: bytes) -> Letter:
    """Everything about a letter. Raises Unreadable where nobody is its sender."""
    address, name = sender_of(mail)
    if not address:
        raise Unreadable("no sender")
    found = _ID.search(header(mail, "Message-ID"))
    own = found[0] if found else f"<{hashlib.sha256(raw).hexdigest()}@tanpa-id>"
    answers = _ID.findall(header(mail, "In-Reply-To")) + _ID.findall(header(mail, "References"))[::-1][:20]
    to = [
        one
        for field_name in ("To", "Cc", "Delivered-To", "X-Original-To")
        for one in _addresses(mail, field_name)
    ]
    text, files = _parts(mail)
    return Letter(
        address, name, rules.clean_name(header(mail, "Subject"), 200), own, tuple(dict.fromkeys(answers)), tuple(to),
        without_quotation(text), tuple(files), _date(mail),
    )  # fmt: skip


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    try:
        values = [rules.clean(str(value)) for value in mail.get_all(name, [])]
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return []
    return [address.lower() for _, address in getaddresses(values) if _ADDRESS.fullmatch(address)]


def _date(mail: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(header(mail, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo is not None else None


def _parts(mail: EmailMessage) -> tuple[str, list[Handed]]:
    """The text (plain where there is one, else made of the page) and everything else as files."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[Handed] = []
    for part in mail.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), _name(part)
        is_file = bool(name) or part.get_content_disposition() == "attachment"
        content = _bytes(part)
        if is_file or kind not in ("text/plain", "text/html"):
            if content:
                files.append(Handed(name or "lampiran", content, kind))
            continue
        text = _decoded(part, content)
        if kind == "text/plain":
            plain.append(text)
        elif len(text) > LONGEST_HTML:
            files.append(Handed("surel.html.txt", rules.clean(text).encode()))
        else:
            pages.append(text)
    text = "\n".join(plain).strip()
    return text or "\n".join(page_text(page) for page in pages), files


def _name(part: Message) -> str:
    try:
        return str(part.get_filename() or "")
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return "lampiran"


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def _decoded(part: Message, content: bytes) -> str:
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def page_text(page: str) -> str:
    """The words of an HTML page as a person reads them; nothing of it is ever shown as HTML."""
    from inscriptis import get_text
    from lxml.etree import LxmlError

    try:
        text = str(get_text(page)).strip()
    except (LxmlError, ValueError, RecursionError, TypeError, AttributeError, IndexError, KeyError):
        text = ""
    if not text:  # nested deeper than the parser goes
        text = unescape(_TAG.sub(" ", _HIDDEN.sub(" ", page)))
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def without_quotation(text: str) -> str:
    """Only what is new: without the quoted message and the signature. The whole mail stays in the raw event."""
    from mailparser_reply import EmailReplyParser

    if len(text) > LONGEST_CUT:
        return text.strip()
    told = _WROTE.sub("On this day we wrote:", text)
    new = EmailReplyParser(languages=["en"]).parse_reply(told)
    return (new or "").strip() or text.strip()


def bounces(mail: EmailMessage) -> list[Bounce]:
    """What a delivery status notification (RFC 3464) says about messages of ours; empty where it is none."""
    if mail.get_content_type() != "multipart/report":
        return []
    reports: list[Message] = []
    original = ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            payload = part.get_payload()
            reports += (
                [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
            )
        elif kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            original = original or (
                _first_id(header(inner, "Message-ID")) if isinstance(inner, Message) else ""
            )
        elif kind == "text/rfc822-headers" and not original:
            found = re.search(r"(?im)^message-id:\s*(<[^<>\s]{1,240}>)", _decoded(part, _bytes(part)))
            original = found[1] if found else ""
    told = [one for one in reports if header(one, "Action")]
    return [
        Bounce(original, header(one, "Action").strip().lower(), header(one, "Status").strip()[:20],
               rules.clean_name(header(one, "Diagnostic-Code"), 200))
        for one in told if original
    ]  # fmt: skip


def _first_id(text: str) -> str:
    found = _ID.search(text)
    return found[0] if found else ""
