"""Translations without a tool to install: find texts, keep the .po files whole, write the .mo files.

Thai is the language of the source; `locale/en` of a room holds the English, `locale/th` only repairs of Django's own
Thai. `python -m maehia.web.messages FOLDER ...` adds new texts to each room's English file and compiles all of them.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(
    r"""\b(?:n?gettext|_)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:\s*,\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))?"""
)
THAI = re.compile(r"[ก-๙]")
Message = tuple[str, ...]  # (singular,) or (singular, plural)


def in_python(source: str) -> Iterator[Message]:
    """Texts of gettext calls with constant arguments."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in CALLS or not node.args:
            continue
        wanted = node.args[: 2 if name.startswith("ngettext") else 1]
        if all(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in wanted):
            yield tuple(str(arg.value) for arg in wanted if isinstance(arg, ast.Constant))


def in_template(source: str) -> Iterator[Message]:
    """Texts of {% translate %}, {% blocktranslate %} and _("...")."""
    for found in IN_TEMPLATE.finditer(templatize(source)):
        parts = [ast.literal_eval(part) for part in found.groups() if part]
        yield tuple(part.replace("%%", "%") for part in parts)


def texts(room: Path) -> dict[str, Message]:
    """All Thai texts of a room by their singular; tests are left out."""
    found: dict[str, Message] = {}
    for file in sorted(room.rglob("*.py")):
        if "tests" not in file.parts and "migrations" not in file.parts:
            found.update({message[0]: message for message in in_python(file.read_text("utf-8"))})
    for file in sorted([*room.rglob("*.html"), *room.rglob("*.txt")]):
        if "templates" in file.parts:
            found.update({message[0]: message for message in in_template(file.read_text("utf-8"))})
    return {key: message for key, message in found.items() if THAI.search(key)}


PO_LINE = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d+\])?)?\s*"(.*)"$')


def read_po(file: Path) -> dict[Message, tuple[str, ...]]:
    """Entries of a .po file: (msgid[, plural]) -> translations."""
    entries: dict[Message, tuple[str, ...]] = {}
    fields: dict[str, str] = {}
    now = ""
    for line in [*file.read_text("utf-8").splitlines(), 'msgid ""'] if file.exists() else []:
        match = PO_LINE.match(line.strip())
        if not match:
            continue
        if match[1]:
            now = match[1]
            if now == "msgid" and fields:
                _keep(entries, fields)
                fields = {}
        fields[now] = fields.get(now, "") + str(ast.literal_eval(f'"{match[2]}"'))
    return entries


def _keep(entries: dict[Message, tuple[str, ...]], fields: dict[str, str]) -> None:
    key = (fields["msgid"], fields["msgid_plural"]) if "msgid_plural" in fields else (fields["msgid"],)
    entries[key] = tuple(value for name, value in sorted(fields.items()) if name.startswith("msgstr"))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


HEADER = (
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)


def write_po(file: Path, entries: dict[Message, tuple[str, ...]]) -> None:
    """The entries in a stable order, so that a difference shows only what changed."""
    blocks = [f'msgid ""\nmsgstr {_quoted(HEADER)}']
    for key, values in sorted(entries.items()):
        if key == ("",):
            continue
        lines = [f"msgid {_quoted(key[0])}"]
        if len(key) == 2:
            lines.append(f"msgid_plural {_quoted(key[1])}")
            lines += [f"msgstr[{i}] {_quoted(value)}" for i, value in enumerate(values)]
        else:
            lines.append(f"msgstr {_quoted(values[0])}")
        blocks.append("\n".join(lines))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n\n".join(blocks) + "\n", "utf-8")


def mo_bytes(entries: dict[Message, tuple[str, ...]]) -> bytes:
    """The binary form that gettext reads: two sorted tables of (length, offset), then the texts."""
    pairs = {("\0".join(k)): "\0".join(v) for k, v in entries.items() if k != ("",) and all(v)}
    rows = sorted([("", HEADER), *pairs.items()], key=lambda row: row[0].encode())
    keys = [key.encode() + b"\0" for key, _ in rows]
    values = [value.encode() + b"\0" for _, value in rows]
    start = 28 + 16 * len(rows)
    tables, offset = [], start
    for texts_ in (keys, values):
        for text in texts_:
            tables.append(struct.pack("<II", len(text) - 1, offset))
            offset += len(text)
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, start)
    return head + b"".join(tables) + b"".join(keys) + b"".join(values)


def english_file(room: Path) -> Path:
    return room / "locale/en/LC_MESSAGES/django.po"


def missing(room: Path) -> list[str]:
    """Thai texts of a room that have no English yet."""
    done = {key[0]: values for key, values in read_po(english_file(room)).items()}
    return [text for text in texts(room) if not done.get(text) or not all(done[text])]


def update(room: Path) -> None:
    """Adds new texts (empty) to the English file, drops those no longer used, compiles every .po of the room."""
    found = texts(room)
    if found:
        old = {key[0]: values for key, values in read_po(english_file(room)).items()}
        entries = {key: old.get(key[0], ("",) * len(key)) for key in found.values()}
        write_po(english_file(room), entries)
    for file in room.glob("locale/*/LC_MESSAGES/*.po"):
        file.with_suffix(".mo").write_bytes(mo_bytes(read_po(file)))


def main(folders: list[str]) -> int:
    """Updates each room; says what still lacks English. Exit 1 when something does."""
    lacking = []
    for folder in folders:
        update(Path(folder))
        lacking += [f"{folder}: {text}" for text in missing(Path(folder))]
    sys.stdout.write("".join(f"{line}\n" for line in lacking))
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
