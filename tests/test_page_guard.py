"""Who is let in to the local page: the token once, our own host, our own page, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from planner.page.explore.guard import HEADERS, MOST_BYTES, Guard
from planner.page.explore.serve import Idle
from tests.page_client import Client

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

OWN = "http://127.0.0.1:8123"


async def page(_: Request) -> Response:
    return PlainTextResponse("in")


async def write(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


class Door:
    """A guard before a small page, and how often it let somebody in."""

    def __init__(self) -> None:
        self.let_in = 0
        routes = [Route("/", page), Route("/write", write, methods=["POST"])]
        self.guard = Guard(Starlette(routes=routes), 8123, self._count)
        self.client = Client(self.guard, OWN)
        self.client.headers["origin"] = OWN

    def _count(self) -> None:
        self.let_in += 1

    @property
    def token(self) -> str:
        return self.guard.address.split("token=")[1]

    def enter(self) -> Client:
        assert self.client.get(f"/?token={self.token}").status_code == 303
        return self.client


def test_the_token_works_once_and_becomes_a_cookie() -> None:
    door = Door()
    token = door.token
    assert len(token) >= 40
    assert door.client.get("/").status_code == 403
    first = door.client.get(f"/?token={token}")
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert token.casefold() not in cookie
    assert door.client.get("/").text == "in"
    other = Client(door.guard, OWN)
    assert other.get(f"/?token={token}").status_code == 403
    assert other.get("/").status_code == 403
    assert door.let_in == 1


@pytest.mark.parametrize("token", ["", "x", "é", "None"])
def test_a_wrong_token_opens_nothing_and_leaves_the_right_one(token: str) -> None:
    door = Door()
    assert door.client.get("/", params={"token": token}).status_code == 403
    door.enter()


@pytest.mark.parametrize(
    "host",
    ["localhost:8123", "127.0.0.1", "127.0.0.1:9", "evil.example:8123", "127.0.0.1:8123.x"],
)
def test_another_host_name_is_not_answered(host: str) -> None:
    door = Door()
    client = door.enter()
    assert client.get("/", headers={"host": host}).status_code == 421
    assert client.get(f"/?token={door.token}", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "http://localhost:8123"])
def test_a_write_must_come_from_our_own_page(origin: str) -> None:
    client = Door().enter()
    assert client.post("/write", json={}).status_code == 200
    assert client.post("/write", json={}, headers={"origin": origin}).status_code == 403
    del client.headers["origin"]
    assert client.post("/write", json={}).status_code == 403


def test_a_write_needs_the_cookie_too() -> None:
    assert Door().client.post("/write", json={}).status_code == 403


@pytest.mark.parametrize("cookie", ["x", "", "caf\u00e9"])
def test_a_wrong_cookie_opens_nothing(cookie: str) -> None:
    door = Door()
    headers = {"cookie": f"planner_explore_8123={cookie}".encode("latin-1")}
    assert door.client.get("/", headers=headers).status_code == 403


def test_only_json_and_not_too_much() -> None:
    client = Door().enter()
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/write", content=b"a=1", headers=form).status_code == 415
    assert client.post("/write", json="x" * MOST_BYTES).status_code == 413


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(method: str) -> None:
    assert Door().enter().request(method, "/").status_code == 405


def test_every_answer_carries_the_headers() -> None:
    door = Door()
    refused, exchanged = door.client.get("/"), door.client.get(f"/?token={door.token}")
    for answer in (refused, exchanged, door.client.get("/"), door.client.get("/no")):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "unsafe" not in HEADERS["content-security-policy"]


def test_idle_by_the_clock() -> None:
    now = [0.0]
    idle = Idle(2, lambda: now[0])
    now[0] = 119
    assert not idle.is_over
    idle.touch()
    now[0] = 238
    assert not idle.is_over
    now[0] = 240
    assert idle.is_over
