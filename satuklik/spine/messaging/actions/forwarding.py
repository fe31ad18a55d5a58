"""Notices to accounts leave the house as messages of a conversation: with window, template, fallback and proof."""

from django.conf import settings
from django.utils import timezone

from satuklik.spine.messaging.actions import people, replying
from satuklik.spine.messaging.channels import Channel, Letterbox, Recipient, register_channel
from satuklik.spine.messaging.models import Conversation


def _absolute(link: str) -> str:
    return link if not link or link.startswith("http") else f"{settings.PUBLIC_URL}{link}"


def _hand_over(conversation: Conversation, notice: Letterbox, channel: str) -> None:
    link = _absolute(notice.link)
    text = "\n\n".join(part for part in (notice.title, notice.body, link) if part)
    replying.reply(
        conversation, text, now=timezone.now(), template="notice", variables=(notice.title, link),
        subject=notice.title, channel=channel,
    )  # fmt: skip


def _by_whatsapp(notice: Letterbox) -> None:
    conversation = people.open_conversation(phone=notice.address, now=timezone.now())
    _hand_over(conversation, notice, "whatsapp")


def _by_mail(notice: Letterbox) -> None:
    conversation = people.open_conversation(email=notice.address, now=timezone.now())
    _hand_over(conversation, notice, "email")


def _phone(user: Recipient) -> str:
    return user.phone or "" if user.phone_verified else ""


def _email(user: Recipient) -> str:
    return user.email


def register() -> None:
    """Make the two ways out known; SATUKLIK_MESSAGE_CHANNELS switches them on."""
    register_channel(Channel("whatsapp", _phone, _by_whatsapp))
    register_channel(Channel("email", _email, _by_mail))
