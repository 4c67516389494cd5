"""Who may speak to the page: hosts, origins, the token, and how much may be sent."""

import hmac
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 50_000_000
"""Of a request: a year of passages, vehicle by vehicle, has less."""

COOKIE: Final = "funnelsim_token"
HEADERS: Final = {
    # The page's library compiles its templates in the browser; nothing is ever loaded from elsewhere.
    "content-security-policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Guard:
    """Refuse what does not come from the page itself, before anything else sees it.

    A page of another site that is open in the same browser can send requests to this machine. It cannot choose their
    `Host` and `Origin`, which are checked. Where the page listens on a network, a token is asked for as well: once, in
    the address; then it is kept in a cookie.

    Parameters
    ----------
    app
        What is guarded.
    hosts
        Names, without ports, by which the page may be called.
    token
        What the first request has to bring; None for none.
    most_bytes
        Of a request.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], token: str | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self.app, self._hosts, self._token, self._most_bytes = app, frozenset(hosts), token, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is None:
            await self.app(scope, _limited(receive, self._most_bytes), _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        else:
            await refused(scope, receive, _with_headers(send))

    def _refused(self, scope: Scope) -> Response | None:
        """Return how a request is refused; None if it is welcome."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts:
            return PlainTextResponse("This name of the host is not known here.", 400)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return PlainTextResponse("Requests from other pages are refused.", 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            return PlainTextResponse("The length of the request is no number.", 400)
        if int(length) > self._most_bytes:
            return PlainTextResponse(f"Too large; allowed: {self._most_bytes / 1e6:g} MB.", 413)
        return self._without_token(scope, headers)

    def _without_token(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        if self._token is None or _same(_cookie(headers.get("cookie", "")), self._token):
            return None
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["type"] == "http" and scope["method"] == "GET" and _same(given, self._token):
            answer = RedirectResponse(_without(scope, "token"), 303)
            answer.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
            return answer
        return PlainTextResponse("Open the whole address that funnelsim serve printed: it ends with the token.", 401)


def _without(scope: Scope, name: str) -> str:
    """Return the address of a request without one part of its query."""
    rest = [one for one in parse_qsl(scope["query_string"].decode("latin-1")) if one[0] != name]
    return str(scope["path"]) + (f"?{urlencode(rest)}" if rest else "")


def _name_of(host: str) -> str:
    """Return the name in a `Host` header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _limited(receive: Receive, most_bytes: int) -> Receive:
    """Receive a request up to a size, whatever its header says: the rest counts as if the sender had gone."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > most_bytes:
                return {"type": "http.disconnect"}
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sending
