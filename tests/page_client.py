"""Asks an application as a browser would, without a network: cookies are kept."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


class Client:
    """``headers`` go with every request; redirects are not followed."""

    def __init__(self, app: Any, base_url: str) -> None:
        self._app, self._base_url = app, base_url
        self.headers: dict[str, str] = {}
        self._cookies = httpx.Cookies()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, more))

    async def _request(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        headers = {**self.headers, **more.pop("headers", {})}
        async with httpx.AsyncClient(
            transport=transport, base_url=self._base_url, cookies=self._cookies
        ) as client:
            found = await client.request(method, path, headers=headers, **more)
            self._cookies = client.cookies
        return found
