"""Pure decisions about messages: the window, the order of statuses, opting out, patience, hostile text and names."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

WINDOW = timedelta(hours=24)  # WhatsApp Business: free text only so long after the person's last message
WINDOWED = frozenset({"whatsapp"})
LONGEST_TEXT = 20_000  # characters kept in the row; what is longer lies beside it as a file
LONGEST_PREVIEW = 160
MOST_FILE = 16_000_000  # bytes; WhatsApp's own limit for video is 16 MB, e-mail servers take 10–25
MOST_FILES = 20
MOST_TRIES = 8
MOST_EVENT_TRIES = 8  # what an event waits for (its message) comes within an hour or never
OLDEST = timedelta(days=3650)

# Where a status may go on to. It never goes back: a late "sent" after "read" is only one more step of the proof.
NEXT: dict[str, frozenset[str]] = {
    "received": frozenset(),
    "queued": frozenset({"sent", "delivered", "read", "failed", "unsure"}),
    # The channel told us after all; an officer lets it go once more; the part that was unsure arrived.
    "unsure": frozenset({"sent", "delivered", "read", "failed", "queued"}),
    "sent": frozenset({"delivered", "read", "failed"}),
    "delivered": frozenset({"read"}),
    "read": frozenset(),
    "failed": frozenset({"delivered", "read"}),  # it was seen after all
}

PROBLEMS = (
    "unreadable", "poison", "unknown_message", "loop", "too_many", "too_large", "not_for_us",
)  # fmt: skip
FILE_PROBLEMS = ("too_large", "wrong_type", "empty", "changed", "gone", "not_sent")
EVENTS = (
    "edited", "deleted", "number_changed", "joined", "split", "opted_out", "opted_in", "assigned", "closed",
    "reaction", "sent_again", "left_unsure",
)  # fmt: skip
# Who proves that a person wrote a message. "" the channel itself; an e-mail: our mail server (DMARC and the like), or
# the thread, by a word of ours that only the receiver of our letter knows; "none": anybody can have written it.
PROOFS = ("", "server", "thread", "none")

STOP_WORDS = frozenset({"stop", "berhenti"})
START_WORDS = frozenset({"mulai"})

# WhatsApp Cloud API, error codes: what to do with each.
PATIENCE = frozenset({4, 80007, 130429, 131048, 131056, 131000, 131016, 131057, 133004, 135000})
ACCOUNT_WIDE = frozenset({4, 80007, 130429, 131048})  # not this recipient's fault: everything rests
WINDOW_CLOSED = 131047
UNDELIVERABLE = frozenset({131026, 131030, 131021, 131049, 130472})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Marks that turn the direction of what follows: harmless in a person's text, a lie in a name.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSAFE_NAME = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*]")
_DIGITS = re.compile(r"[^\d+]")


def moves(old: str, new: str) -> bool:
    """Whether a message in `old` becomes `new` when that status arrives."""
    return new in NEXT.get(old, frozenset())


def window_until(last_inbound: datetime | None, closed_at: datetime | None) -> datetime | None:
    """The end of the 24 hours. None where the person never wrote. `closed_at`: the far side said that it is over."""
    if last_inbound is None:
        return None
    until = last_inbound + WINDOW
    if closed_at is not None and closed_at >= last_inbound:
        return min(until, closed_at)
    return until


def opting(text: str) -> Literal["out", "in", ""]:
    """Whether a message is the word that stops messages, or the one that starts them again; nothing else in it."""
    word = re.sub(r"[\s.!\"'*_~]+", " ", unicodedata.normalize("NFKC", text[:40])).strip().casefold()
    if word in STOP_WORDS:
        return "out"
    return "in" if word in START_WORDS else ""


def pause(tries: int, code: int = 0) -> timedelta:
    """How long to wait after the `tries`-th failure (from 1). Pair limits (131056) ease by powers of four."""
    if code == 131056:
        return timedelta(seconds=min(4**tries, 3600))
    return timedelta(seconds=min(5 * 2 ** (tries - 1), 900))


def clean(text: str) -> str:
    """Text that PostgreSQL takes and a page shows: without NUL, control characters and lone surrogates."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def clean_name(name: str, longest: int = 120) -> str:
    """A person's name on one line."""
    return " ".join(_DIRECTION.sub("", clean(name)).split())[:longest]


def file_name(name: str, longest: int = 120) -> str:
    """A name that leads nowhere and hides no ending: no folders, no control or direction characters."""
    bare = _DIRECTION.sub("", clean(name)).replace("\\", "/").rsplit("/", 1)[-1]
    bare = _UNSAFE_NAME.sub("_", bare).strip(" .")
    if not bare:
        return "berkas"
    return bare if len(bare) <= longest else f"{bare[: longest - 20]}{bare[-20:]}"


VEILED_FOR = timedelta(
    days=30
)  # then what only the person may read of a message is deleted; the person has it


def preview(text: str, kind: str, files: int) -> str:
    """One line for the list."""
    line = " ".join(_DIRECTION.sub("", text[: LONGEST_PREVIEW * 4]).split())[:LONGEST_PREVIEW]
    if line:
        return line
    return f"📎 {files}" if files else f"({kind})"


def sane_time(said: datetime | None, received: datetime) -> datetime:
    """The time that a channel claims, unless it lies in the future or before anybody could have written."""
    if said is None or said > received or received - said > OLDEST:
        return received
    return said


def e164(number: str) -> str:
    """ "0812-3456-7890" or "6281234567890" → "+6281234567890"; "" where it is no number."""
    digits = _DIGITS.sub("", number)
    if digits.startswith("+"):
        bare = digits[1:]
    elif digits.startswith("0"):
        bare = "62" + digits[1:]
    else:
        bare = digits
    return f"+{bare}" if bare.isdigit() and bare.isascii() and 8 <= len(bare) <= 15 else ""


def is_bsuid(address: str) -> bool:
    """Whether a WhatsApp address is a business-scoped user id ("ID.1349…") and no number."""
    return "." in address and not address.isdigit()


def kind_of_file(content: bytes) -> str:
    """The media type that the first bytes prove, or ""."""
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:11] == b"M4A" else "video/mp4"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "audio/wav"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return "text/plain" if _is_text(content) else ""


_STARTS: Sequence[tuple[bytes, str]] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "application/vnd.oasis.opendocument.text"),
)


def _office(content: bytes) -> str:
    """Office documents are ZIP files that name their parts; any other ZIP file is not taken."""
    for mark, media_type in _OFFICE:
        if mark in content[:4096] or mark in content[-8192:]:
            return media_type
    return ""


def _is_text(content: bytes) -> bool:
    head = content[:4096]
    if b"\x00" in head or head.lstrip()[:1] == b"<" or head.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False  # pages and programs call themselves text too
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
