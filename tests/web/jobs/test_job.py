"""A job's folder: how far it is, how it ended, and what is too damaged to be told."""

import math

import pytest

from funnelsim.web.draft import Draft
from funnelsim.web.jobs.job import ENDED, PROGRESS, Job, jobs_in


@pytest.fixture
def job(tmp_path):
    return Job.begun(tmp_path, "plan", Draft("a.toml", {"area.bays": 4}, 2), {"replications": 4})


def test_what_was_asked_is_found_again(job, tmp_path):
    assert Job.found(job.folder) == job
    later = Job.begun(tmp_path, "plan", Draft("b.toml"), {})
    assert later.name == "plan_2"
    assert jobs_in(tmp_path) == [later, job]


def test_the_time_left_is_that_of_the_rate_since_it_began(job, monkeypatch):
    """30 operations of 90 that are left took 10 s; what was there before took no time."""
    monkeypatch.setattr("funnelsim.web.jobs.job.time.time", lambda: 110.0)
    job.tell("Simulating", 40, 100, since_s=100.0, before=10)
    assert job.progress().left_s == pytest.approx(20.0)
    job.tell("Simulating", 120, 100, since_s=100.0, before=10)  # what comes after the search is not counted
    assert (job.progress().done, job.progress().left_s) == (100, 0.0)
    job.tell("Reading", 0, 0, since_s=100.0, before=0)
    assert math.isnan(job.progress().left_s)


def test_a_job_that_goes_on_has_not_ended(job):
    job.end("cancelled")
    assert job.ended().how == "cancelled"
    job.go_on()
    assert job.ended() is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"how": 1}', b'{"done": "x", "before": 1}', b"\xff"])
def test_files_that_are_damaged_tell_nothing(job, content):
    for name in (PROGRESS, ENDED):
        (job.folder / name).write_bytes(content)
    assert job.progress() is None
    assert job.ended() is None
