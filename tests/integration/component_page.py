"""A form engine's site, as small as can be: pages that embed the component, on origins of their own."""

import html
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from socket import create_server, socket
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PUBLIC_NAME = "forms.example.test"
COMPONENT = resources.files("contract.forms.component") / "web" / "releve-field.js"
HEARD = """
  window.heard = [];
  for (const name of ["releve-progress", "releve-captured", "releve-refused"])
    document.addEventListener(name, ({ detail }) => window.heard.push([name, detail]));
"""


class Site:
    """A site with one page, changed at will, and the component; its policy allows no more than that takes."""

    def __init__(self, name: str, certificate: Path | None = None) -> None:
        self.body = ""
        self.lang = "fr"
        self.script = "/releve-field.js"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.origin = f"{scheme}://{name}:{self.port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self) -> str:
        return (
            f'<!doctype html><html lang="{self.lang}"><meta charset="utf-8"><title>Formulaire</title>'
            f'<script src="/heard.js"></script><script type="module" src="{self.script}"></script>'
            f'<form action="/sent">{self.body}<button id="send">Envoyer</button></form></html>'
        )

    @property
    def policy(self) -> str:
        loopback = "http://127.0.0.1:* http://localhost:*"
        return (
            f"default-src 'none'; script-src 'self' {loopback}; connect-src {loopback}; "
            "style-src 'none'; form-action 'self'; base-uri 'none'"
        )


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = {
                "/": ("text/html", site.page()),
                "/heard.js": ("text/javascript", HEARD),
                "/releve-field.js": ("text/javascript", COMPONENT.read_text("utf-8")),
            }.get(self.path.partition("?")[0], ("text/plain", ""))
            data = content.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def self_signed(folder: Path) -> Path:
    """Return a certificate for the public name, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, PUBLIC_NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(PUBLIC_NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "site.pem"
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def listener() -> Iterator[tuple[str, list[int]]]:
    """Yield the address of something that answers nothing, and a list with one entry for each that said something.

    A browser connects before it looks whether it may, and then says nothing.
    """
    heard: list[int] = []
    with create_server(("127.0.0.1", 0)) as listening:
        Thread(target=_count, args=(listening, heard), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard


def _count(listening: socket, heard: list[int]) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(1)
            with suppress(OSError):
                if connection.recv(1):
                    heard.append(1)


def tag(element: str, content: str = "", **attributes: str) -> str:
    """Return an element; an attribute of the empty text has no value."""
    said = "".join(
        f" {name}" if value == "" else f' {name}="{html.escape(value)}"'
        for name, value in attributes.items()
    )
    return f"<{element}{said}>{content}</{element}>"
