"""Rule 22: the signature of a message (enveloped XML-DSig, RSA-SHA256), ours checked before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from lxml import etree
from signxml import methods
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from maehia.emergency.rules.cap.context import ABSENT, FALSE, TRUE, Context
from maehia.emergency.rules.cap.elements import DS
from maehia.emergency.rules.cap.finding import ERROR, INFO, Finding
from maehia.emergency.rules.cap.parse import Refused, safe_root

SIGNATURE = f"{{{DS}}}Signature"


@dataclass(frozen=True, slots=True)
class Key:
    """private and certificate: PEM. The certificate is the town's own; whom it is trusted by is not our question."""

    private: bytes
    certificate: bytes


def sign(data: bytes, key: Key) -> bytes:
    """The message with its signature at the end. Raises ValueError for a key that is none."""
    signer = XMLSigner(
        method=methods.enveloped, signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )  # fmt: skip
    signed = signer.sign(safe_root(data), key=key.private, cert=key.certificate.decode())
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8") + b"\n"


def verify(data: bytes, certificate: bytes) -> str:
    """TRUE, FALSE or ABSENT: whether a message carries a signature that this certificate made over the whole of it."""
    try:
        root = safe_root(data)
        if root.find(SIGNATURE) is None:
            return ABSENT
        expected = SignatureConfiguration(signature_methods=frozenset({SignatureMethod.RSA_SHA256}))
        held = XMLVerifier().verify(data, x509_cert=certificate.decode(), expect_config=expected)
    except (SignXMLException, InvalidSignature, Refused, ValueError, etree.LxmlError):
        return FALSE
    # What was signed must be this message, not something wrapped inside of it.
    one = held[0] if isinstance(held, list) else held
    return TRUE if whole(one.signed_xml) == whole(root) else FALSE


def whole(root: Any) -> list[bytes]:
    """The elements of a message without its signature, canonical; nothing for what is no element."""
    if root is None:
        return []
    return [etree.tostring(child, method="c14n", exclusive=True, with_tail=False) for child in root
            if child.tag != SIGNATURE]  # fmt: skip


def signature_findings(context: Context, signed: bool) -> Iterator[Finding]:
    """22: our own must be there and hold when we have a key; another's is never a reason to drop a message."""
    path = "/alert/Signature"
    if not context.publishing:
        if signed and context.signed != TRUE:
            yield Finding("cap22_foreign", INFO, path)
    elif context.key and not signed:
        yield Finding("cap22_unsigned", ERROR, path)
    elif signed and context.signed != TRUE:
        yield Finding("cap22_broken", ERROR, path)
