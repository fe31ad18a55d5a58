"""Reads of the inbox: lists and counts, one conversation, what triage is worth."""

from satuklik.spine.intake.queries.listing import BOXES as BOXES
from satuklik.spine.intake.queries.listing import Counts as Counts
from satuklik.spine.intake.queries.listing import Cursor as Cursor
from satuklik.spine.intake.queries.listing import Load as Load
from satuklik.spine.intake.queries.listing import counts as counts
from satuklik.spine.intake.queries.listing import cursor_of as cursor_of
from satuklik.spine.intake.queries.listing import late_before as late_before
from satuklik.spine.intake.queries.listing import load as load
from satuklik.spine.intake.queries.listing import page as page
from satuklik.spine.intake.queries.listing import search as search
from satuklik.spine.intake.queries.listing import urgent as urgent
from satuklik.spine.intake.queries.measured import KindMeasure as KindMeasure
from satuklik.spine.intake.queries.measured import active_model as active_model
from satuklik.spine.intake.queries.measured import corrections as corrections
from satuklik.spine.intake.queries.measured import measured as measured
from satuklik.spine.intake.queries.reading import canned as canned
from satuklik.spine.intake.queries.reading import canned_answer as canned_answer
from satuklik.spine.intake.queries.reading import conversation as conversation
from satuklik.spine.intake.queries.reading import findings as findings
from satuklik.spine.intake.queries.reading import looks as looks
from satuklik.spine.intake.queries.reading import notes as notes
from satuklik.spine.intake.queries.reading import outcomes as outcomes
from satuklik.spine.intake.queries.reading import present as present
from satuklik.spine.intake.queries.reading import similar as similar
from satuklik.spine.intake.queries.reading import suggestions as suggestions
from satuklik.spine.intake.queries.reading import uncovered as uncovered
