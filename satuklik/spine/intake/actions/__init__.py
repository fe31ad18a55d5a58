"""Writes of the inbox: reading what came in, answering, making objects, marking conversations."""

from satuklik.spine.intake.actions.answering import answer as answer
from satuklik.spine.intake.actions.answering import save_canned as save_canned
from satuklik.spine.intake.actions.creating import create as create
from satuklik.spine.intake.actions.creating import set_aside as set_aside
from satuklik.spine.intake.actions.learning import activate as activate
from satuklik.spine.intake.actions.learning import store_model as store_model
from satuklik.spine.intake.actions.marking import assign as assign
from satuklik.spine.intake.actions.marking import be_there as be_there
from satuklik.spine.intake.actions.marking import calm as calm
from satuklik.spine.intake.actions.marking import forget_presence as forget_presence
from satuklik.spine.intake.actions.marking import merge as merge
from satuklik.spine.intake.actions.marking import note as note
from satuklik.spine.intake.actions.marking import open_secret as open_secret
from satuklik.spine.intake.actions.marking import record_look as record_look
from satuklik.spine.intake.actions.marking import record_search as record_search
from satuklik.spine.intake.actions.marking import split as split
from satuklik.spine.intake.actions.recording import take_answer as take_answer
from satuklik.spine.intake.actions.taking import take_in as take_in
