"""`funnelsim serve` before it serves: what is missing or wrong is said in a sentence."""

import pytest

from funnelsim.cli.app import FAILED, main


def said(monkeypatch, capsys, *arguments):
    """Return what the command says, and its exit code."""
    monkeypatch.setattr("sys.argv", ["funnelsim", "serve", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return " ".join(capsys.readouterr().err.split()), end.value.code


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("funnelsim.cli.serve.find_spec", lambda _: None)
    words, code = said(monkeypatch, capsys)
    assert "pip install 'funnelsim[web]'" in words
    assert code == FAILED


def test_a_folder_that_does_not_exist_is_refused(monkeypatch, capsys, tmp_path):
    words, code = said(monkeypatch, capsys, str(tmp_path / "nowhere"))
    assert "nowhere given; allowed: a folder that exists" in words
    assert code == FAILED


def test_a_port_that_does_not_exist_is_refused(monkeypatch, capsys):
    words, code = said(monkeypatch, capsys, "--port", "70000")
    assert "70000" in words
    assert code == FAILED
