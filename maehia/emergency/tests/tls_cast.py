"""A live server over TLS under a name that is not loopback, with a certificate of the town's own CA.

A service worker, the store of keys and airplane mode behave on a phone in the field as they do here: an address of
the town, HTTPS, nothing that a browser allows to localhost only.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

from maehia.cli import places, tls
from maehia.web import testing
from maehia.web.testing import BrowserCase

NAME = "phone.maehia.test"


class TlsServer(ThreadedWSGIServer):
    """Wraps each connection; the handshake is done in the thread that serves it."""

    context: ssl.SSLContext

    def get_request(self) -> Any:
        plain, address = super().get_request()
        return self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def setup_environ(self) -> None:
        super().setup_environ()
        self.base_environ["HTTPS"] = "on"


class TlsThread(LiveServerThread):
    """The live server of a test case, over TLS."""

    context: ssl.SSLContext

    def _create_server(self, connections_override: Any = None) -> Any:
        server = type("Server", (TlsServer,), {"context": self.context})
        return server(
            (self.host, self.port), QuietWSGIRequestHandler, allow_reuse_address=False,
            connections_override=connections_override,
        )  # fmt: skip


class TlsBrowserCase(BrowserCase):
    """`BrowserCase` at https://phone.maehia.test."""

    allowed_host = NAME
    _pin = ""

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        with mock.patch.object(places, "data_dir", return_value=Path(folder.name)):
            tls.make_ca("เมืองทดสอบ")
            certificate, key = tls.server_certificate([NAME])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        found = x509.load_pem_x509_certificate(Path(certificate).read_bytes()).public_key()
        spki = found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        cls._pin = base64.b64encode(hashlib.sha256(spki).digest()).decode()
        cls.server_thread_class = type("Thread", (TlsThread,), {"context": context})
        super().setUpClass()

    @property
    def live_server_url(self) -> str:
        return f"https://{NAME}:{self.server_thread.port}"

    @contextmanager
    def browser(self) -> Iterator[Any]:
        """A browser that finds the name here and trusts this certificate, as a phone does that installed the CA."""
        flags = [*testing.FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
                 f"--ignore-certificate-errors-spki-list={self._pin}"]  # fmt: skip
        with mock.patch.object(testing, "FLAGS", flags), super().browser() as open_page:
            yield open_page
