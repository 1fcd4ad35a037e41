"""Who may ask what: this machine's own page and nobody else.

The address holds a token that works once; it is exchanged for a cookie that scripts cannot read
and that no other site's request carries. Every request must name our own host, so that no other
name can be pointed at us, and every write must come from our own page.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
USED = (
    "This address has been used already, or is not the one that planner explore printed. "
    "Stop planner explore and start it again for a new one."
)


class Guard:
    """Stands before the page. ``touched`` is told of every request that is let in."""

    def __init__(self, app: ASGIApp, port: int, touched: Callable[[], None]) -> None:
        self._app, self._touched = app, touched
        self._host = f"127.0.0.1:{port}"
        self._cookie = f"planner_explore_{port}"
        self._token: str | None = secrets.token_urlsafe(32)
        self._key = secrets.token_urlsafe(32)

    @property
    def address(self) -> str:
        """The address that opens the page, once."""
        return f"http://{self._host}/?token={self._token or ''}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refusal(Request(scope))
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return
        self._touched()
        await self._app(scope, _limited(receive), send_guarded)

    def _refusal(self, request: Request) -> Response | None:
        """Why a request is not let in, or the exchange of the token; None: it is let in."""
        headers = request.headers
        if headers.get("host") != self._host:
            return PlainTextResponse("This page answers to its own address only.", 421)
        if request.method not in {"GET", "POST"}:
            return PlainTextResponse("Only GET and POST are answered.", 405, {"allow": "GET, POST"})
        if request.method == "POST":
            refused = self._refused_write(headers)
            if refused is not None:
                return refused
        if request.method == "GET" and request.url.path == "/" and "token" in request.query_params:
            return self._exchange(request.query_params["token"])
        cookie = request.cookies.get(self._cookie, "")
        if not secrets.compare_digest(cookie.encode(), self._key.encode()):
            return PlainTextResponse(USED, 403)
        return None

    def _refused_write(self, headers: Headers) -> Response | None:
        if headers.get("origin") != f"http://{self._host}":
            return PlainTextResponse("Only this page itself may ask that.", 403)
        if headers.get("content-type", "").split(";")[0] != "application/json":
            return PlainTextResponse("Only JSON is read.", 415)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > MOST_BYTES:
            return PlainTextResponse("That is too much at once.", 413)
        return None

    def _exchange(self, told: str) -> Response:
        """The cookie for the token, once."""
        if self._token is None or not secrets.compare_digest(told.encode(), self._token.encode()):
            return PlainTextResponse(USED, 403)
        self._token = None
        found = RedirectResponse("/", 303)
        found.set_cookie(self._cookie, self._key, httponly=True, samesite="strict", path="/")
        return found


def _limited(receive: Receive) -> Receive:
    """At most so many bytes of a body: what is above is as if the sender had gone."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= MOST_BYTES else {"type": "http.disconnect"}

    return limited
