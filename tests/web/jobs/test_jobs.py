"""Jobs: they give what the commands give, end when they are told to, and are found again."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from zipfile import ZipFile

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.jobs.job import JOBS, Job
from funnelsim.web.jobs.jobs import WORKER, Jobs
from tests.web.loops import finished
from tests.web.serving import ROOT, START
from tests.web.small_scenario import COMMENT, NAME, VARY, small_folder

ME, OTHER = "aaaa", "bbbb"
DRAFT = Draft(NAME, {"area.waiting": 2}, seed=3)
ENDLESS = ("levers", DRAFT, {"retune": False, "replications": 1_000_000})
OF_OTHER_SEEDS = [("levers", replace(DRAFT, seed=seed), ENDLESS[2]) for seed in range(3)]
BEST = ("optimise", DRAFT, {"set": [], "vary": VARY, "replications": 1000})


@pytest.fixture
def folders(tmp_path):
    return Folders(small_folder(tmp_path / "scenarios"), tmp_path / "results")


def command(*arguments):
    """Run a command of funnelsim on the same draft."""
    whole = (sys.executable, "-c", START, *arguments, "--set", "area.waiting=2", "--seed", "3")
    return subprocess.run(whole, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603


async def become(known):
    """Wait until something is so, and return it."""
    while not (found := known()):  # noqa: ASYNC110  (another process tells it, in a file)
        await asyncio.sleep(0.02)
    return found


async def until(jobs, job, *states):
    """Wait until a job is in one of some states, and return it."""
    return await become(lambda: jobs.state(job) in states and jobs.state(job))


async def carried_out(folders, *asked):
    """Carry out one job after the other and return them."""
    jobs = Jobs(folders)
    made = [jobs.start(ME, *one) for one in asked]
    for job in made:
        await until(jobs, job, "done", "failed")
    await jobs.end()
    return made


async def told(job):
    """Wait until a job tells how far it is."""
    await become(lambda: (progress := job.progress()) is not None and progress.done)


def test_the_best_plan_is_that_of_the_command(folders, tmp_path):
    (job,) = finished(carried_out(folders, BEST))
    assert job.ended().how == "done", job.ended()
    there = tmp_path / "of_command"
    command(
        *("optimise", str(folders.scenarios / NAME), "--vary", *VARY, "--replications", "1000", "--out", str(there)),
    )
    for name in ("best_plan.toml", "plans.csv", "decision.json", "replications.parquet", "differences.csv"):
        assert (job.result / name).read_bytes() == (there / name).read_bytes(), name
    assert COMMENT in (job.result / "best_plan.toml").read_text()
    assert "Which plan should be carried out?" in (job.result / "report.html").read_text()


def test_levers_and_results_are_those_of_the_commands(folders, tmp_path):
    levers, plan = finished(
        carried_out(
            folders,
            ("levers", DRAFT, {"retune": False, "replications": 4}),
            ("plan", DRAFT, {"replications": 4, "scenario": {"name": "small_plan.toml", "text": COMMENT}}),
        )
    )
    assert (levers.ended().how, plan.ended().how) == ("done", "done"), (levers.ended(), plan.ended())
    file, there = str(folders.scenarios / NAME), tmp_path / "of_command"
    command("levers", file, "--replications", "4", "--out", str(there / "levers"))
    command("run", file, "--replications", "4", "--out", str(there / "run"))
    assert (levers.result / "levers.csv").read_bytes() == (there / "levers" / "levers.csv").read_bytes()
    for name in ("replications.parquet", "summary.json", "queue_and_delay.png"):
        assert (plan.result / name).read_bytes() == (there / "run" / name).read_bytes(), name
    assert {"report.html", "result.xlsx", "figures.zip", "tables.zip", "all.zip"} <= {
        path.name for path in plan.result.iterdir()
    }
    with ZipFile(plan.result / "all.zip") as everything:
        assert everything.read("small_plan.toml").decode() == COMMENT
        assert "report.html" in everything.namelist()


def test_what_is_not_allowed_is_said_in_words(folders):
    bays = ("optimise", DRAFT, {"set": [], "vary": ["area.bayz=1,2"], "replications": 1000})
    (job,) = finished(carried_out(folders, bays))
    ended = job.ended()
    assert ended.how == "failed"
    assert "area.bayz" in ended.why
    assert "Traceback" not in ended.why


def test_a_job_is_cancelled_and_goes_on_with_what_is_finished(folders):
    parts = {}

    def kept(job):
        return {path.name: path.stat().st_mtime_ns for path in (job.result / "parts").glob("*.parquet")}

    async def cancelled():
        jobs = Jobs(folders)
        job = jobs.start(ME, "optimise", DRAFT, {"set": [], "vary": VARY, "replications": 5000})
        await become(lambda: kept(job))
        jobs.cancel(job)
        how = await until(jobs, job, "cancelled", "done")
        parts.update(kept(job))
        jobs.go_on(ME, job)
        await until(jobs, job, "done", "failed")
        await jobs.end()
        return how, job

    how, job = finished(cancelled())
    assert how == "cancelled"
    assert job.ended().how == "done", job.ended()
    assert parts.items() <= kept(job).items()


def test_two_are_carried_out_at_a_time_and_documents_need_not_wait(folders):
    async def four():
        jobs = Jobs(folders)
        first, second, third = (jobs.start(ME, *one) for one in OF_OTHER_SEEDS)
        document = jobs.start(ME, "plan", DRAFT, {"replications": 1_000_000})
        for job in (first, second, document):
            await until(jobs, job, "running")
        waits = jobs.state(third)
        jobs.cancel(first)
        await until(jobs, third, "running")
        jobs.cancel(third)
        jobs.cancel(document)
        waiting = [jobs.start(OTHER, *one) for one in OF_OTHER_SEEDS[:2]]
        jobs.cancel(waiting[1])  # before its turn
        await until(jobs, waiting[1], "cancelled")
        await jobs.end()
        return waits

    assert finished(four()) == "waiting"


def test_nobody_else_sees_a_job(folders):
    async def begun():
        jobs = Jobs(folders)
        job = jobs.start(ME, *ENDLESS)
        seen = [one.name for one in jobs.of(ME)], jobs.of(OTHER)
        await jobs.end()
        return job, seen

    job, (mine, others) = finished(begun())
    assert mine == [job.name]
    assert others == []


def test_jobs_end_with_the_server_and_can_be_continued(folders):
    async def ended():
        jobs = Jobs(folders)
        job = jobs.start(ME, *ENDLESS)
        await told(job)
        await jobs.end()
        return job, job.progress()

    async def again(job):
        jobs = Jobs(folders)
        before = [jobs.state(one) for one in jobs.of(ME)]
        jobs.go_on(ME, jobs.of(ME)[0])
        await become(lambda: job.progress() not in (None, known))
        await jobs.end()
        return before

    job, known = finished(ended())
    assert finished(again(job)) == ["interrupted"]


def test_a_worker_that_is_killed_leaves_what_can_be_continued(folders):
    async def killed():
        jobs = Jobs(folders)
        job = jobs.start(ME, *ENDLESS)
        await until(jobs, job, "running")
        jobs._processes[job.folder].kill()
        how = await until(jobs, job, "interrupted", "failed", "done")
        await jobs.end()
        return how

    assert finished(killed()) == "interrupted"


def test_a_worker_does_not_outlive_its_server(folders):
    """Also one that is killed: its end of the pipe closes."""
    job = Job.begun(folders.of_session(ME), *ENDLESS)
    arguments = (sys.executable, "-m", WORKER, str(job.folder), str(folders.scenarios / NAME))
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE) as worker:  # noqa: S603
        finished(told(job))
        worker.stdin.close()
        assert worker.wait(600) == 1
    assert job.ended() is None


def test_a_job_is_about_a_scenario_of_the_page(folders, tmp_path):
    (tmp_path / "secret.toml").write_text("[operation]\n")
    with pytest.raises(FunnelsimError, match="no such file here"):
        Jobs(folders).start(ME, "plan", Draft("../secret.toml"), {"replications": 4})
    assert Jobs(folders).of(ME) == []


@pytest.mark.parametrize("how", ["done", "failed", "cancelled"])
def test_a_job_that_has_ended_is_removed_with_its_folder_alone(folders, how):
    jobs = Jobs(folders)
    gone, kept = (Job.begun(folders.of_session(ME), *ENDLESS) for _ in range(2))
    gone.result.mkdir()
    (gone.result / "levers.csv").write_text("x")
    gone.end(how)
    jobs.remove(ME, gone)
    assert not gone.folder.exists()
    assert jobs.of(ME) == [kept]
    jobs.remove(ME, gone)  # as a second page may


def test_a_job_under_way_is_not_removed(folders):
    async def refused():
        jobs = Jobs(folders)
        job = jobs.start(ME, *ENDLESS)
        with pytest.raises(FunnelsimError, match="cancel it first"):
            jobs.remove(ME, job)
        await jobs.end()
        return job

    assert finished(refused()).folder.is_dir()


@pytest.mark.parametrize("linked", ["job", "jobs"])
def test_nothing_outside_of_the_visitors_folder_is_removed(folders, tmp_path, linked):
    jobs, own = Jobs(folders), folders.of_session(ME)
    others = Job.begun(folders.of_session(OTHER), *ENDLESS)
    with pytest.raises(FunnelsimError, match="no work of yours"):
        jobs.remove(ME, others)
    (tmp_path / "elsewhere").mkdir()
    outside = Job.begun(tmp_path / "elsewhere", *ENDLESS)
    if linked == "jobs":
        (own / JOBS).symlink_to(outside.folder.parent, target_is_directory=True)
    else:
        (own / JOBS).mkdir()
        (own / JOBS / outside.name).symlink_to(outside.folder, target_is_directory=True)
    (mine,) = jobs.of(ME)
    with pytest.raises(FunnelsimError, match="no work of yours"):
        jobs.remove(ME, mine)
    assert outside.folder.is_dir()
    assert others.folder.is_dir()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"kind": "plan"}', b"\xff"])
def test_a_folder_that_holds_no_job_is_passed_over(folders, content):
    folder = folders.of_session(ME) / JOBS / "plan_1"
    folder.mkdir(parents=True)
    (folder / "asked.json").write_bytes(content)
    assert Jobs(folders).of(ME) == []


def test_the_same_work_that_is_under_way_is_not_begun_twice(folders):
    async def asked():
        jobs = Jobs(folders)
        first = jobs.start(ME, *ENDLESS)
        again = jobs.start(ME, *ENDLESS)
        kind, draft, options = ENDLESS
        others = [
            jobs.start(OTHER, *ENDLESS),
            jobs.start(ME, kind, draft, options | {"replications": 999_999}),
            jobs.start(ME, kind, draft.changed({"area.waiting": 3}), options),
        ]
        jobs.cancel(first)  # and its process may not have ended yet
        after = jobs.start(ME, *ENDLESS)
        await jobs.end()
        return first, again, others, after

    first, again, others, after = finished(asked())
    assert again == first
    assert first not in [*others, after]
    assert len({job.folder for job in others}) == len(others)
