"""What is said when the page is started: where it listens, and which folders it uses."""

import ipaddress
import secrets
import socket
from dataclasses import dataclass, field

from funnelsim.errors import FunnelsimError, Problem
from funnelsim.web.folders import Folders

LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """Where the page listens, and what it may use.

    Attributes
    ----------
    folders
        Which it reads and writes.
    host, port
        Where it listens.
    token
        What a browser needs; None where only this machine is heard.
    """

    folders: Folders
    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = field(default=None, repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which a browser may call the page."""
        if self.host in LOCAL:
            return frozenset(LOCAL)
        own = socket.gethostname()
        return frozenset((*LOCAL, self.host, own.lower(), socket.getfqdn().lower(), *_addresses(own)))

    @property
    def address(self) -> str:
        """What to open in a browser."""
        name = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(self.host, self.host)  # noqa: S104
        name = f"[{name}]" if ":" in name else name
        return f"http://{name}:{self.port}/" + (f"?token={self.token}" if self.token else "")


def settings_of(folders: Folders, host: str, port: int) -> Settings:
    """Return the settings of a page: one that others can reach has a token.

    Parameters
    ----------
    folders, host, port
        As in `Settings`; port 0 means any that is free.

    Raises
    ------
    FunnelsimError
        If the page cannot listen there.
    """
    token = None if host in LOCAL else secrets.token_urlsafe(24)
    return Settings(folders, host, _port_that_is_free(host, port), token)


def _port_that_is_free(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            message = f"{host}, port {port}: {error.strerror or error}; allowed: a name of this machine, a free port"
            raise FunnelsimError([Problem("--host and --port", message)]) from None
        return int(tried.getsockname()[1])


def _addresses(name: str) -> list[str]:
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(name, None)}
    except OSError:
        return []
    return [one for one in found if not ipaddress.ip_address(one.partition("%")[0]).is_unspecified]
