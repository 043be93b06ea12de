"""The name of a row within its source: the source's own key, else one made from what tells its rows apart."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from maehia.intake.mapping.mapping import Mapping
from maehia.intake.words import Kind

SEPARATOR = "\x1f"
NULL = pa.scalar(None, pa.string())
# Key columns that may be read by anybody who may see the record's name.
NOT_SECRET = frozenset(
    {
        "ext_id", "code", "level", "station", "quantity", "time", "ltax_code", "land_office", "deed_kind", "deed_no",
        "license_no", "area_kind", "name", "place_kind", "account_no", "survey_sheet", "land_no",
    }
)  # fmt: skip


def row_keys(
    columns: Dict[str, pa.Array], mapping: Mapping, kind: Kind, shapes: pa.Array | None, secret: bytes
) -> pa.Array:
    """One text per row, never null: the key columns joined, or a 20-letter hash.

    A key with personal columns (an ID, a house) is hashed under `secret`. A row whose key cells are empty is named by
    its identity columns; rows that these cannot tell apart get #2, #3 ... in the order of the file.
    """
    given = _given(columns, mapping, secret)
    if given is None:
        return _identity(columns, kind, shapes, secret)
    if not given.null_count:
        return given
    open_rows = pc.is_null(given)
    few = {name: values.filter(open_rows) for name, values in columns.items()}
    made = _identity(few, kind, None if shapes is None else shapes.filter(open_rows), secret)
    return pc.replace_with_mask(given, open_rows, made)


def _given(columns: Dict[str, pa.Array], mapping: Mapping, secret: bytes) -> pa.Array | None:
    names = mapping.key or (["ext_id"] if "ext_id" in columns else [])
    parts = [columns[name] for name in names if name in columns]
    if not parts or len(parts) < len(names):
        return None
    joined = pc.binary_join_element_wise(*parts, "|", null_handling="emit_null")
    if set(names) <= NOT_SECRET:
        return _hidden_ids(joined, secret)
    return pa.array([None if text is None else _hash(text, secret) for text in joined.to_pylist()], pa.string())


def _hidden_ids(keys: pa.Array, secret: bytes) -> pa.Array:
    """A source may use the national ID as its row key: such keys are hashed, the others stay readable."""
    looks = pc.fill_null(pc.match_substring_regex(keys, r"(^|\D)\d-?\d{4}-?\d{5}-?\d{2}-?\d(\D|$)"), False)
    if not pc.any(looks).as_py():
        return keys
    texts = keys.to_pylist()
    return pa.array(
        [_hash(t, secret) if hide else t for t, hide in zip(texts, looks.to_pylist(), strict=True)], pa.string()
    )


def _identity(columns: Dict[str, pa.Array], kind: Kind, shapes: pa.Array | None, secret: bytes) -> pa.Array:
    parts: list[pa.Array] = [columns[name] for name in kind.identity if name in columns]
    if "geometry" in kind.identity and shapes is not None:
        parts.append(
            pa.array(
                [None if wkb is None else blake2b(wkb, digest_size=8).hexdigest() for wkb in shapes.to_pylist()],
                pa.string(),
            )
        )
    if not parts:
        parts = [values for name, values in columns.items() if name != "ext_id"]
    filled = [pc.fill_null(part, "") for part in parts]
    joined = pc.binary_join_element_wise(*filled, SEPARATOR)
    return pa.array(_numbered([_hash(text, secret) for text in joined.to_pylist()]), pa.string())


def _hash(text: str, secret: bytes) -> str:
    return blake2b(text.encode(), digest_size=10, key=secret[:64]).hexdigest()


def _numbered(keys: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for key in keys:
        count = seen[key] = seen.get(key, 0) + 1
        result.append(key if count == 1 else f"{key}#{count}")
    return result
