"""Aggregates of PostgreSQL that Django does not bring."""

from django.db.models import Aggregate, FloatField


class Median(Aggregate):
    """The median of an expression, NULL over no rows; between two middle values it lies halfway."""

    function = "PERCENTILE_CONT"
    name = "median"
    output_field = FloatField()
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
