"""Writes of complaints, one transaction each; `now` is an argument."""

from satuklik.systems.complaints.actions.deciding import archive as archive
from satuklik.systems.complaints.actions.deciding import merge as merge
from satuklik.systems.complaints.actions.deciding import postpone as postpone
from satuklik.systems.complaints.actions.deciding import reclassify as reclassify
from satuklik.systems.complaints.actions.deciding import refuse as refuse
from satuklik.systems.complaints.actions.deciding import verify as verify
from satuklik.systems.complaints.actions.dispatching import dispatch as dispatch
from satuklik.systems.complaints.actions.listening import judge as judge
from satuklik.systems.complaints.actions.listening import reopen as reopen
from satuklik.systems.complaints.actions.listening import say as say
from satuklik.systems.complaints.actions.publishing import release as release
from satuklik.systems.complaints.actions.publishing import withdraw_release as withdraw_release
from satuklik.systems.complaints.actions.replying import add_note as add_note
from satuklik.systems.complaints.actions.replying import close as close
from satuklik.systems.complaints.actions.replying import close_silent as close_silent
from satuklik.systems.complaints.actions.replying import reply as reply
from satuklik.systems.complaints.actions.reporting import Report as Report
from satuklik.systems.complaints.actions.reporting import Submitted as Submitted
from satuklik.systems.complaints.actions.reporting import submit as submit
from satuklik.systems.complaints.actions.reporting import submit_of_program as submit_of_program
from satuklik.systems.complaints.actions.revealing import Identity as Identity
from satuklik.systems.complaints.actions.revealing import note_look as note_look
from satuklik.systems.complaints.actions.revealing import reseal as reseal
from satuklik.systems.complaints.actions.revealing import reveal as reveal
from satuklik.systems.complaints.actions.supporting import support as support
