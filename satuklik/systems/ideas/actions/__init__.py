"""Writes of ideas, one transaction each; `now` is an argument."""

from satuklik.systems.ideas.actions.living import report as report
from satuklik.systems.ideas.actions.moderating import answer_suggestion as answer_suggestion
from satuklik.systems.ideas.actions.moderating import decline as decline
from satuklik.systems.ideas.actions.moderating import merge as merge
from satuklik.systems.ideas.actions.moderating import moderate as moderate
from satuklik.systems.ideas.actions.moderating import publish as publish
from satuklik.systems.ideas.actions.moderating import try_again as try_again
from satuklik.systems.ideas.actions.reviewing import assign as assign
from satuklik.systems.ideas.actions.reviewing import review as review
from satuklik.systems.ideas.actions.reviewing import start_review as start_review
from satuklik.systems.ideas.actions.submitting import Proposal as Proposal
from satuklik.systems.ideas.actions.submitting import Submitted as Submitted
from satuklik.systems.ideas.actions.submitting import submit as submit
from satuklik.systems.ideas.actions.supporting import support as support
from satuklik.systems.ideas.actions.voting import call_off as call_off
from satuklik.systems.ideas.actions.voting import choices_of as choices_of
from satuklik.systems.ideas.actions.voting import count as count
from satuklik.systems.ideas.actions.voting import create_round as create_round
from satuklik.systems.ideas.actions.voting import vote as vote
