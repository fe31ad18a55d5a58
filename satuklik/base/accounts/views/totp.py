"""The TOTP secret that is being offered: kept in the session until its first code was typed."""

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import HttpRequest

OFFERED = "totp_offered"


def offer_totp(request: HttpRequest, *, renew: bool) -> str:
    """The secret on offer in this session (base32), a new one where there is none or `renew` is set."""
    secret: str | None = None if renew else request.session.get(OFFERED)
    if secret is None:
        secret = request.session[OFFERED] = generate_totp_secret()
    return secret


def drop_totp(request: HttpRequest) -> None:
    """Forget the offer: it was taken."""
    request.session.pop(OFFERED, None)


def totp_picture(user: Any, secret: str) -> dict[str, str]:
    """What the page shows: the QR code as a data address, the secret in groups of four."""
    adapter = get_adapter()
    url = adapter.build_totp_url(user, secret)
    svg = base64.b64encode(adapter.build_totp_svg(url).encode()).decode()
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"totp_qr": f"data:image/svg+xml;base64,{svg}", "totp_secret": groups, "totp_url": url}
