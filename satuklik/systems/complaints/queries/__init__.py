"""Reads of complaints."""

from satuklik.systems.complaints.queries.desk import Filter as Filter
from satuklik.systems.complaints.queries.desk import counts as counts
from satuklik.systems.complaints.queries.desk import listed as listed
from satuklik.systems.complaints.queries.desk import matching as matching
from satuklik.systems.complaints.queries.desk import one as one
from satuklik.systems.complaints.queries.figures import figures as figures
from satuklik.systems.complaints.queries.finding import alike as alike
from satuklik.systems.complaints.queries.finding import by_key as by_key
from satuklik.systems.complaints.queries.finding import of_user as of_user
from satuklik.systems.complaints.queries.finding import search as search
from satuklik.systems.complaints.queries.finding import subject_of as subject_of
from satuklik.systems.complaints.queries.mapping import Cluster as Cluster
from satuklik.systems.complaints.queries.mapping import Tally as Tally
from satuklik.systems.complaints.queries.mapping import by_region as by_region
from satuklik.systems.complaints.queries.mapping import clusters as clusters
from satuklik.systems.complaints.queries.mapping import extent as extent
from satuklik.systems.complaints.queries.mapping import nearby as nearby
from satuklik.systems.complaints.queries.public import public_point as public_point
from satuklik.systems.complaints.queries.public import released as released
from satuklik.systems.complaints.queries.public import released_matching as released_matching
from satuklik.systems.complaints.queries.public import released_one as released_one
