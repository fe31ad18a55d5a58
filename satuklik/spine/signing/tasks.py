"""Background work: revocation lists are renewed long before they end."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.signing import actions, queries


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="signing.renew_crls", pass_context=False)
def renew_crls(timestamp: int) -> None:
    """Renew every list of which half the life is over; the list of an authority whose key lies in the safe is
    renewed by its custodians."""
    for authority in queries.authorities():
        if authority.offline:
            continue
        actions.renew_crl(authority.name, now=timezone.now(), only_if_stale=True)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="signing.ask_unresolved", pass_context=False)
def ask_unresolved(timestamp: int) -> None:
    """Ask remote backends about attempts that they never answered. Signs nothing."""
    actions.ask_unresolved(timezone.now())
