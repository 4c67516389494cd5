"""One interface for tasks: in this process, in threads, in processes or on a cluster; failures are explained."""

import os
import threading

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments.executor import InProcessExecutor, as_finished, max_pending, workers


def double(number):
    return 2 * number


def fail(number):
    raise ValueError(number)


def place():
    """Return which process and which thread this is."""
    return os.getpid(), threading.get_ident()


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_done_once(jobs, engine):
    tasks = iter([(double, number) for number in range(20)])
    with workers(jobs, engine) as executor:
        found = list(as_finished(executor, lambda: next(tasks, None), max_pending(executor, jobs)))
    assert sorted(found) == list(range(0, 40, 2))


def test_machine_code_is_run_in_threads_and_simpy_in_processes():
    me = place()
    with workers(1) as executor:
        assert executor.submit(place).result() == me
    with workers(2) as executor:
        process, thread = executor.submit(place).result()
        assert process == me[0]
        assert thread != me[1]
    with workers(2, "simpy") as executor:
        assert executor.submit(place).result()[0] != me[0]


def test_tasks_may_come_from_results():
    waiting = [1]

    def next_task():
        return (double, waiting.pop()) if waiting else None

    seen = []
    for number in as_finished(InProcessExecutor(), next_task, 1):
        seen.append(number)
        if number < 16:
            waiting.append(number)
    assert seen == [2, 4, 8, 16]


def test_no_more_tasks_are_in_hand_than_wanted():
    asked = []
    tasks = iter(range(100))

    def next_task():
        number = next(tasks)
        asked.append(number)
        return double, number

    results = as_finished(InProcessExecutor(), next_task, 3)
    next(results)
    assert len(asked) == 3


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised_here(jobs, engine):
    tasks = iter([(fail, 3)])
    with workers(jobs, engine) as executor, pytest.raises(ValueError, match="3"):
        list(as_finished(executor, lambda: next(tasks, None), max_pending(executor, jobs)))


def test_a_process_that_dies_is_said_in_words():
    tasks = iter([(os._exit, 1)])
    with workers(2, "simpy") as executor, pytest.raises(FunnelsimError, match="was killed"):
        list(as_finished(executor, lambda: next(tasks, None), max_pending(executor, 2)))


def test_an_address_that_is_none_is_said_in_words():
    pytest.importorskip("distributed")
    with pytest.raises(FunnelsimError, match=r"--cluster nonsense: .*allowed"), workers(1, cluster="nonsense"):
        pass
