"""Where the page listens: on this machine alone unless told otherwise, and then with a token."""

import socket
from pathlib import Path

import pytest

from funnelsim.errors import FunnelsimError
from funnelsim.web.folders import Folders
from funnelsim.web.settings import settings_of

FOLDERS = Folders(Path("scenarios"), Path("results"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_on_this_machine_alone_no_token_is_needed(host):
    found = settings_of(FOLDERS, host, 0)
    assert found.token is None
    assert found.port > 0
    assert found.hosts == {"127.0.0.1", "localhost", "::1"}
    assert found.address == f"http://{host}:{found.port}/"


def test_on_a_network_the_address_has_a_token_that_nobody_guesses():
    one, other = (settings_of(FOLDERS, "0.0.0.0", 0) for _ in range(2))  # noqa: S104
    assert one.token != other.token
    assert len(one.token) >= 32
    assert one.address.endswith(f"/?token={one.token}")
    assert socket.gethostname().lower() in one.hosts
    assert one.token not in repr(one)


def test_a_port_that_is_taken_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(FunnelsimError, match="allowed: a name of this machine, a free port"):
            settings_of(FOLDERS, "127.0.0.1", taken.getsockname()[1])


def test_a_host_that_is_not_this_machine_is_refused_in_words():
    with pytest.raises(FunnelsimError, match=r"no\.such\.host\.invalid"):
        settings_of(FOLDERS, "no.such.host.invalid", 0)
