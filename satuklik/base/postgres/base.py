"""The engine: Django's own, but whether a kept connection still lives costs no trip to the server."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL."""

    def is_usable(self) -> bool:
        """Whether the connection still lives.

        A server that stopped, or that ended the connection, has said so: then there is something to read on
        the socket. Only then is a question asked, as Django does it at the start of every request.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        if waiting.poll(0):
            usable: bool = super().is_usable()
            return usable
        return True
