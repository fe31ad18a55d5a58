"""Reads referrals: of a subject, of an official, the silent ones, the public board, the link."""

from satuklik.spine.referrals.permits import is_utama as is_utama
from satuklik.spine.referrals.policies import in_force as in_force
from satuklik.spine.referrals.queries.board import AgencyRow as AgencyRow
from satuklik.spine.referrals.queries.board import Board as Board
from satuklik.spine.referrals.queries.board import board as board
from satuklik.spine.referrals.queries.lists import contact_of as contact_of
from satuklik.spine.referrals.queries.lists import counts as counts
from satuklik.spine.referrals.queries.lists import done as done
from satuklik.spine.referrals.queries.lists import of_subject as of_subject
from satuklik.spine.referrals.queries.lists import of_subjects as of_subjects
from satuklik.spine.referrals.queries.lists import one as one
from satuklik.spine.referrals.queries.lists import silent as silent
from satuklik.spine.referrals.queries.lists import silent_count as silent_count
from satuklik.spine.referrals.queries.lists import waiting as waiting
from satuklik.spine.referrals.queries.seeing import HopView as HopView
from satuklik.spine.referrals.queries.seeing import ReferralView as ReferralView
from satuklik.spine.referrals.queries.tapping import Tapped as Tapped
from satuklik.spine.referrals.queries.tapping import tapped as tapped
