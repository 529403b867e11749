import itertools

import pytest

from tour.pictures.spread import spread


def test_what_has_room_stands_where_it_is_wanted():
    assert spread([0.0, 10.0, 30.0], [5.0, 5.0]) == [0.0, 10.0, 30.0]


def test_what_comes_too_close_gives_way_on_both_sides():
    assert spread([10.0, 10.0], [6.0]) == [7.0, 13.0]


def test_what_weighs_more_gives_way_less():
    assert spread([10.0, 10.0], [4.0], [3.0, 1.0]) == [9.0, 13.0]


def test_what_a_pool_comes_too_close_to_joins_it():
    assert spread([0.0, 10.0, -1.0], [4.0, 4.0]) == [-1.0, 3.0, 7.0]


def test_a_pool_weighs_what_all_in_it_weigh():
    assert spread([10.0, 10.0, 10.0], [4.0, 4.0], [1.0, 1.0, 2.0]) == [5.0, 9.0, 13.0]


def test_order_and_distances_are_kept_whatever_is_wanted():
    distances = [3.0, 1.0, 4.0, 1.0]
    places = spread([9.0, 2.0, 6.0, 5.0, 3.0], distances)
    for (one, other), distance in zip(itertools.pairwise(places), distances, strict=True):
        assert other - one == pytest.approx(distance) or other - one > distance


def test_nothing_is_spread_to_nothing():
    assert spread([], []) == []
