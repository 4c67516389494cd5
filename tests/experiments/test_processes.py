"""A second process beside this one."""

import sys
import time
from functools import partial

import pytest

from funnelsim.experiments.processes import second_process


def test_with_one_job_there_is_no_second_process():
    with second_process(1, "json") as helper:
        assert helper is None


def test_it_imports_what_its_work_needs_and_works():
    with second_process(2, "this") as helper:
        assert helper.submit(partial(eval, "'this' in __import__('sys').modules")).result()
    assert "this" not in sys.modules


def test_an_exception_ends_it_at_once():
    handed = []

    def fail():
        with second_process(2, "json") as helper:
            handed.append(helper.submit(time.sleep, 3600.0))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert handed[0].cancelled() or handed[0].exception() is not None
