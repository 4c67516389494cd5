"""Only the page itself may speak to the server, and only so much."""

import pytest

from funnelsim.web.guard import COOKIE, Guard
from tests.web.loops import finished

HERE = {"host": "127.0.0.1:8080"}
TOKEN = "a secret"  # noqa: S105


async def echo(scope, receive, send):
    """Answer with how much was sent; greet on a socket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


class Answer:
    """What the server said."""

    def __init__(self, said):
        self.said = said
        self.kind = said[0]["type"] if said else "nothing"
        self.status = said[0].get("status") if said else None
        headers = said[0].get("headers", []) if said else []
        self.headers = {name.decode(): value.decode() for name, value in headers}
        self.body = b"".join(one.get("body", b"") for one in said)


def ask(path="/", method="GET", headers=HERE, parts=(b"",), kind="http", **guard):
    """Send a request in parts through the guard and return the answer."""
    path, _, query = path.partition("?")
    scope = {"type": kind, "path": path, "query_string": query.encode(), "root_path": ""}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    if kind == "http":
        scope["method"] = method
    left, said = list(parts), []

    async def receive():
        return {"type": f"{kind}.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message):
        said.append(message)

    finished(Guard(echo, ["127.0.0.1", "localhost"], **guard)(scope, receive, send))
    return Answer(said)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "LOCALHOST:1"])
def test_the_page_is_answered_by_its_own_names(host):
    assert ask(headers={"host": host}).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "127.0.0.2:8080"])
def test_another_name_of_the_host_is_refused(host):
    assert ask(headers={"host": host}).status == 400
    assert ask(headers={}).status == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9", "http://localhost:8080"])
def test_what_another_page_sends_is_refused(origin):
    theirs = {**HERE, "origin": origin}
    assert ask(method="POST", headers=theirs).status == 403
    assert ask(headers=theirs).status == 403
    assert ask(kind="websocket", headers=theirs).kind == "websocket.close"


def test_what_the_page_itself_sends_is_answered():
    own = {**HERE, "origin": "http://127.0.0.1:8080"}
    assert ask(method="POST", headers=own, parts=[b"fo", b"ur"]).body == b"4"
    assert ask(kind="websocket", headers=own).kind == "websocket.accept"


def test_a_request_that_is_too_large_is_refused_whatever_its_header_says():
    assert ask(method="POST", parts=[b"x" * 10], most_bytes=10).status == 200
    assert ask(method="POST", headers={**HERE, "content-length": "11"}, most_bytes=10).status == 413
    assert ask(method="POST", headers={**HERE, "content-length": "all"}, most_bytes=10).status == 400
    assert ask(method="POST", parts=[b"x" * 6, b"x" * 6, b"x"], most_bytes=10).kind == "nothing"


def test_a_page_that_others_can_reach_asks_for_its_token_once():
    assert ask(token=TOKEN).status == 401
    assert ask("/?token=wrong", token=TOKEN).status == 401
    assert ask("/?token=a%20secret", method="POST", token=TOKEN).status == 401
    assert ask(kind="websocket", token=TOKEN).kind == "websocket.close"
    found = ask("/?token=a%20secret&file=a.toml", token=TOKEN)
    assert (found.status, found.headers["location"]) == (303, "/?file=a.toml")
    given = found.headers["set-cookie"]
    assert given.startswith(COOKIE)
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in given.split(";")}
    assert ask(headers={**HERE, "cookie": given.split(";")[0]}, token=TOKEN).status == 200
    assert ask(headers={**HERE, "cookie": f"{COOKIE}=guessed"}, token=TOKEN).status == 401
    assert ask(headers={**HERE, "cookie": "\x01="}, token=TOKEN).status == 401


def test_nothing_may_be_loaded_from_elsewhere():
    policy = ask().headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
