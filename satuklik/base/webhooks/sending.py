"""Send one message: to the address that was checked and to no other, once, within a time, without following anyone.

The name is resolved here and the connection goes to the very address that was judged: a name that answers
differently the second time (DNS rebinding) leads nowhere else. TLS is checked against the name.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings

from satuklik.base.webhooks import addresses as judged
from satuklik.base.webhooks.errors import NotDelivered

STEP_SECONDS = 10.0
WHOLE_SECONDS = 20.0
MOST_ANSWER = 64 * 1024
PROBLEMS = {
    "not_a_url": "The address cannot be used.",
    "not_https": "The address is not https.",
}


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST `body`. Returns the 2xx status; raises NotDelivered for everything else."""
    private = bool(settings.WEBHOOK_ALLOW_PRIVATE)
    if problem := judged.problem_of_url(url, private=private):
        raise NotDelivered(PROBLEMS[problem])
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    kind = _Encrypted if parts.scheme == "https" else _Plain
    connection = kind(host, port, _addresses(host, port, private=private))
    late = threading.Event()

    def end() -> None:
        late.set()
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    watchdog = threading.Timer(WHOLE_SECONDS, end)
    watchdog.daemon = True
    watchdog.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(MOST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        told = "No answer in time." if late.is_set() or isinstance(error, TimeoutError) else f"{error}"
        raise NotDelivered(told[:200] or type(error).__name__) from error
    finally:
        watchdog.cancel()
        connection.close()
    if late.is_set():
        raise NotDelivered("No answer in time.")
    if 300 <= answer.status < 400:
        raise NotDelivered(
            f"Answered {answer.status}: redirects are not followed. Register the final address."
        )
    if not 200 <= answer.status < 300:
        raise NotDelivered(f"Answered {answer.status}.")
    return answer.status


def _addresses(host: str, port: int, *, private: bool) -> list[str]:
    """The IP addresses of the name. Raises NotDelivered when there is none, or when one of them lies inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotDelivered(f"The name {host} is not known.") from error
    addresses = [str(entry[4][0]) for entry in found]
    inside = [address for address in addresses if not judged.is_public(address)]
    if inside and not private:
        raise NotDelivered(
            f"{host} leads into a private network ({inside[0]}): SATUKLIK_WEBHOOK_ALLOW_PRIVATE."
        )
    return addresses


class _Plain(http.client.HTTPConnection):
    """Goes to addresses that were judged before; the name stays for the Host header."""

    def __init__(self, host: str, port: int, addresses: Sequence[str]) -> None:
        super().__init__(host, port, timeout=STEP_SECONDS)
        self._addresses = addresses

    def connect(self) -> None:
        for address in self._addresses[:-1]:
            try:
                self.sock = socket.create_connection((address, self.port), STEP_SECONDS)
            except OSError:
                continue
            return
        self.sock = socket.create_connection((self._addresses[-1], self.port), STEP_SECONDS)


class _Encrypted(_Plain):
    """The same under TLS, whose certificate must be the name's."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
