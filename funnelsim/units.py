"""Units in one another: times in seconds, speeds in metres a second."""

import math

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86_400.0
HOUR_MIN = 60.0
DAY_MIN = 1440
MIN_PER_S = 1.0 / MINUTE_S
KMH_PER_MS = 3.6
MS_PER_KMH = 1.0 / KMH_PER_MS
PER_10K = 10_000.0
NEVER = math.inf
"""The time of an event that does not happen."""

Span = tuple[float, float]
"""From one time to another, in seconds after the midnight before the operation."""
