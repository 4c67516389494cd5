"""funnelsim: what a roadside funnel would find, and what it would cost in delay.

A planning aid for lawful, proportionate operations: vehicles are selected by class and an abstract score,
and the burden on ordinary travellers is always reported beside the yield.
"""

__version__ = "0.1.0"
