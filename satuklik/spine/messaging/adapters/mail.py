"""E-mail: the office's mailbox read by IMAP, letters sent by SMTP, threads, bounces, and no answers to machines."""

import hashlib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from imaplib import IMAP4
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Max, Q

from satuklik.spine.messaging import links, rules
from satuklik.spine.messaging.actions import people, receiving, sending, talks
from satuklik.spine.messaging.actions.handling import store_event
from satuklik.spine.messaging.adapters import letters, proofs
from satuklik.spine.messaging.adapters.letters import Letter
from satuklik.spine.messaging.adapters.registry import Adapter, Parcel, Sent, register_adapter
from satuklik.spine.messaging.errors import NotYet, SendFailed, Unreadable
from satuklik.spine.messaging.models import ChannelState, Identity, Message, RawEvent

NAME = "email"
MOST_MAIL = 30_000_000  # bytes; a larger one is named in quarantine and stays in the mailbox
AT_ONCE = 20
SECONDS = 20
MOST_AN_HOUR = 30  # letters of one sender; two machines that talk to each other are stopped here
STEPS = {"failed": "failed", "delivered": "delivered", "relayed": "sent", "expanded": "sent"}


def account() -> str:
    """The office's address."""
    return settings.MESSAGING_MAIL.lower()[:80]


def is_on() -> bool:
    """Whether letters can be sent."""
    return bool(settings.MESSAGING_MAIL)


def reads() -> bool:
    """Whether there is a mailbox to read."""
    return is_on() and bool(settings.MESSAGING_IMAP_HOST)


def _mailbox() -> Any:
    """The open mailbox. Raises SendFailed."""
    from imap_tools import ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

    host, port, how = (
        settings.MESSAGING_IMAP_HOST,
        settings.MESSAGING_IMAP_PORT,
        settings.MESSAGING_IMAP_SECURITY,
    )
    try:
        if how == "tls":
            box: Any = MailBox(host, port, timeout=SECONDS, ssl_context=ssl.create_default_context())
        elif how == "starttls":
            box = MailBoxStartTls(host, port, timeout=SECONDS, ssl_context=ssl.create_default_context())
        elif host in ("127.0.0.1", "localhost", "::1"):
            box = MailBoxUnencrypted(host, port, timeout=SECONDS)
        else:
            raise SendFailed("insecure", "An IMAP server elsewhere needs tls or starttls.")
        return box.login(
            settings.MESSAGING_IMAP_USER, settings.MESSAGING_IMAP_PASSWORD, settings.MESSAGING_IMAP_FOLDER
        )
    except (ImapToolsError, IMAP4.error) as error:
        raise SendFailed("login", type(error).__name__, again=True) from None
    except OSError as error:
        raise SendFailed("network", type(error).__name__, again=True) from None


def poll(now: datetime) -> int:
    """Store the letters that came since the last look, at most AT_ONCE; how many were new. Raises SendFailed.

    Nothing is deleted or marked in the mailbox. When its UIDVALIDITY changes, it is read from the beginning:
    letters that are known already are recognised by their Message-ID.
    """
    with _mailbox() as box:
        try:
            status = box.folder.status(options=["UIDVALIDITY", "UIDNEXT"])
            return _read(box, int(status["UIDVALIDITY"]), now)
        except (IMAP4.error, OSError, KeyError) as error:
            raise SendFailed("imap", type(error).__name__, again=True) from None


def _read(box: Any, epoch: int, now: datetime) -> int:
    state, _made = ChannelState.objects.get_or_create(channel=NAME, account=account())
    position = state.position if state.epoch == epoch else 0
    _said, found = box.client.uid("SEARCH", None, f"UID {position + 1}:*")
    known = {int(uid) for line in found if line for uid in line.split()}
    uids = sorted(uid for uid in known if uid > position)[:AT_ONCE]  # "n:*" names the last one in any case
    stored = 0
    for uid in uids:
        size = _size(box, uid)
        part = "(BODY.PEEK[HEADER])" if size > MOST_MAIL else "(BODY.PEEK[])"
        _said, answer = box.client.uid("FETCH", str(uid), part)
        body = next((bytes(one[1]) for one in answer if isinstance(one, tuple)), b"")
        problem = ("too_large", f"{size} bytes: it stays in the mailbox") if size > MOST_MAIL else ("", "")
        with transaction.atomic():
            stored += store_event(
                NAME, account(), body, now=now, key=f"{epoch}:{uid}", problem=problem[0], reason=problem[1]
            )
            ChannelState.objects.filter(pk=state.pk).update(position=uid, epoch=epoch, seen_at=now)
    return stored


