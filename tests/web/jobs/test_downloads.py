"""Downloads: a visitor gets files of own jobs, and no others."""

import pytest

from funnelsim.web.draft import Draft
from funnelsim.web.folders import Folders
from funnelsim.web.jobs.downloads import address_of, own_file
from funnelsim.web.jobs.job import Job


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "scenarios").mkdir()
    return Folders(tmp_path / "scenarios", tmp_path / "results")


@pytest.fixture
def report(folders):
    """Return the address of a report, and its file."""
    job = Job.begun(folders.of_session("aaaa"), "plan", Draft("a.toml"), {})
    job.result.mkdir()
    (job.result / "report.html").write_text("mine")
    (folders.of_session("aaaa") / "desk.json").write_text("{}")
    return address_of(job, "report.html"), job.result / "report.html"


def test_a_file_is_the_visitors_own(folders, report):
    address, file = report
    name = address.removeprefix("/yours/")
    assert own_file(folders, "aaaa", name) == file
    assert own_file(folders, "bbbb", name) is None


@pytest.mark.parametrize(
    "name",
    [
        *("../desk.json", "../../aaaa/desk.json", "/etc/passwd", "plan_1", "plan_1/result", "plan_1/none", "", "\0"),
        "../../../../scenarios/a.toml",
    ],
)
@pytest.mark.usefixtures("report")
def test_a_name_leads_nowhere_else(folders, name):
    assert own_file(folders, "aaaa", name) is None


@pytest.mark.parametrize("session", [None, "", "../aaaa", 3.0])
def test_without_a_session_nobody_gets_anything(folders, report, session):
    assert own_file(folders, session, report[0].removeprefix("/yours/")) is None
