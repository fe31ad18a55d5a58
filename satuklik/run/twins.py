"""The settings of a demo's far sides: Meta, Telegram and the mail server are twins in the demo's own web server."""

import hashlib
from collections.abc import Mapping
from typing import Any


def twin_settings(secret_key: str, port: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a demo sets for messages, unless the environment has set it (`given`). The secrets are this
    installation's own: they follow from its secret key, so that every process of it knows them."""
    drawn = hashlib.sha256(f"messaging twin {secret_key}".encode()).hexdigest()
    made: dict[str, Any] = {
        "WHATSAPP_APP_SECRET": given["WHATSAPP_APP_SECRET"] or drawn[:32],
        "WHATSAPP_VERIFY_TOKEN": given["WHATSAPP_VERIFY_TOKEN"] or drawn[32:48],
    }
    if not given["WHATSAPP_TOKEN"]:
        made["WHATSAPP_TOKEN"] = drawn[48:]
        made["WHATSAPP_PHONE_NUMBER_ID"] = given["WHATSAPP_PHONE_NUMBER_ID"] or "100000000000001"
        made["WHATSAPP_URL"] = f"http://127.0.0.1:{port}/peraga/graph"
    if not given["TELEGRAM_TOKEN"]:
        made["TELEGRAM_TOKEN"] = f"100001:{drawn[40:]}"
        made["TELEGRAM_URL"] = f"http://127.0.0.1:{port}/peraga/telegram"
        made["TELEGRAM_POLL_SECONDS"] = 0  # a question that waits would hold one of our own threads
    if not given["MESSAGING_MAIL"]:
        made["MESSAGING_MAIL"] = "ppid@asahan.example"
        made["EMAIL_BACKEND"] = "satuklik.spine.messaging.twins.mail.Backend"
        made["MESSAGING_MAIL_AUTHSERV_ID"] = "mx.asahan.example"
    return made
