"""Every figure of the matching, each with its unit: change one here, and only here."""

from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth (IUGG); the sphere errs by at most 0.5 %."""

DEFAULT_RADIUS_M: Final = 2_000.0
"""A ride suits a trip when its route passes this close to both ends of the trip."""

WIDER_RADII_M: Final = (5_000.0, 10_000.0, 20_000.0)
"""Tried in turn when nothing passes within the default; the page says so."""

WALK_LIMIT_M: Final = 500.0
"""A passenger walks up to this far at each end; the driver drives the rest."""

WALK_SPEED: Final = 1.25
"""Metres per second on foot."""

ROAD_FACTOR: Final = 1.3
"""Road metres for one metre as the crow flies."""

DETOUR_SPEED: Final = 50 / 3.6
"""Metres per second on a detour: local roads."""

DETOUR_SHARE: Final = 0.25
"""A detour may take this share of the ride's own duration ..."""

DETOUR_FLOOR_S: Final = 20 * 60.0
"""... and this many seconds in any case."""

DRIVE_STEPS: Final = ((15_000.0, 50 / 3.6), (50_000.0, 80 / 3.6), (float("inf"), 110 / 3.6))
"""Speeds of a drive: (up to this many metres as the crow flies, metres of road per second)."""

MIN_TRIP_M: Final = 500.0
"""Shorter is a walk: origin and destination count as the same place."""

MAX_TRIP_M: Final = 1_500_000.0
"""Longer is not carpooling."""

SHARED_SHARE: Final = 0.5
"""Beyond the default radius, the part of the route shared is at least this share of the trip:
a road that crosses the trip far away is no help, however near both ends it looks."""

LEAST_SHARED_M: Final = 1.0
"""A ride shared for less than this goes nowhere: A and B lie beside one place of the route."""

RADII_M: Final = (500.0, 1_000.0, 2_000.0, 3_000.0, 5_000.0)
"""How near a route must pass, at choice."""

STEP_M: Final = 500.0
"""A route is sampled at least this often to find the cells it crosses."""

CELL_REACH_M: Final = 1_560.0
"""No place of an H3 cell of resolution 7 is farther from its centre, anywhere on Earth: 1,477 m in
metropolitan France, 1,491 m on La Réunion, 1,517 m in Guyane, 1,548 m at most."""

CELL_APART_M: Final = 1_270.0
"""A ring of cells is at least this much farther from the middle than the ring inside it; of cells
of resolution 5, seven times."""

COARSE_FROM_M: Final = 6_000.0
"""Questions wider than this are asked in cells of resolution 5, two sizes up: an index that unites
a thousand lists is slow, whatever they hold."""

COARSE_REACH_M: Final = 17_000.0
"""No place is farther from the centre of its cell's grandparent (10.9 km to the corners of one of
resolution 5, 4.1 km of one of resolution 6, 1.6 km: cells do not nest exactly)."""

SLOWEST: Final = 50 / 3.6 / ROAD_FACTOR
"""Metres per second, as the crow flies, that a drive makes at least on the average."""

GRID_M: Final = 250.0
"""Side of the grid on which a member's own points are shown to others."""

EDGE_S: Final = 1e-3
"""A pick-up this many seconds beyond the margin asked for lies on its edge, and counts: half of the
rides that leave exactly an hour later would be a rounding beyond it."""

PAGE: Final = 20
"""Rides shown at once."""
