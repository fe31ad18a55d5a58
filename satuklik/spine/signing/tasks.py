"""Background work: revocation lists and the keys of our services are renewed long before they end."""

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.signing import actions, queries


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="signing.renew_crls", pass_context=False)
def renew_crls(timestamp: int) -> None:
    """Renew every list of which half the life is over."""
    for authority in queries.authorities():
        actions.renew_crl(authority.name, now=timezone.now(), only_if_stale=True)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="signing.renew_service_keys", pass_context=False)
def renew_service_keys(timestamp: int) -> None:
    """Issue new keys for time stamps and responders before the old ones end."""
    actions.ensure_service_keys(now=timezone.now())
