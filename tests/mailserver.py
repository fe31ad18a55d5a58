"""Real mail servers on ports of this machine: Dovecot for IMAP (Debian's package), aiosmtpd for SMTP."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

BOX, PASSWORD = "ppid@asahan.example", "sandi-uji"

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
state_dir = {run}
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
auth_mechanisms = plain
auth_failure_delay = 0 secs
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
namespace inbox {{
  inbox = yes
}}
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """A mailbox that is read by IMAP; `put` delivers a letter into it."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="satuklik-dovecot-"))
        self.folder.chmod(0o755)
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        # Dovecot opens no mailbox as root: then it is nobody's.
        owner = pwd.getpwnam("nobody") if root else me
        self.new = self.folder / "mail" / "new"
        for name in ("new", "cur", "tmp"):
            (self.folder / "mail" / name).mkdir(parents=True, exist_ok=True)
        self.owner = owner
        self._own()
        config = self.folder / "dovecot.conf"
        config.write_text(CONFIG.format(
            run=self.folder / "run", folder=self.folder, port=self.port, password=PASSWORD, uid=owner.pw_uid,
            gid=owner.pw_gid, internal="dovecot" if root else me.pw_name, login="dovenull" if root else me.pw_name,
            group="dovecot" if root else "",
        ).replace("default_internal_group = \n", ""))  # fmt: skip
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()
        self.count = 0

    def _own(self) -> None:
        if os.geteuid() != 0:
            return
        for path in [self.folder, *self.folder.rglob("*")]:
            if path.name not in ("run", "dovecot.conf", "log"):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def _wait(self) -> None:
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as link:
                    if link.recv(64).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.05)
        log = self.folder / "log"
        raise AssertionError(log.read_text()[-2000:] if log.exists() else "Dovecot did not start.")

    def put(self, letter: bytes | EmailMessage) -> None:
        self.count += 1
        path = self.new / f"{time.time_ns()}.{self.count}.uji"
        path.write_bytes(letter if isinstance(letter, bytes) else letter.as_bytes())
        if os.geteuid() == 0:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def empty(self) -> None:
        """Nothing is in the mailbox, and its UIDVALIDITY is another one."""
        for path in (self.folder / "mail").rglob("*"):
            if path.is_file():
                path.unlink()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


class Postbox:
    """An SMTP server that keeps what it takes; `refuse` maps addresses to its answers."""

    def __init__(self) -> None:
        from aiosmtpd.controller import Controller

        self.taken: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        postbox = self

        class Handler:
            async def handle_RCPT(
                self, server: Any, session: Any, envelope: Any, address: str, options: Any
            ) -> str:
                if address in postbox.refuse:
                    return postbox.refuse[address]
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
                postbox.taken.append(BytesParser(policy=default).parsebytes(envelope.content))
                return "250 Message accepted for delivery"

        self.controller = Controller(
            Handler(), hostname="127.0.0.1", port=_free_port(), data_size_limit=40_000_000
        )
        self.controller.start()
        self.port = self.controller.port

    def stop(self) -> None:
        self.controller.stop()


@pytest.fixture(scope="session")
def _dovecot() -> Iterator[Dovecot]:
    if shutil.which("dovecot") is None and Path("/usr/sbin/dovecot").exists():
        os.environ["PATH"] += ":/usr/sbin"
    if shutil.which("dovecot") is None:
        pytest.skip("Dovecot is not installed: requirements/install.sh programs")
    server = Dovecot()
    yield server
    server.stop()


@pytest.fixture
def mailbox(_dovecot: Dovecot, settings: Any) -> Dovecot:
    """The office's mailbox, empty, reached by this test's settings."""
    _dovecot.empty()
    settings.MESSAGING_MAIL = BOX
    settings.MESSAGING_IMAP_HOST, settings.MESSAGING_IMAP_PORT = "127.0.0.1", _dovecot.port
    settings.MESSAGING_IMAP_SECURITY = "none"
    settings.MESSAGING_IMAP_USER, settings.MESSAGING_IMAP_PASSWORD = BOX, PASSWORD
    return _dovecot


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    """A mail server that takes our letters."""
    server = Postbox()
    settings.MESSAGING_MAIL = BOX
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield server
    server.stop()
