"""Background work: revocation lists and the keys of our services are renewed long before they end."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from satuklik.spine.signing import actions, queries
from satuklik.spine.signing.errors import TimestampUnavailable
from satuklik.spine.signing.registry import ARCHIVES

log = logging.getLogger(__name__)
# Of one job; the next goes on behind it. A worker that is stopped loses no more than one document's work.
BATCH = 200


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="signing.renew_crls", pass_context=False)
def renew_crls(timestamp: int) -> None:
    """Renew every list of which half the life is over; the list of an authority whose key lies in the safe is
    renewed by its custodians."""
    for authority in queries.authorities():
        if authority.offline:
            continue
        actions.renew_crl(authority.name, now=timezone.now(), only_if_stale=True)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="signing.renew_service_keys", pass_context=False)
def renew_service_keys(timestamp: int) -> None:
    """Issue new keys for time stamps and responders before the old ones end."""
    actions.ensure_service_keys(now=timezone.now())


@app.periodic(cron="41 18 * * *")  # 01.41 WIB
@app.task(queueing_lock="signing.augment", pass_context=False)
def augment(timestamp: int) -> None:
    """Begin the nightly pass over every archive: timestamps, evidence, renewal (docs/adr/0025)."""
    for name in ARCHIVES:
        augment_batch.configure(lock=f"signing.augment.{name}").defer(name=name, after=0)


@app.task
def augment_batch(name: str, after: int) -> None:
    """One batch of an archive; then the next, until none is left. What was done is done: a pass that was broken off
    goes on the night after."""
    try:
        done = ARCHIVES[name].augment(timezone.now(), BATCH, None, after, lambda: None)
    except TimestampUnavailable as outage:
        log.warning("The nightly pass over %s stops until tomorrow: %s", name, outage)
        return
    if done.improved + done.failed:
        log.info("%s: %d documents went further, %d could not.", name, done.improved, done.failed)
    if done.last:
        augment_batch.configure(lock=f"signing.augment.{name}").defer(name=name, after=done.last)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="signing.ask_unresolved", pass_context=False)
def ask_unresolved(timestamp: int) -> None:
    """Ask remote backends about attempts that they never answered. Signs nothing."""
    actions.ask_unresolved(timezone.now())
