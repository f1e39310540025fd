"""Headers of every answer: nothing but our own files loads, nothing is indexed, nothing private is kept."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]", "::1")


class Headers:
    """ASGI middleware that adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                if "frame-ancestors *" in headers.get("content-security-policy", ""):
                    del headers["X-Frame-Options"]  # a preview is made to stand in another's page
                # A download is stricter still: it has a sandbox of its own.
                headers.setdefault("Content-Security-Policy", POLICY)
                headers["Referrer-Policy"] = _referrer(scope)
                headers.setdefault("Cache-Control", "no-store")
                headers.setdefault("X-Robots-Tag", "noindex, noarchive")
            await send(message)

        await self.app(scope, receive, dressed)


def _referrer(scope: Scope) -> str:
    """None at all where browsers tell by ``Sec-Fetch-Site`` that a form is ours.

    Over plain http to another machine they do not, and with ``no-referrer`` they would hide the origin too.
    """
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    trusted = scope["scheme"] == "https" or host.rsplit(":", 1)[0] in _LOOPBACK or host in _LOOPBACK
    return "no-referrer" if trusted else "same-origin"
