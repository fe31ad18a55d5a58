"""Whether an e-mail's From address is its sender's: by the word of our own receiving mail server only (RFC 8601).

Anybody can write any From address. The server that takes our mail checks SPF, DKIM and DMARC and writes what it found
into `Authentication-Results`, under its own name (authserv-id). Such headers of other names are the sender's own words:
they are not read. The server must strip those that come in under its name (RFC 8601, section 5).
"""

from collections.abc import Iterable
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from satuklik.spine.messaging.adapters import letters

HEADER = "authentication-results"
MOST_HEADERS = 20  # of our server's name; more are nobody's honest work
LONGEST_HEADER = 8_000  # characters


def is_proven(mail: EmailMessage, sender: str, authserv_id: str) -> bool:
    """Whether our server vouches for the domain of `sender` (in small letters): DMARC passed; or, where the domain
    publishes no DMARC policy, a DKIM signature or SPF passed for that very domain.

    What contradicts itself proves nothing: a forged header beside the server's own takes the proof away. False without
    an `authserv_id`.
    """
    _local, _, domain = sender.rpartition("@")
    if not authserv_id or not domain or _several_senders(mail):
        return False
    results = _results(mail, authserv_id)
    verdicts = [one for one in results if _method(one) == "dmarc"]
    told = {_result(one) for one in verdicts}
    if told - {"none"}:
        return told == {"pass"} and all(_of(one, "header", "from") == domain for one in verdicts)
    return any(_aligned(one, domain) for one in results)


def _several_senders(mail: EmailMessage) -> bool:
    """Two From headers, or two people in one: which of them a server meant, nobody can say."""
    headers = [name for name, _value in mail.raw_items() if name.lower() == "from"]
    return len(headers) != 1 or len(getaddresses([letters.header(mail, "From").replace("\n", " ")])) != 1


def _aligned(result: Any, domain: str) -> bool:
    """A method that passed for exactly this domain (strict alignment: no list of public suffixes is needed)."""
    if _result(result) != "pass":
        return False
    if _method(result) == "dkim":
        signed = _of(result, "header", "d") or _of(result, "header", "i").rpartition("@")[2]
        return signed == domain
    return _method(result) == "spf" and _of(result, "smtp", "mailfrom").rpartition("@")[2] == domain


def _results(mail: EmailMessage, authserv_id: str) -> list[Any]:
    """All results under our server's name; none where one of them cannot be read."""
    from authres import AuthenticationResultsHeader, AuthResError

    found: list[Any] = []
    ours = 0
    for value in _headers(mail):
        head = value[:LONGEST_HEADER]
        if authserv_id.lower() not in head.lower():
            continue
        try:
            header = AuthenticationResultsHeader.parse(f"Authentication-Results: {head}")
        except (AuthResError, RecursionError):
            if head.lower().startswith(authserv_id.lower()):
                return []
            continue
        if str(header.authserv_id).lower() != authserv_id.lower():
            continue
        ours += 1
        if ours > MOST_HEADERS or len(value) > LONGEST_HEADER:
            return []
        found += header.results
    return found


def _headers(mail: EmailMessage) -> Iterable[str]:
    """The raw values, unfolded. Never decoded: an encoded word that a sender hid in an address, which the server wrote
    down faithfully, would become a result of its own."""
    for name, value in mail.raw_items():
        if name.lower() == HEADER:
            yield " ".join(str(value).encode("ascii", "replace").decode().split())


def _method(result: Any) -> str:
    return str(result.method or "").lower()


def _result(result: Any) -> str:
    return str(result.result or "").lower()


def _of(result: Any, kind: str, name: str) -> str:
    """The value of a property in small letters, or ""."""
    for one in result.properties:
        if str(one.type).lower() == kind and str(one.name).lower() == name:
            return str(one.value or "").strip().strip('"').lower()
    return ""
