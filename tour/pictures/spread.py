"""Find places on a line for things that keep their order and their distance."""

from collections.abc import Sequence


def spread(
    wanted: Sequence[float], distances: Sequence[float], weights: Sequence[float] | None = None
) -> list[float]:
    """Return the places nearest to those wanted, each at least its distance after the one before.

    `distances` has one number less than `wanted`. Nearest is what has the least sum of squares,
    weighted where there are `weights`; it is found by pooling neighbours that come too close.
    """
    weights = weights or [1.0] * len(wanted)
    shifts = [0.0]
    for distance in distances:
        shifts.append(shifts[-1] + distance)
    pools: list[tuple[float, float, int]] = []
    for want, weight, shift in zip(wanted, weights, shifts):
        place, size = want - shift, 1
        while pools and pools[-1][0] > place:
            before, before_weight, before_size = pools.pop()
            place = (before * before_weight + place * weight) / (before_weight + weight)
            weight += before_weight
            size += before_size
        pools.append((place, weight, size))
    places = [place for place, _, size in pools for _ in range(size)]
    return [place + shift for place, shift in zip(places, shifts)]
