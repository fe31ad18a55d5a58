"""Writes of messages: notices to accounts, conversations with people, what comes in and what goes out."""

from satuklik.spine.messaging.actions.forgetting import forget_events as forget_events
from satuklik.spine.messaging.actions.notifying import deliver_waiting as deliver_waiting
from satuklik.spine.messaging.actions.notifying import mark_read as mark_read
from satuklik.spine.messaging.actions.notifying import notify as notify
from satuklik.spine.messaging.actions.notifying import notify_person as notify_person
from satuklik.spine.messaging.actions.notifying import register_recipients as register_recipients
from satuklik.spine.messaging.actions.people import open_conversation as open_conversation
from satuklik.spine.messaging.actions.receiving import Handed as Handed
from satuklik.spine.messaging.actions.receiving import check_file as check_file
from satuklik.spine.messaging.actions.receiving import receive as receive
from satuklik.spine.messaging.actions.replying import notify_official as notify_official
from satuklik.spine.messaging.actions.replying import reply as reply
from satuklik.spine.messaging.actions.sending import forget_veiled as forget_veiled
from satuklik.spine.messaging.actions.sending import leave as leave
from satuklik.spine.messaging.actions.sending import send_again as send_again
from satuklik.spine.messaging.actions.talks import assign as assign
from satuklik.spine.messaging.actions.talks import close as close
from satuklik.spine.messaging.actions.talks import join as join
from satuklik.spine.messaging.actions.talks import split as split
from satuklik.spine.messaging.channels import Channel as Channel
from satuklik.spine.messaging.channels import register_channel as register_channel
from satuklik.spine.messaging.registry import register_incoming as register_incoming
from satuklik.spine.messaging.words import register_words as register_words
