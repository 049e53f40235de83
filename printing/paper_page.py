"""A web page that shows the papers of a virtual printer as they come, and sets its fault.

It speaks plain HTTP by the standard library: the printing room sees neither Flask nor `web`.
"""

import html
import re
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from printing.virtual import Fault, VirtualPrinter

_STATIC = Path(__file__).with_name("static")
_FILE = re.compile(r"\d{4,}-\d{6}\.(png|bin)")
_SHOWN = 60
_FAULTS: dict[Fault, tuple[str, str]] = {
    "none": ("正常", "Working"),
    "paper-out": ("缺纸", "Paper out"),
    "cover-open": ("开盖", "Cover open"),
    "mute": ("无应答", "Mute"),
    "refuse": ("拔线", "Unplugged"),
    "reset": ("中途断线", "Reset"),
    "slow": ("很慢", "Slow"),
    "garbage": ("乱码", "Garbage"),
    "power-cycle": ("断电重启", "Power cycle"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>虚拟打印机 · Virtual printer</title>
<link rel="stylesheet" href="/paper.css">
<script src="/paper.js" defer></script>
<noscript><meta http-equiv="refresh" content="1"></noscript>
</head>
<body>
<header>
<h1>虚拟打印机 <span class="en" lang="en">Virtual printer</span></h1>
{printer}
</header>
{papers}
</body>
</html>
"""


class PaperPage:
    """Serves the papers of `printer`, which must keep them in a folder, on `host`:`port` (0: any free port).

    Raises ValueError if the printer has no folder, OSError if the port cannot be had.
    """

    def __init__(self, printer: VirtualPrinter, *, host: str = "127.0.0.1", port: int = 0) -> None:
        if printer.folder is None:
            raise ValueError("the paper page shows the folder of a printer; this one keeps none")
        handler = type("Handler", (_Handler,), {"printer": printer, "folder": printer.folder})
        self._server = _Server((host, port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="paper-page", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    def start(self) -> None:
        """Serves until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Stops serving, waits for the requests under way and closes the socket."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of a picture is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    printer: VirtualPrinter
    folder: Path
    # A browser that opens a connection and says nothing must not hold a thread for ever.
    timeout = 5

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            page = _PAGE.format(printer=self._printer_fragment(), papers=self._papers_fragment())
            self._send("text/html; charset=utf-8", page.encode())
        elif path == "/_printer":
            self._send("text/html; charset=utf-8", self._printer_fragment().encode())
        elif path == "/_papers":
            self._send("text/html; charset=utf-8", self._papers_fragment().encode())
        elif path == "/favicon.ico":
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
        elif path == "/paper.css":
            self._send_file(_STATIC / "paper.css", "text/css; charset=utf-8")
        elif path == "/paper.js":
            self._send_file(_STATIC / "paper.js", "text/javascript; charset=utf-8")
        elif path.startswith("/paper/") and _FILE.fullmatch(path.removeprefix("/paper/")):
            kind = "image/png" if path.endswith(".png") else "application/octet-stream"
            self._send_file(self.folder / path.removeprefix("/paper/"), kind)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif not self._same_origin():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif urlsplit(self.path).path != "/fault":
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not self._press(parse_qs(body.decode("ascii", errors="replace"))):
            self.send_error(HTTPStatus.UNPROCESSABLE_ENTITY)
        else:
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _press(self, fields: dict[str, list[str]]) -> bool:
        """Does what a button says; False if there is no such button."""
        wanted = fields.get("fault", [""])[0]
        fault = next((fault for fault in _FAULTS if fault == wanted), None)
        paper_low = fields.get("paper-low", [""])[0]
        if fault is not None:
            self.printer.fault = fault
        elif paper_low in ("on", "off"):
            self.printer.near_end = paper_low == "on"
        else:
            return False
        return True

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > 1000:
            return None
        return self.rfile.read(int(length))

    def _same_origin(self) -> bool:
        site = self.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin"
        origin, host = self.headers.get("Origin"), self.headers.get("Host")
        return bool(origin) and bool(host) and urlsplit(origin or "").netloc == host

    def _printer_fragment(self) -> str:
        buttons = "".join(
            _button("fault", value, self.printer.fault == value, chinese, english)
            for value, (chinese, english) in _FAULTS.items()
        )
        low = self.printer.near_end
        buttons += _button("paper-low", "off" if low else "on", low, "纸将尽", "Paper low")
        return f'<form id="printer" method="post" action="/fault">{buttons}</form>'

    def _papers_fragment(self) -> str:
        names = sorted(
            (path.stem for path in self.folder.glob("*.png") if _FILE.fullmatch(path.name)),
            key=lambda name: (int(name.split("-")[0]), name),
            reverse=True,
        )
        figures = "\n".join(_figure(html.escape(name)) for name in names[:_SHOWN])
        empty = '<p class="empty">还没有打印任何票据<br><span class="en" lang="en">Nothing printed yet</span></p>'
        more = len(names) - _SHOWN
        if more > 0:
            figures += (
                f'\n<p class="empty">另有 {more} 张较早的票据在文件夹中<br>'
                f'<span class="en" lang="en">{more} older papers are in the folder</span></p>'
            )
        return f'<main id="papers">{figures or empty}</main>'

    def _send_file(self, path: Path, kind: str) -> None:
        try:
            content = path.read_bytes()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._send(kind, content)

    def _send(self, kind: str, content: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "private, no-cache")
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stays silent: a page that asks every second would drown the demo's own words."""


def _button(name: str, value: str, pressed: bool, chinese: str, english: str) -> str:
    return (
        f'<button name="{name}" value="{value}" aria-pressed="{str(pressed).lower()}">'
        f'{chinese}<span class="en" lang="en">{english}</span></button>'
    )


def _figure(name: str) -> str:
    number, time = name.split("-")
    clock = f"{time[:2]}:{time[2:4]}:{time[4:]}"
    return (
        f'<figure data-paper="{name}"><a href="/paper/{name}.png">'
        f'<img src="/paper/{name}.png" alt="票据 {number} · paper {number}" loading="lazy"></a>'
        f'<figcaption><b>{number}</b><time>{clock}</time><a href="/paper/{name}.png">PNG</a>'
        f'<a href="/paper/{name}.bin">.bin</a></figcaption></figure>'
    )
