"""What can go wrong with webhooks."""


class WebhookError(Exception):
    """Root of this room's errors."""


class BadHook(WebhookError):
    """No hook can be made of this. `code`: not_a_url, not_https, unknown_event, no_event, or private_address."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code, self.what = code, what


class NotDelivered(WebhookError):
    """One attempt failed: no connection, no address, too late, or an answer that is not 2xx."""
