"""Geometry: blocks that coarsen, boxes, clipping, how far a point is from an edge."""

import math

import pytest

from satuklik.kernel import maps

SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


@pytest.mark.parametrize(
    ("point", "level", "block"),
    [
        ((99.6158, 2.9845), 0, "0_25501_764"), ((99.6158, 2.9845), 4, "4_1593_47"), ((-0.001, -0.001), 0, "0_-1_-1"),
        ((99.6171875, 2.98046875), 0, "0_25502_763"), ((99.6158, 2.9845), -2, "-2_102006_3056"),
    ],
)  # fmt: skip
def test_a_point_lies_in_its_block(point, level, block):
    found = maps.block_at(point, level)
    assert str(found) == block
    assert maps.parsed(block, finest=-5) == found
    west, south, east, north = found.box
    assert west <= point[0] < east
    assert south <= point[1] < north


@pytest.mark.parametrize(
    "text", ["", "x", "0_1", "-1_0_0", "99_0_0", "0_99999_0", "0_1_2_3", "0_1_2\n", "٣_1_2"]
)
def test_what_is_no_public_block(text):
    assert maps.parsed(text) is None


def test_coarse_points_say_no_more_than_their_block():
    west, south, east, north = maps.block_at((99.6158, 2.9845)).box
    steps = [step / 40 for step in range(40)]
    there = {
        maps.coarse((west + (east - west) * x, south + (north - south) * y)) for x in steps for y in steps
    }
    assert there == {(99.615234, 2.986328)}
    assert 400 < (east - west) * maps.DEGREE_METRES < 450


@pytest.mark.parametrize(
    ("box", "blocks"),
    [
        ((0, 0, 1, 1), (0, 0, 1, 1)), ((0.4, 0.4, 0.6, 0.6), (0, 0, 1, 1)), ((0.6, 0, 1.4, 1), (1, 0, 1, 1)),
        ((0.5, 0.5, 1.5, 1.5), (0, 0, 1, 1)), ((-3.6, -0.5, 2.51, 0.2), (-4, -1, 3, 0)),
    ],
)  # fmt: skip
def test_the_blocks_whose_middles_lie_in_a_box(box, blocks):
    assert maps.by_middles(tuple(edge * maps.CELL for edge in box)) == tuple(
        edge * maps.CELL for edge in blocks
    )


@pytest.mark.parametrize(
    ("width", "level"), [(1.0, 5), (12 / 256, 0), (12.001 / 256, 1), (1e-12, 0), (1e9, 12)]
)
def test_levels(width, level):
    assert maps.level_for(width, 12) == level


def test_clipping_and_the_middle():
    half = maps.clipped(SQUARE[:-1], (0.5, -1.0, 2.0, 2.0))
    assert maps.centroid(half) == (pytest.approx(0.75), pytest.approx(0.5), pytest.approx(0.5))
    assert maps.clipped(SQUARE, (2.0, 2.0, 3.0, 3.0)) == []
    assert maps.centroid([(99.5, 3.0), (99.6, 3.0), (99.7, 3.0)])[2] == 0


def test_metres_beside_an_edge():
    assert maps.metres_beside((0.5, -0.001), SQUARE) == pytest.approx(111.32, abs=0.1)
    assert maps.metres_beside((1.001, 1.001), SQUARE) == pytest.approx(157.4, abs=0.5)
    assert maps.metres_beside((0.5, 0.5), []) == math.inf


@pytest.mark.parametrize(("room", "bar"), [(0.3, 1), (1, 1), (19, 10), (20, 20), (99_999, 50_000)])
def test_the_bar_is_round(room, bar):
    assert maps.scale_bar(room) == bar


def test_boxes():
    assert maps.shaped((0, 0, 4, 1), 0.5, 1.0) == (0, -0.5, 4, 1.5)
    assert maps.shaped((0, 0, 1, 4), 0.5, 1.0) == (-1.5, 0, 2.5, 4)
    assert maps.grown((0, 0, 2, 2), 0.5) == (-1, -1, 3, 3)
    assert maps.grown((0, 0, 0, 0), 0.5, least=2) == (-1, -1, 1, 1)
    assert maps.hull([(0, 0, 1, 1), (2, -1, 3, 0)]) == (0, -1, 3, 1)


def test_circles_part():
    one, other = maps.apart([(0, 0), (0, 0)], [10, 10])
    assert math.dist(one, other) >= 20
