"""The purposes of random numbers, by name: each has a stream of its own, so a new purpose never shifts an old one."""

import hashlib
from typing import Final


def purpose(name: str) -> int:
    """Return the number of a purpose: a hash of its name.

    Examples
    --------
    >>> purpose("class") == purpose("class"), purpose("class") == purpose("target")
    (True, False)
    """
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1  # 63 bits: fits a signed integer everywhere


DAY: Final = purpose("factor of the day")
GAP: Final = purpose("gap")
FOLLOWS: Final = purpose("follows in a platoon")
COUNT: Final = purpose("count of an interval")
CLASS: Final = purpose("class")
TARGET: Final = purpose("target")
IMPRESSION: Final = purpose("impression")
HEADWAY: Final = purpose("headway")
LOOK: Final = purpose("look")
OCCUPANTS: Final = purpose("occupants")
LISTED: Final = purpose("on the watch list")
EVADES: Final = purpose("keeps out of the way")
LEAVES: Final = purpose("leaves at the exit")
PURSUED: Final = purpose("is pursued")
BROUGHT: Final = purpose("is brought to the area")
PURSUIT: Final = purpose("duration of the pursuit")
