"""Rows of a mapped file that are single vehicles: their list, and their sums in intervals of 15 minutes."""

import polars as pl

from funnelsim.counts.diagnostics import Diagnostics
from funnelsim.counts.mapped_rows import LINE
from funnelsim.counts.mapped_times import OFFSET, TIME
from funnelsim.counts.mapped_values import joined_cells
from funnelsim.counts.mapping import CountMapping
from funnelsim.counts.names import TOTAL
from funnelsim.counts.vehicle_list import quarter_hours
from funnelsim.wording import counted, verb


def vehicles_of(frame: pl.DataFrame, mapping: CountMapping) -> pl.DataFrame:
    """Return one row a vehicle, sorted by time: stream, channel, time, class, offset from UTC."""
    kind = pl.lit(TOTAL) if mapping.class_column is None else pl.col(mapping.class_column)
    return frame.select(
        joined_cells(mapping.stream).alias("stream"),
        joined_cells(mapping.channel).alias("channel"),
        pl.col(TIME).alias("time"),
        kind.alias("class"),
        pl.col(OFFSET).alias("offset"),
    ).sort("time", maintain_order=True)


def doubt_same_rows(frame: pl.DataFrame, diagnostics: Diagnostics) -> None:
    """Doubt rows that are the same cell by cell: without a number, nobody can tell whether they are one vehicle."""
    again = frame.height - frame.drop(LINE).unique().height
    if again:
        diagnostics.warnings.append(
            f"{counted(again, 'row')} {verb(again, 'is', 'are')} the same as another, cell by cell, and "
            f"{verb(again, 'is', 'are')} counted as {verb(again, 'a vehicle', 'vehicles')} of "
            f"{verb(again, 'its', 'their')} own; was the file joined to itself?"
        )


def sums_of(vehicles: pl.DataFrame) -> pl.DataFrame:
    """Return the sums of vehicles as the table of counts has them, with what may not have been counted whole marked.

    The first and the last interval may be partial; an hour that comes twice as clocks go back is two hours in one.
    """
    parts = []
    for (stream,), of_stream in vehicles.group_by("stream", maintain_order=True):
        sums = quarter_hours(of_stream)
        ends = pl.col("slot").is_in([sums["slot"].min(), sums["slot"].max()])
        twice = of_stream.select(
            pl.col("time").dt.date().alias("date"),
            (pl.col("time").dt.hour().cast(pl.Int64) * 60).alias("hour"),
            "offset",
        )
        twice = twice.group_by("date", "hour").agg(pl.col("offset").n_unique() > 1).filter("offset")
        sums = (
            sums.with_columns((pl.col("start_min") // 60 * 60).alias("hour"))
            .join(twice.rename({"offset": "twice"}), on=["date", "hour"], how="left", maintain_order="left")
            .with_columns(
                pl.lit(stream).alias("stream"), (ends | pl.col("twice").fill_null(value=False)).alias("partial")
            )
        )
        parts.append(sums)
    return pl.concat(parts).with_columns(pl.col("vehicles").cast(pl.Float64), pl.lit(15, pl.Int64).alias("minutes"))