def _size(box: Any, uid: int) -> int:
    _said, answer = box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    for line in answer:
        text = line if isinstance(line, bytes) else b"".join(line) if isinstance(line, tuple) else b""
        _, found, rest = text.partition(b"RFC822.SIZE ")
        if found:
            return int(rest.split(b")")[0].split()[0])
    return 0


def handle(event: RawEvent, now: datetime) -> None:
    """One e-mail."""
    raw = bytes(event.body)
    mail = letters.parse(raw)
    told = letters.bounces(mail)
    if told:
        _bounced(told, event, now)
        return
    if reason := letters.machine(mail, {account()}):
        raise Unreadable(reason, "loop")
    letter = letters.read(mail, raw)
    if _own(letter.sender):
        raise Unreadable("our own address", "loop")
    whose = _whose(letter, proofs.is_proven(mail, letter.sender, settings.MESSAGING_MAIL_AUTHSERV_ID))
    if _too_many(whose, now):
        raise Unreadable(f"more than {MOST_AN_HOUR} letters in an hour", "too_many")
    receiving.receive(
        channel=NAME, address=whose.address, account=event.account, external_id=_external_id(letter, whose, raw),
        name=letter.name, subject=letter.subject, text=letter.text, files=letter.files, at=letter.at, now=now,
        kind="email", reply_to=letter.answers[0] if letter.answers else "", email=whose.address,
        conversation_id=whose.conversation_id, claimed=whose.claimed, proof=whose.proof,
        claimed_from=letter.sender if whose.proof == "none" or letter.sender != whose.address else "",
    )  # fmt: skip
    if letter.answers:
        sending.note_answered(letter.answers, NAME, now)


def _bounced(told: list[letters.Bounce], event: RawEvent, now: datetime) -> None:
    for one in told:
        step = STEPS.get(one.action)
        if step is None:
            continue
        report = sending.Report(
            NAME, event.account, one.message_id, step, now, "bounce", f"{one.status} {one.detail}".strip()
        )
        if not sending.note_status(report, now):
            raise NotYet("a bounce of a letter that we do not know (yet)")


