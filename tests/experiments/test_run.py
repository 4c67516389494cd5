"""A run depends on scenario, seed and number of replications, and on nothing else."""

import gc
import math
from concurrent.futures import Future
from multiprocessing import active_children

import numpy as np
import polars as pl
import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments import run as module
from funnelsim.experiments.precision import Precision, met, stopping_points
from funnelsim.experiments.replication import ReplicationBuffers
from funnelsim.experiments.run import growing_run, run
from funnelsim.model.planning import plan_of


def same(one, other):
    return (
        one.replications.equals(other.replications)
        and one.series.equals(other.series)
        and one.delays.equals(other.delays)
        and str(one.estimates) == str(other.estimates)
    )


def test_the_same_seed_gives_the_same_run_whichever_engine_and_however_many_share_it(scenario, quick_run, engine):
    assert same(quick_run, run(scenario, replications=10, seed=4, engine=engine))
    assert same(quick_run, run(scenario, replications=10, seed=4, engine=engine, jobs=2))


def test_another_seed_gives_another_run(scenario, quick_run):
    assert not same(quick_run, run(scenario, replications=10, seed=5))


def test_fewer_replications_are_the_first_of_more(scenario, quick_run):
    assert run(scenario, replications=3, seed=4).replications.equals(quick_run.replications.head(3))


def test_tables_hold_every_replication(quick_run):
    assert quick_run.replications["replication"].to_list() == list(range(10))
    assert quick_run.series.group_by("replication").len()["len"].unique().to_list() == [45]
    passed = quick_run.replications["vehicles"].sum() - quick_run.replications["inspected"].sum()
    assert quick_run.delays["vehicles"].sum() == pytest.approx(passed, rel=0.02)


def test_progress_counts_up_to_all_replications(scenario, engine):
    seen = []
    run(scenario, replications=9, seed=4, progress=seen.append, engine=engine)
    assert seen == [4, 8, 9]


def test_an_interrupted_run_keeps_the_replications_that_are_finished(scenario, quick_run, engine):
    def interrupt(finished):
        if finished == 8:
            raise KeyboardInterrupt

    partial = run(scenario, replications=100, seed=4, progress=interrupt, engine=engine)
    assert not partial.complete
    assert partial.replications.equals(quick_run.replications.head(8))


