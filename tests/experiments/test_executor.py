"""One interface for tasks: in this process, in threads, in processes or on a cluster; failures are explained."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import active_children
from queue import SimpleQueue
from threading import Condition, current_thread, main_thread

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.experiments import executor as module
from funnelsim.experiments.executor import InProcessExecutor, as_finished, max_pending, result_of, workers


def double(number):
    return 2 * number


def fail(number):
    raise ValueError(number)


def die_once(mark):
    """Die as a killed process does; the second time return 0."""
    if mark.exists():
        return 0
    mark.touch()
    os._exit(1)


def wait_for_ever(_):
    threading.Event().wait()


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


def test_the_task_of_a_killed_process_is_done_again(tmp_path):
    tasks = iter([(die_once, tmp_path / "died"), *((double, number) for number in range(20))])
    with workers(2, "simpy") as executor:
        found = list(as_finished(executor, lambda: next(tasks, None), max_pending(executor, 2)))
    assert sorted(found) == [0, 0, *range(2, 40, 2)]


def test_a_task_that_kills_every_process_is_said_in_words():
    tasks = iter([(os._exit, 1)])
    with workers(2, "simpy") as executor, pytest.raises(FunnelsimError, match="killed again and again"):
        list(as_finished(executor, lambda: next(tasks, None), max_pending(executor, 2)))


def test_nobody_waits_for_tasks_of_processes_that_are_given_up():
    """Their arguments are more than a pipe holds: some are still being sent when the processes are ended."""
    before = active_children()
    tasks = iter([(double, 1), *((wait_for_ever, bytes(10**6)) for _ in range(8))])
    with workers(2, "simpy") as executor:
        next(as_finished(executor, lambda: next(tasks, None), 9))
    assert active_children() == before


@pytest.mark.parametrize("script", ["script.py", "-"])
def test_a_script_that_processes_cannot_import_is_told_what_it_lacks(tmp_path, script):
    text = "from funnelsim.experiments.executor import workers\nwith workers(2, 'simpy') as executor:\n"
    text += "    from funnelsim.experiments.executor import as_finished\n"
    text += "    print(*as_finished(executor, iter([(abs, -3), None, None]).__next__, 1))\n"
    (tmp_path / "script.py").write_text(text)
    command = [sys.executable, script]
    made = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, input=text)  # noqa: S603
    assert made.returncode == 1
    assert made.stderr.count("Traceback") == 1
    last = made.stderr.splitlines()[-1]
    assert last.startswith("funnelsim.errors.FunnelsimError: jobs: 2 given in a script ")
    assert {"script.py": 'below the line `if __name__ == "__main__":`', "-": "a script in a file"}[script] in last


def test_an_address_that_is_none_is_said_in_words():
    pytest.importorskip("distributed")
    with pytest.raises(FunnelsimError, match=r"--cluster nonsense: .*allowed"), workers(1, cluster="nonsense"):
        pass


def test_a_result_is_waited_for_in_short_waits_in_which_ctrl_c_is_heard(monkeypatch):
    future, waits = Future(), []

    class Queue(SimpleQueue):
        def get(self, timeout):
            waits.append(timeout)
            if len(waits) == 2:
                future.set_result(7)
            return super().get(timeout=0.0)

    monkeypatch.setattr(module, "SimpleQueue", Queue)
    assert result_of(future) == 7
    assert waits == [module.AWAKE_EVERY_S] * 2


class _PressedWhenTaken(Condition):
    """A condition during whose taking Ctrl-C is pressed, once and in the main thread."""

    pressed = False

    def __enter__(self):
        taken = super().__enter__()
        self.press()
        return taken

    def acquire(self, *arguments):
        taken = super().acquire(*arguments)
        self.press()
        return taken

    def press(self):
        if current_thread() is main_thread() and not self.pressed:
            self.pressed = True
            signal.raise_signal(signal.SIGINT)


class _InOneThread(ThreadPoolExecutor):
    """Futures whose lock is taken while Ctrl-C is pressed."""

    def __init__(self):
        super().__init__(1)
        self.conditions = []

    def submit(self, fn, /, *arguments):
        future = super().submit(fn, *arguments)
        with future._condition:
            future._condition = _PressedWhenTaken()
        self.conditions.append(future._condition)
        return future


def is_free(condition):
    """Return whether a thread that has never held it can take it."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(condition.acquire, False).result()


@pytest.mark.parametrize(
    "get",
    [
        lambda executor: next(as_finished(executor, lambda: (double, 1), 3)),
        lambda executor: result_of(executor.submit(double, 1)),
    ],
    ids=["as_finished", "result_of"],
)
def test_ctrl_c_leaves_no_lock_taken_for_which_others_would_wait(get):
    begin = threading.Event()
    with _InOneThread() as executor:
        held = ThreadPoolExecutor.submit(executor, begin.wait)
        try:
            with pytest.raises(KeyboardInterrupt):
                get(executor)
        finally:
            begin.set()
        held.result()
    assert any(condition.pressed for condition in executor.conditions)
    assert all(map(is_free, executor.conditions))


def test_processes_are_not_ended_while_they_send_a_result():
    """Half of a result would let who reads it wait for the other half for ever."""
    before = active_children()
    tasks = iter([(bytes, 10**8)] * 9)
    with workers(2, "simpy") as executor:
        assert len(next(as_finished(executor, lambda: next(tasks, None), 9))) == 10**8
    assert active_children() == before