def _own(address: str) -> bool:
    """Our address, also with a word after the plus sign."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}" == account()


@dataclass(frozen=True)
class _Whose:
    """Whose letter it is. `claimed`: only the letter itself says so."""

    address: str
    proof: str
    conversation_id: int | None = None
    claimed: bool = False


def _whose(letter: Letter, vouched: bool) -> _Whose:
    """By our mail server's word; else by the thread that the letter answers; else it is only claimed.

    Who answers a letter of ours shows that he can read the mail of the address that we wrote to: that address is
    proven, and no other one that stands in From. So nobody brings a stranger's address into his own thread.
    """
    thread = _conversation(letter)
    if vouched:
        return _Whose(letter.sender, "server", thread)
    mine = _written_to(thread) if thread is not None else []
    for identity in mine:
        if identity.address == letter.sender:
            return _Whose(identity.address, "thread", thread, people.settle_claim(identity))
    if mine:
        return _Whose(mine[0].address, "thread", thread, mine[0].claimed)
    return _Whose(letter.sender, "none", None, True)


def _written_to(conversation_id: int) -> list[Identity]:
    """The e-mail addresses of a conversation, the one that we wrote to last first."""
    found = talks.follow(conversation_id)
    rows = Identity.objects.filter(conversation=found, channel=NAME, retired_at=None)
    return list(
        rows.annotate(last=Max("messages__pk", filter=Q(messages__direction="out")))
        .filter(last__isnull=False)
        .order_by("-last")
    )


def _too_many(whose: _Whose, now: datetime) -> bool:
    recent = Message.objects.filter(
        channel=NAME, direction="in", identity__channel=NAME, identity__address=whose.address,
        identity__claimed=whose.claimed, stored_at__gt=now - timedelta(hours=1),
    )  # fmt: skip
    return recent.count() >= MOST_AN_HOUR


def _external_id(letter: Letter, whose: _Whose, raw: bytes) -> str:
    """The Message-ID; where somebody else used it before, one of our own: nobody hides a letter by copying an id."""
    taken = Message.objects.filter(channel=NAME, account=account(), external_id=letter.message_id)
    same = taken.filter(
        direction="in",
        identity__address=whose.address,
        identity__claimed=whose.claimed,
        sender_proof=whose.proof,
    )
    if same.exists() or not taken.exists():
        return letter.message_id
    return f"{letter.message_id[:200]}#{hashlib.sha256(raw).hexdigest()[:32]}"


def _conversation(letter: Letter) -> int | None:
    """The conversation that the letter answers: by the word in our Reply-To, else by the Message-IDs of our own
    letters, which nobody but their receivers knows."""
    local, _, domain = account().partition("@")
    for address in letter.to:
        word, _, where = address.partition("@")
        if where == domain and word.startswith(f"{local}+"):
            found = links.conversation_of(word.removeprefix(f"{local}+"))
            if found is not None:
                return found
    if not letter.answers:
        return None
    known = Message.objects.filter(
        Q(channel=NAME, direction="out", external_id__in=letter.answers)
    ).order_by("-pk")  # fmt: skip
    first = known.values_list("conversation_id", flat=True).first()
    return int(first) if first is not None else None


def send(parcel: Parcel, now: datetime) -> Sent:
    """Hand one letter to the mail server, in the thread of the earlier ones."""
    local, _, domain = settings.MESSAGING_MAIL.partition("@")
    message_id = name_of(parcel.message_id)[0]
    headers = {
        "Message-ID": message_id,
        "Reply-To": f"{local}+{links.reply_token(parcel.conversation_id)}@{domain}",
        letters.MARK: "1",
    }
    if parcel.automatic:
        headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    thread = [one for one in parcel.thread if one.startswith("<") and "#" not in one]
    answered = parcel.reply_to if parcel.reply_to.startswith("<") else (thread[-1] if thread else "")
    if answered:
        headers |= {"In-Reply-To": answered, "References": " ".join(dict.fromkeys([*thread, answered]))}
    subject = parcel.subject or f"PPID {settings.REGENCY_NAME}"
    mail = EmailMessage(
        subject,
        f"{parcel.text}\n\n-- \n{parcel.link}\n",
        settings.MESSAGING_MAIL,
        [parcel.address],
        headers=headers,
    )
    for file in parcel.files:
        mail.attach(file.name, file.content, file.media_type)
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
    except SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except (SMTPException, OSError) as error:
        raise SendFailed("network", type(error).__name__, again=True) from None
    try:
        connection.send_messages([mail])
    except SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise _refused(int(code), said) from None
    except SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from None
    except ValueError as error:
        raise SendFailed("network", type(error).__name__) from None
    except (SMTPException, OSError) as error:
        # The line broke within the letter: the server may have taken it all the same.
        raise SendFailed("network", type(error).__name__, unsure=True) from None
    finally:
        connection.close()
    return Sent(message_id, account())


def name_of(message_id: int) -> tuple[str, str]:
    """(Message-ID, account) of a letter of ours, known before it is handed over: bounces and answers name it."""
    return links.mail_id(message_id, settings.MESSAGING_MAIL.partition("@")[2]), account()


def _refused(code: int, said: object) -> SendFailed:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if code == 421 or 400 <= code < 500:
        return SendFailed(str(code), rules.clean_name(text, 200), again=True)
    return SendFailed("bounce", rules.clean_name(f"{code} {text}", 200))


def problems() -> list[str]:
    """What of the configuration does not work."""
    if not is_on():
        return ["Not set: MESSAGING_MAIL."]
    found = []
    if not settings.MESSAGING_IMAP_HOST:
        found.append("Not set: MESSAGING_IMAP_HOST (nothing is read).")
    else:
        if not settings.MESSAGING_MAIL_AUTHSERV_ID:
            found.append(
                "Not set: MESSAGING_MAIL_AUTHSERV_ID (no sender is proven, but by answering a letter of ours)."
            )
        try:
            with _mailbox():
                pass
        except SendFailed as failure:
            found.append(f"The mailbox cannot be opened: {failure.code} {failure.detail}.")
    try:
        with get_connection(timeout=SECONDS):
            pass
    except (SMTPException, OSError) as error:
        found.append(f"The mail server does not take letters: {type(error).__name__}.")
    return found


def register() -> None:
    """Make the channel known."""
    register_adapter(Adapter(NAME, is_on, send, problems, handle, name_of=name_of))
