"""Background work: revocation lists are renewed long before they end."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.signing import actions, queries


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="signing.renew_crls", pass_context=False)
def renew_crls(timestamp: int) -> None:
    """Renew every list of which half the life is over."""
    for authority in queries.authorities():
        actions.renew_crl(authority.name, now=timezone.now(), only_if_stale=True)
