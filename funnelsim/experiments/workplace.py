"""The memory in which one thread simulates replication after replication in compiled code."""

from collections.abc import Sequence

from funnelsim.analysis.delays import count_delays
from funnelsim.analysis.measures import measure_into
from funnelsim.analysis.notes import notes_for, take_notes
from funnelsim.analysis.records import Records
from funnelsim.analysis.series import series_into
from funnelsim.analysis.yardstick import yardstick_of
from funnelsim.arrays import FloatArray, IntArray
from funnelsim.engines.compiled.numbers import numbers_of
from funnelsim.engines.compiled.table import buffers_for
from funnelsim.engines.compiled_engine import columns_of, run_in
from funnelsim.model.arrivals import TOO_MANY
from funnelsim.model.plan import Plan
from funnelsim.model.road_numbers import road_numbers
from funnelsim.model.traffic import draw_into, room_for, traffic_buffers


class Workplace:
    """Vehicles of one road in one replication, and the log of one plan at a time; both are written over and over.

    Nothing that grows with the vehicles is made for a replication: its vehicles are drawn into the table in which the
    engine works, the log stands in the same table, and its measures are taken from there.

    Parameters
    ----------
    plans
        Plans that share a road, so that they meet the same vehicles.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = plans
        self.numbers = [numbers_of(plan) for plan in plans]
        self.yardsticks = [yardstick_of(plan) for plan in plans]
        self.road = road_numbers(plans[0].road)
        self.seed = self.replication = self.count = 0
        self._make_room(room_for(plans[0].road))

    def _make_room(self, vehicles: int) -> None:
        self.buffers = buffers_for(self.numbers, vehicles, vehicles // 4)
        self._note_room()
        columns = columns_of(self.buffers, vehicles)
        made = traffic_buffers(0, len(self.plans[0].funnels))
        self.traffic = made._replace(**{name: columns[name] for name in made._fields if name in columns})

    def _note_room(self) -> None:
        vehicles, stages = self.buffers.table.reals.shape[1], len(self.buffers.book.stage)
        self.notes = notes_for(self.plans[0], vehicles, max(vehicles, stages))

    def draw(self, seed: int, replication: int) -> None:
        """Draw the vehicles of one replication."""
        self.seed, self.replication = seed, replication
        while (count := draw_into(self.traffic, self.road, seed, replication)) == TOO_MANY:
            self._make_room(2 * self.buffers.table.reals.shape[1])
        self.count = count

    def simulate(self, place: int) -> Records:
        """Let the vehicles meet a plan, and note what its measures need; the log stands in the records returned."""
        before = self.buffers
        self.buffers = run_in(before, self.traffic.first, self.numbers[place], self.seed, self.replication)
        if self.buffers is not before:
            self._note_room()
        columns = columns_of(self.buffers, self.count) | {"first": self.traffic.first}
        records = Records(*(columns[name] for name in Records._fields))
        take_notes(self.notes, records, self.yardsticks[place])
        return records

    def measure(self, place: int, records: Records, row: FloatArray) -> None:
        """Write the measures of a plan, as `funnelsim.analysis.measures.measure_names` names them."""
        measure_into(row, records, self.yardsticks[place], self.notes)

    def draw_day(self, place: int, records: Records, matrix: FloatArray, counts: IntArray) -> None:
        """Write the day of a plan, and add its delays to their counts (`funnelsim.analysis.series`)."""
        series_into(matrix, records, self.yardsticks[place], self.notes)
        count_delays(counts, records, self.notes)
