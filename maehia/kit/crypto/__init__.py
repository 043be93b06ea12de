"""Encryption of cells and files, keys outside the database, blind indexes for exact search."""

from maehia.kit.crypto.cells import (
    CannotDecrypt,
    blind_index,
    decrypt,
    decrypt_many,
    encrypt,
    encrypt_many,
    key_version,
)
from maehia.kit.crypto.fields import EncryptedTextField
from maehia.kit.crypto.files import (
    FileKeyDropped,
    create_file_key,
    decrypt_file,
    drop_file_key,
    encrypt_file,
    open_file_key,
)
from maehia.kit.crypto.keyring import Keyring, keyring

__all__ = [
    "CannotDecrypt",
    "EncryptedTextField",
    "FileKeyDropped",
    "Keyring",
    "blind_index",
    "create_file_key",
    "decrypt",
    "decrypt_file",
    "decrypt_many",
    "drop_file_key",
    "encrypt",
    "encrypt_file",
    "encrypt_many",
    "key_version",
    "keyring",
    "open_file_key",
]
