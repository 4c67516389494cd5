"""A peer runs in a process of its own; what is wrong with it is said in a sentence."""

import pytest

from funnelsim.validation.chapter import Effort
from validation.peers import ciw_peer, peer, uxsim_peer
from validation.peers.peer import PeerError, answers


@pytest.fixture
def script(tmp_path):
    """Return what writes a script for a peer that is always there."""

    def script(text):
        file = tmp_path / "script.py"
        file.write_text(text, encoding="utf-8")
        return file

    return script


def test_a_peer_reads_jobs_and_writes_answers(script):
    text = "import json, sys\njson.dump([{'twice': 2 * job['number']} for job in json.load(sys.stdin)], sys.stdout)"
    jobs = [{"number": 1.5}, {"number": float("inf")}]
    assert answers("Peer", "json", script(text), jobs) == [{"twice": 3.0}, {"twice": float("inf")}]


def test_a_peer_that_stops_says_why(script):
    with pytest.raises(PeerError, match="Peer stopped with an error: ValueError: no road"):
        answers("Peer", "json", script("raise ValueError('no road')"), [])


def test_a_peer_that_does_not_end_is_given_up(script, monkeypatch):
    monkeypatch.setattr(peer, "LIMIT_S", 0.2)
    with pytest.raises(PeerError, match=r"Peer was not done after 0\.2 s"):
        answers("Peer", "json", script("while True: pass"), [])


@pytest.mark.parametrize(("part", "name"), [(ciw_peer, "Ciw"), (uxsim_peer, "UXsim")])
def test_a_peer_that_is_not_installed_is_missing_in_words(part, name, monkeypatch):
    monkeypatch.setattr(peer.importlib.util, "find_spec", lambda _: None)
    chapter = part.chapter(Effort(quick=True))
    assert chapter.missing == f"{name} is not installed: pip install 'funnelsim[peers]'."
    assert not chapter.lines
    assert chapter.text