def test_a_second_interrupt_while_tasks_are_cancelled_ends_the_run_as_the_first_does(scenario, monkeypatch):
    """It reaches the run, and is not printed as an exception that nobody could take (a warning, so an error here)."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Future, "cancel", interrupted)
    partial = run(scenario, replications=400, seed=4, jobs=2, progress=interrupted)
    gc.collect()
    assert not partial.complete


def test_an_interrupted_parallel_run_keeps_whole_replications(scenario, engine):
    def interrupt(finished):
        if finished >= 8:
            raise KeyboardInterrupt

    partial = run(scenario, replications=40, seed=4, jobs=2, progress=interrupt, engine=engine)
    whole = run(scenario, replications=40, seed=4)
    kept = partial.replications["replication"]
    assert not partial.complete
    assert len(kept) >= 8
    assert partial.replications.equals(whole.replications.filter(pl.col("replication").is_in(kept.implode())))


def test_a_killed_process_does_not_lose_the_run(scenario):
    def kill_one(finished):
        if finished == 4:
            active_children()[0].kill()

    whole = run(scenario, replications=40, seed=4)
    assert same(whole, run(scenario, replications=40, seed=4, jobs=2, progress=kill_one, engine="simpy"))


def test_what_goes_wrong_in_a_thread_is_raised_here(scenario, monkeypatch):
    def fail(_self, _seed, replication):
        if replication == 30:
            raise MemoryError(replication)
        draw(_self, _seed, replication)

    draw = ReplicationBuffers.draw
    monkeypatch.setattr(ReplicationBuffers, "draw", fail)
    with pytest.raises(MemoryError, match="30"):
        run(scenario, replications=100, jobs=2)


def test_limits_are_held_against_every_replication(quick_run):
    delay, tail = quick_run.limits()
    kept = (quick_run.replications["delay_p95_s"] <= 90).sum()
    share = delay.kept_in
    assert share.low <= share.mean == kept / 10 <= share.high
    assert delay.wanted == 0.9
    assert (delay.value, tail.value) == (90.0, 100.0)


def test_the_first_log_is_the_one_that_was_measured(quick_run):
    log = quick_run.first_log()
    assert np.isclose(log.tail_m.max(), quick_run.replications["tail_max_m"][0])


@pytest.mark.parametrize(
    "bad", [{"replications": 0}, {"seed": -1}, {"seed": 2**63}, {"jobs": 0}, {"replications": 10**9}]
)
def test_numbers_out_of_bounds_are_refused_with_what_is_allowed(scenario, bad):
    with pytest.raises(FunnelsimError, match="allowed"):
        run(scenario, **bad)


def test_one_replication_has_no_half_width(scenario):
    assert math.isnan(run(scenario, replications=1).estimates["vehicles"].half_width)


def test_replications_are_added_until_the_half_width_is_small_enough(scenario):
    """The run ends at the first stopping point where every goal is met, and none depends on the machine."""
    wanted = (Precision("delay_mean_s", 0.01), Precision("vehicles", 0.01))
    enough = run(scenario, replications=1000, seed=4, precision=wanted)
    points = list(stopping_points(1000))
    n = len(enough.replications)
    assert enough.complete
    assert n in points[1:-1]
    assert met(enough.estimates, wanted)
    assert not met(run(scenario, replications=points[points.index(n) - 1], seed=4).estimates, wanted)
    assert same(enough, run(scenario, replications=1000, seed=4, jobs=2, precision=wanted))


def test_a_precision_out_of_reach_ends_at_the_most_replications(scenario):
    assert len(run(scenario, replications=25, precision=[Precision("delay_mean_s", 1e-6)]).replications) == 25


def test_a_precision_may_be_given_in_words(scenario):
    wanted = [Precision("delay_mean_s", 1e-6)]
    for given in ("delay_mean_s=0.0001%", ["delay_mean_s=1e-6"], wanted):
        assert run(scenario, replications=1, precision=given).wanted == tuple(wanted)


def test_all_that_is_wrong_with_precisions_is_said_at_once_and_the_measure_meant_is_named(scenario):
    with pytest.raises(FunnelsimError) as caught:
        run(scenario, precision=["delay_p95=5%", "tail_max_m=now", Precision("tail_max", 0.1)])
    first, second, third = (problem.message for problem in caught.value.problems)
    assert "did you mean delay_p95_s" in first
    assert "allowed: MEASURE=0.02 or MEASURE=2%" in second
    assert "did you mean tail_max_m" in third


def test_a_precision_of_an_unknown_measure_says_what_is_allowed(scenario):
    with pytest.raises(FunnelsimError, match=r"delay: unknown measure; .*allowed: the names in"):
        run(scenario, precision=[Precision("delay", 0.1)])


def test_a_growing_run_is_the_run_of_as_many_replications_at_every_stop(scenario):
    plan = plan_of(scenario)
    grown = list(growing_run(scenario, plan, [2, 5, 10], seed=4, jobs=2))
    assert [len(one.replications) for one in grown] == [2, 5, 10]
    assert all(same(one, run(scenario, len(one.replications), seed=4)) for one in grown)


def test_a_growing_run_that_nobody_asks_for_more_simulates_no_more(scenario, monkeypatch):
    simulated = []
    replicate = module.replicate
    monkeypatch.setattr(module, "replicate", lambda *given: simulated.append(given[2]) or replicate(*given))
    growing = growing_run(scenario, plan_of(scenario), [2, 500], seed=4)
    next(growing)
    growing.close()
    assert simulated == [range(2)]
