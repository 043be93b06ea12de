"""A text that the database holds encrypted only."""

from __future__ import annotations

from typing import Any

from django.db import models

from maehia.kit.crypto import cells


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text in Python, AES-GCM in the database (bytea).

    It cannot be filtered by value (use a blind index beside it), only by `isnull`. ring: "main" or "s26".
    aad: "table.column" of the first home of the value; a copied cell (history) keeps it. Default: its own.
    """

    description = "Encrypted text"
    empty_values = [None, ""]

    def __init__(self, *args: Any, ring: str = "main", aad: str = "", **options: Any) -> None:
        self.ring, self.aad = ring, aad
        options.setdefault("editable", True)
        super().__init__(*args, **options)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not self.aad and not cls._meta.abstract:
            self.aad = f"{cls._meta.db_table}.{self.column}"

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        if not self.editable:
            options["editable"] = False
        return name, path, args, {**options, "ring": self.ring, "aad": self.aad}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = cells.encrypt(value, self.aad, self.ring)
        return super().get_db_prep_value(value, connection, prepared)

    def get_default(self) -> Any:
        default = super().get_default()
        return "" if default == b"" else default

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else cells.decrypt(value, self.aad, self.ring)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: search by its blind index, not by {lookup_name!r}")
        return super().get_lookup(lookup_name)

    def formfield(self, **options: Any) -> Any:
        from django import forms

        return models.Field.formfield(self, form_class=forms.CharField, **options)
