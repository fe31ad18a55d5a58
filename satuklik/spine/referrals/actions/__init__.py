"""Writes of referrals: asked, acknowledged, answered, given back, recalled, escalated; the rule and the contacts."""

from satuklik.spine.referrals.actions.answering import answer as answer
from satuklik.spine.referrals.actions.answering import give_back as give_back
from satuklik.spine.referrals.actions.answering import recall as recall
from satuklik.spine.referrals.actions.answering import release as release
from satuklik.spine.referrals.actions.asking import acknowledge as acknowledge
from satuklik.spine.referrals.actions.asking import opened as opened
from satuklik.spine.referrals.actions.asking import refer as refer
from satuklik.spine.referrals.actions.escalating import escalate as escalate
from satuklik.spine.referrals.actions.escalating import recount as recount
from satuklik.spine.referrals.actions.setting import set_contact as set_contact
from satuklik.spine.referrals.actions.setting import set_policy as set_policy
