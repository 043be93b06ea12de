"""HTTPS beyond loopback: a certificate by file, or one of the town's own CA that staff devices install once."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from maehia.base import Problem, ProblemError
from maehia.cli import env, places

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

CA_YEARS = 10
SERVER_DAYS = 397  # the longest that phones accept (Apple and CA/Browser Forum limit of 398 days)
RENEW_BEFORE = dt.timedelta(days=30)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def folder() -> Path:
    return places.data_dir() / "tls"


def for_host(host: str) -> tuple[str, str] | None:
    """Certificate and key files for serving on `host`; None on loopback or behind a proxy.

    Raises ProblemError when neither a certificate file nor the town's CA is there.
    """
    certificate, key = env.text("MAEHIA_TLS_CERT", ""), env.text("MAEHIA_TLS_KEY", "")
    if bool(certificate) != bool(key):
        raise env.SettingError("MAEHIA_TLS_CERT and MAEHIA_TLS_KEY must be set together")
    if certificate:
        for name in (certificate, key):
            Path(name).read_bytes()
        return certificate, key
    if is_loopback(host) or env.flag("MAEHIA_BEHIND_PROXY"):
        return None
    if not (folder() / "ca.crt").exists():
        raise ProblemError(
            Problem(
                "no_certificate",
                f"จะเปิดที่ {host} ต้องมี HTTPS แต่ยังไม่มีใบรับรอง",
                fix="ตั้ง MAEHIA_TLS_CERT กับ MAEHIA_TLS_KEY หรือให้ maehia init สร้าง CA ของเมือง",
            )
        )
    return server_certificate(names_of(host))


def names_of(host: str) -> list[str]:
    """Names and addresses the certificate is for: the public ones, the machine's own, the loopback."""
    names = [*env.words("MAEHIA_HOSTS"), socket.gethostname(), "localhost", "127.0.0.1"]
    if host not in {"0.0.0.0", "::"}:  # noqa: S104
        names.insert(0, host)
    return list(dict.fromkeys(names))


def make_ca(town: str, now: dt.datetime | None = None) -> Path:
    """The town's own certificate authority, once; returns the certificate that staff devices install."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    path = folder() / "ca.crt"
    if path.exists():
        return path
    now = now or dt.datetime.now(dt.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{town} CA"[:64])
    builder = _builder(name, name, key, now, dt.timedelta(days=365 * CA_YEARS))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True)
    _write_pair(builder, key, key, "ca")
    return path


def server_certificate(names: list[str], now: dt.datetime | None = None) -> tuple[str, str]:
    """The server's certificate for `names`, from the town's CA; made again when it ends soon or the names changed."""
    now = now or dt.datetime.now(dt.UTC)
    certificate, key = folder() / "server.crt", folder() / "server.key"
    if not certificate.exists() or not key.exists() or _outdated(certificate, names, now):
        _issue(names, now)
    return str(certificate), str(key)


def days_left(path: Path, now: dt.datetime | None = None) -> int:
    from cryptography import x509

    found = x509.load_pem_x509_certificate(path.read_bytes())
    return (found.not_valid_after_utc - (now or dt.datetime.now(dt.UTC))).days


def fingerprint() -> str:
    """SHA-256 of the CA's certificate as people compare it: pairs of letters."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    found = x509.load_pem_x509_certificate((folder() / "ca.crt").read_bytes())
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def _outdated(path: Path, names: list[str], now: dt.datetime) -> bool:
    from cryptography import x509

    found = x509.load_pem_x509_certificate(path.read_bytes())
    stated = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.not_valid_after_utc - now < RENEW_BEFORE or set(stated) != set(_alternatives(names))


def _issue(names: list[str], now: dt.datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509.oid import ExtendedKeyUsageOID

    authority = x509.load_pem_x509_certificate((folder() / "ca.crt").read_bytes())
    signer = load_pem_private_key((folder() / "ca.key").read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)  # noqa: S101 (make_ca wrote it)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(names[0][:64]), authority.subject, key, now, dt.timedelta(days=SERVER_DAYS))
    builder = builder.add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    _write_pair(builder, key, signer, "server")


def _alternatives(names: list[str]) -> list[x509.GeneralName]:
    from cryptography import x509

    made: list[x509.GeneralName] = []
    for name in names:
        try:
            made.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            made.append(x509.DNSName(name))
    return made


def _name(common: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(signs: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: dt.datetime, life: dt.timedelta
) -> x509.CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _write_pair(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, name: str
) -> None:
    from cryptography.hazmat.primitives import hashes, serialization

    signed = builder.sign(signer, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    places.write_private(folder() / f"{name}.key", private)
    places.write_private(folder() / f"{name}.crt", signed.public_bytes(serialization.Encoding.PEM))
