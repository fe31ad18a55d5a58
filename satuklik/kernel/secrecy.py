"""Keep secrets of a process to itself: out of cores and swap, and out of memory once they were used."""

import ctypes
import re
import resource
import secrets
import sys
import threading

PR_SET_DUMPABLE = 4
MCL_CURRENT, MCL_FUTURE = 1, 2
# Where the content of a bytes object begins: behind its header, whose size counts the NUL at the end.
_HEADER = bytes.__basicsize__ - 1
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_LOCK = threading.Lock()
_SEALED: dict[str, bytearray] = {}
MARK = "\u27e8sandi "  # no keyboard types it, and a form shows nobody what it stands for


def forbid_dumps() -> bool:
    """From now on a crash leaves no core and other processes of this user cannot read this one's memory (Linux;
    root still can). True where the kernel agreed. Children inherit the limit, not the flag: each calls it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)


def lock_memory() -> bool:
    """Ask that no page of this process is written to swap. False where the limit (RLIMIT_MEMLOCK) forbids it."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None, use_errno=True).mlockall(MCL_CURRENT | MCL_FUTURE) == 0)


def wipe(buffer: bytearray) -> None:
    """Overwrite a buffer with zeros."""
    buffer[:] = bytes(len(buffer))


def wipe_bytes(content: bytes, start: int, end: int) -> None:
    """Overwrite a part of a bytes object in place. Only for an object that nobody else reads any more: Python takes
    bytes for unchangeable. (CPython; elsewhere nothing happens.)"""
    if sys.implementation.name == "cpython" and 0 <= start < end <= len(content):
        ctypes.memset(id(content) + _HEADER + start, 0, end - start)


def seal(secret: bytearray) -> str:
    """Keep a secret in this process, and get a word that stands for it. The same secret sealed twice has two words."""
    word = f"{MARK}{secrets.token_urlsafe(12)}\u27e9"
    with _LOCK:
        _SEALED[word] = secret
    return word


def reveal(text: str) -> bytearray:
    """A copy of what `text` stands for, to be wiped by the caller: the sealed secret, else the text itself as UTF-8."""
    with _LOCK:
        kept = _SEALED.get(text) if text.startswith(MARK) else None
        return bytearray(kept) if kept is not None else bytearray(text.encode())


def forget(word: str) -> None:
    """Overwrite a sealed secret; its word then opens nothing."""
    with _LOCK:
        kept = _SEALED.pop(word, None)
    if kept is not None:
        wipe(kept)


def form_value(body: bytes, field: str) -> tuple[int, int] | None:
    """Where the value of `field` stands in an urlencoded body: (start, end); None where it is missing or empty."""
    found = re.search(rb"(?:^|&)" + re.escape(field.encode()) + rb"=([^&]+)", body)
    return found.span(1) if found else None


def part_value(body: bytes, boundary: bytes, field: str) -> tuple[int, int] | None:
    """Where the value of `field` stands in a multipart body: (start, end); None where it is missing or empty."""
    limit = b"--" + boundary
    begin = body.find(limit)
    while begin >= 0:
        head = begin + len(limit)
        start = body.find(b"\r\n\r\n", head)
        begin = body.find(b"\r\n" + limit, head)
        if start < 0 or begin < 0:
            return None
        if start + 4 < begin and re.search(
            rb'(?i);\s*name="?' + re.escape(field.encode()) + rb'"?\s*(?:;|\r\n|$)', body[head:start]
        ):
            return start + 4, begin
        begin += 2
    return None


def octets(text: str) -> bytearray:
    """The bytes of a header's value as WSGI gives it (PEP 3333: each character one byte), without a copy between."""
    typed = bytearray(len(text))
    for place, sign in enumerate(text):
        typed[place] = ord(sign) & 0xFF
    return typed


def wipe_text(text: str) -> bool:
    """Overwrite an ASCII text in place, where the caller's variable is all that holds it: False where the count of
    references says otherwise (a constant, a text that somebody kept). CPython; elsewhere nothing happens."""
    # The caller's variable, ours, and the argument of getrefcount.
    if (
        sys.implementation.name != "cpython"
        or not text.isascii()
        or len(text) < 2
        or sys.getrefcount(text) > 3
    ):
        return False
    ctypes.memset(id(text) + sys.getsizeof(text) - len(text) - 1, 0, len(text))
    return True


def unquoted(body: bytes, start: int, end: int) -> bytearray:
    """A part of an urlencoded body as it was typed (UTF-8). The buffer is made once at its size: one that grows leaves
    copies behind."""
    escapes = sum(1 for _ in _ESCAPED.finditer(body, start, end))
    typed, place = bytearray(end - start - 2 * escapes), start
    for index in range(len(typed)):
        sign = body[place]
        if sign == 0x25 and (escaped := _ESCAPED.match(body, place, end)):  # %
            typed[index] = int(escaped[1], 16)
            place += 3
        else:
            typed[index] = 0x20 if sign == 0x2B else sign  # +
            place += 1
    return typed
