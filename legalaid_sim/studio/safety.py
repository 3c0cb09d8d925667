"""Who may ask, and what a page may do: one browser on this machine that was given the address, and nobody else."""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# A text of 1 MB grows as a form sends it.
LARGEST_BODY = 4_000_000
METHODS = ("GET", "HEAD", "POST")
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:"
)
# The report of a run brings its style with it, and no script.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-downloads"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """Lets through what comes from the one browser that opened the address, and refuses everything else."""

    def __init__(self, inner: Application, port: int) -> None:
        self.inner, self.port = inner, port
        self.hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self.token: str | None = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self.cookie = f"studio-{port}"

    @property
    def address(self) -> str:
        """The address that opens the studio, once."""
        return f"http://{self.hosts[0]}/?token={self.token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let in once by the token, or hand on with the headers that bind the page."""
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        refused = self._refused(scope, headers)
        if refused:
            await _answer(send, *refused)
        elif self._has_token(scope):
            self.token = None
            cookie = f"{self.cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(send, 303, "", [(b"location", b"/"), (b"set-cookie", cookie.encode())])
        elif not self._has_cookie(headers):
            await _answer(send, 403, "This address was used before, or is not the one that was printed. Start the "
                          "studio again and open the address that it prints.")  # fmt: skip
        else:
            await self.inner(scope, _limited(receive), _bound(send))

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if scope["method"] not in METHODS:
            return 405, "Only GET and POST are answered here."
        if host not in self.hosts:
            return 403, "This is answered only under its own address on this machine."
        same = f"http://{host}"
        if (origin is not None and origin != same) or (scope["method"] == "POST" and origin is None):
            return 403, "A page from elsewhere may not ask this."
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and scope["method"] == "POST":
            return 403, "A page from elsewhere may not ask this."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return 413, "That is larger than what is taken here: 1 MB of text."
        return None

    def _has_token(self, scope: Scope) -> bool:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return bool(
            self.token and scope["path"] == "/" and compare_digest(given.encode(), self.token.encode())
        )

    def _has_cookie(self, headers: dict[str, str]) -> bool:
        try:
            held = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return held is not None and compare_digest(held.value.encode(), self._session.encode())


async def _answer(send: Send, status: int, words: str, more: list[tuple[bytes, bytes]] | None = None) -> None:
    kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-security-policy", POLICY.encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *HEADERS, *(more or [])]})
    await send({"type": "http.response.body", "body": f"{words}\n".encode() if words else b""})


def _bound(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            held = list(message.get("headers", []))
            names = {name for name, _ in held}
            held += [header for header in HEADERS if header[0] not in names]
            if b"content-security-policy" not in names:
                held.append((b"content-security-policy", POLICY.encode()))
            message = {**message, "headers": held}
        await send(message)

    return sent


class TooLarge(Exception):
    """A body that goes on beyond what is taken."""


def _limited(receive: Receive) -> Receive:
    read = 0

    async def received() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise TooLarge
        return message

    return received
