"""Reads the regions: names and codes, outlines (`known`), pictures of them (`charts`)."""

from satuklik.base.regions.queries.known import NoSuchRegion as NoSuchRegion
from satuklik.base.regions.queries.known import Place as Place
from satuklik.base.regions.queries.known import box_of as box_of
from satuklik.base.regions.queries.known import districts as districts
from satuklik.base.regions.queries.known import forget as forget
from satuklik.base.regions.queries.known import full_name as full_name
from satuklik.base.regions.queries.known import has_boundaries as has_boundaries
from satuklik.base.regions.queries.known import kept as kept
from satuklik.base.regions.queries.known import outlines as outlines
from satuklik.base.regions.queries.known import place as place
from satuklik.base.regions.queries.known import region as region
from satuklik.base.regions.queries.known import regions as regions
from satuklik.base.regions.queries.known import source as source
from satuklik.base.regions.queries.known import village_at as village_at
from satuklik.base.regions.queries.known import villages as villages
