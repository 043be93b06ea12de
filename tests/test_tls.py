"""HTTPS beyond loopback with the town's own authority."""

import datetime as dt
import socket
import ssl
import threading

import pytest
from cryptography import x509

from maehia.base import ProblemError
from maehia.cli import env, tls

NOW = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setenv("MAEHIA_DATA", str(tmp_path))
    for name in ("MAEHIA_TLS_CERT", "MAEHIA_TLS_KEY", "MAEHIA_HOSTS", "MAEHIA_BEHIND_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_needs_no_certificate(host):
    assert tls.for_host(host) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.10", "town.example"])
def test_beyond_loopback_is_refused_without_a_certificate(host):
    with pytest.raises(ProblemError) as refused:
        tls.for_host(host)
    assert refused.value.problem.code == "no_certificate"


def test_a_proxy_on_this_machine_ends_https_itself(monkeypatch):
    monkeypatch.setenv("MAEHIA_BEHIND_PROXY", "1")
    assert tls.for_host("192.0.2.10") is None


def test_a_certificate_without_its_key_is_refused(monkeypatch):
    monkeypatch.setenv("MAEHIA_TLS_CERT", "/etc/x.crt")
    with pytest.raises(env.SettingError, match="together"):
        tls.for_host("192.0.2.10")


def test_a_certificate_file_comes_before_the_towns_own(monkeypatch, tmp_path):
    tls.make_ca("Test", NOW)
    for name, variable in (("a.crt", "MAEHIA_TLS_CERT"), ("a.key", "MAEHIA_TLS_KEY")):
        (tmp_path / name).write_text("pem")
        monkeypatch.setenv(variable, str(tmp_path / name))
    assert tls.for_host("town.example") == (str(tmp_path / "a.crt"), str(tmp_path / "a.key"))


def test_the_authority_is_made_once_and_its_key_is_closed(data):
    first = tls.make_ca("Test", NOW).read_bytes()
    assert tls.make_ca("Test", NOW).read_bytes() == first
    assert (data / "tls" / "ca.key").stat().st_mode & 0o077 == 0


def test_a_certificate_is_kept_until_it_ends_soon_or_a_name_is_added():
    tls.make_ca("Test", NOW)
    read = lambda names, now: open(tls.server_certificate(names, now)[0], "rb").read()  # noqa: E731, SIM115
    first = read(["town.example"], NOW)
    assert read(["town.example"], NOW + dt.timedelta(days=300)) == first
    assert read(["town.example"], NOW + dt.timedelta(days=370)) != first
    again = read(["town.example"], NOW)
    assert read(["town.example", "192.0.2.10"], NOW) != again


def test_phones_accept_the_life_of_the_certificate():
    tls.make_ca("Test", NOW)
    made = x509.load_pem_x509_certificate(open(tls.server_certificate(["town.example"], NOW)[0], "rb").read())  # noqa: SIM115
    assert made.not_valid_after_utc - made.not_valid_before_utc <= dt.timedelta(days=398)


def test_a_device_that_installed_the_authority_trusts_the_server():
    """A real handshake on a name: only the authority's certificate is known to the client."""
    now = dt.datetime.now(dt.UTC)
    authority = tls.make_ca("เทศบาลทดสอบ", now)
    certificate, key = tls.server_certificate(["town.example", "192.0.2.10"], now)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    left, right = socket.socketpair()
    thread = threading.Thread(target=lambda: serving.wrap_socket(left, server_side=True).close())
    thread.start()
    trusting = ssl.create_default_context(cafile=str(authority))
    with trusting.wrap_socket(right, server_hostname="town.example") as connection:
        assert connection.version() == "TLSv1.3"
    thread.join(timeout=10)


def test_a_stranger_does_not_trust_it():
    now = dt.datetime.now(dt.UTC)
    tls.make_ca("Test", now)
    certificate, key = tls.server_certificate(["town.example"], now)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    left, right = socket.socketpair()

    def answer() -> None:
        try:
            serving.wrap_socket(left, server_side=True)
        except (ssl.SSLError, OSError):
            left.close()

    thread = threading.Thread(target=answer)
    thread.start()
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(right, server_hostname="town.example")
    right.close()
    thread.join(timeout=10)
