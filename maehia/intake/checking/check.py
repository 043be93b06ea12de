"""The checks of a whole delivery at once, in DuckDB: a million rows in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from maehia.intake.checking.places import FOR_RULES, REFUSED, STATE, SWAP, VALUE, place_states
from maehia.intake.checking.rules import Rule, default_rules
from maehia.intake.checking.scratch import scratch
from maehia.intake.findings import FINDING_SCHEMA
from maehia.intake.mapping.apply import EXT_ID, SHAPE, SHEET, Mapped
from maehia.intake.reading.book import ROW_NO
from maehia.intake.words import Kind, kinds

_WEIGHTS = " + ".join(f"(ascii(substr(x, {place}, 1)) - 48) * {14 - place}" for place in range(1, 13))
MACROS = (
    "CREATE MACRO num(x) AS TRY_CAST(x AS DOUBLE)",
    "CREATE MACRO from_day(x) AS "
    "TRY_CAST(CASE length(x) WHEN 4 THEN x || '-01-01' WHEN 7 THEN x || '-01' ELSE x END AS DATE)",
    "CREATE MACRO to_day(x) AS CASE length(x) WHEN 4 THEN TRY_CAST(x || '-12-31' AS DATE) "
    "WHEN 7 THEN last_day(TRY_CAST(x || '-01' AS DATE)) ELSE TRY_CAST(x AS DATE) END",
    f"CREATE MACRO good_check(x) AS (11 - ({_WEIGHTS}) % 11) % 10 = ascii(substr(x, 13, 1)) - 48",
    r"CREATE MACRO hidden(x) AS regexp_replace(x, '([0-9]{2})[0-9]{3,}([0-9]{2})', '\1xxxxx\2', 'g')",
    "CREATE MACRO started(x) AS CASE WHEN hidden(x) <> x THEN hidden(x) ELSE left(x, 2) || '…' END",
)
OPEN_PERSONAL = {"birth", "moved_in", "moved_out", "died", "amount_baht"}  # shown, else nobody could put them right


@dataclass(frozen=True, slots=True)
class TownFacts:
    """What the checks know of the town. Everything but the day may be unknown; rules that need it then rest.

    moos: its moo numbers. place_codes: known tambon codes. place_names: name by code. outline: WKB, EPSG:4326.
    buffer_m: how far outside the outline a place may lie before it is noted (the outline may be a sketch).
    """

    today: date
    moos: tuple[int, ...] = ()
    place_codes: frozenset[str] = frozenset()
    place_names: dict[str, str] = field(default_factory=dict)
    outline: bytes | None = None
    buffer_m: float = 1000.0
    code: str = ""
    name: str = ""
    area_km2: float | None = None

    def facts(self) -> dict[str, object]:
        known: dict[str, object] = {"today": self.today}
        if self.moos:
            known["moos"] = list(self.moos)
        if self.place_codes:
            known["places"] = sorted(self.place_codes)
        return known


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair that a person may accept by its name (`Mapping.repairs`); `rows` would then keep their value."""

    name: str
    label: str
    rows: int


@dataclass(slots=True)
class Checked:
    """good: rows that go on, dropped cells null. quarantined: rows that wait. problems: of `FINDING_SCHEMA`."""

    kind: str
    good: pa.Table
    quarantined: pa.Table
    problems: pa.Table
    repairs: list[Repair] = field(default_factory=list)
    refused_columns: list[str] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """True when nothing was dropped, refused or held back."""
        return not any(severity != "note" for severity in self.problems["severity"].to_pylist())

    def counts(self) -> dict[str, int]:
        """How many problems of each code, the most frequent first."""
        found = pc.value_counts(self.problems["code"]).to_pylist()
        return {entry["values"]: entry["counts"] for entry in sorted(found, key=lambda entry: -entry["counts"])}


def joined(parts: Sequence[Mapped]) -> Mapped:
    """The sheets of one delivery as one, so that keys repeated across sheets are seen."""
    first = parts[0]
    frame = pa.concat_tables([part.frame for part in parts], promote_options="default")
    problems = pa.concat_tables([part.problems for part in parts])
    refused = sorted({name for part in parts for name in part.refused})
    return Mapped(first.kind, frame, problems, first.sheet, first.headings, refused, repairs=first.repairs)


def check(mapped: Mapped, town: TownFacts, rules: Sequence[Rule] | None = None) -> Checked:
    """Check every row against the rules of its kind. Bad rows wait, bad cells are left out, good rows go on."""
    kind = kinds()[mapped.kind]
    frame, outlines = place_states(mapped, kind, town)
    facts = town.facts()
    every = default_rules() if rules is None else rules
    active = [rule for rule in every if rule.runs(kind.name, frame.column_names, facts)]
    active += _needs(kind, frame.column_names)
    with scratch() as base:
        for macro in MACROS:
            base.execute(macro)
        base.register("came", frame)
        _number_copies(base, frame.column_names)
        run = _Run(base, mapped, kind, active, {**facts}, frame.column_names)
        problems = pa.concat_tables([mapped.problems, outlines, run.problems()])
        good, waiting = run.good(), run.waiting()
    order = [("row", "ascending")]
    return Checked(mapped.kind, good, waiting, problems.sort_by(order), _repairs(frame), list(mapped.refused))


def _number_copies(base: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """The rows as table `t`, each with its number among the copies of its key and whether they say the same."""
    content = [name for name in columns if name not in {ROW_NO, SHEET, EXT_ID, *FOR_RULES}]
    same = "hash(" + (", ".join(f'"{name}"' for name in content) or "0") + ")"
    base.execute(
        f"CREATE TEMP TABLE t AS SELECT *, row_number() OVER w AS copy_no, first_value({ROW_NO}) OVER w AS first_row, "  # noqa: S608
        f"{same} = first_value({same}) OVER w AS copy_same FROM came "
        f"WINDOW w AS (PARTITION BY {EXT_ID} ORDER BY {SHEET}, {ROW_NO})"
    )


COPIES = (
    Rule("duplicate_row", (), "ext_id", "copy_no > 1 AND copy_same", "error",
         "แถวนี้ซ้ำกับแถว {first} ทุกช่อง เก็บแถวแรกไว้แถวเดียว",
         "ลบแถวที่ซ้ำออกจากไฟล์ต้นทาง"),
    Rule("duplicate_key", (), "ext_id", "copy_no > 1 AND NOT copy_same", "error",
         "รหัสของแถวนี้ซ้ำกับแถว {first} แต่ข้อมูลต่างกัน ระบบไม่รู้ว่าแถวใดถูก จึงรับแถวแรกและพักแถวนี้ไว้",
         "แก้รหัสหรือลบแถวที่ผิด แล้วส่งแถวนี้ใหม่"),
)  # fmt: skip


def _needs(kind: Kind, columns: Sequence[str]) -> list[Rule]:
    """A row that says nothing of what its kind is about waits; a whole column missing is told by the mapping."""
    made = list(COPIES)
    for group in kind.needs:
        have = [name for name in group if name in columns]
        empty = " AND ".join(f'"{name}" IS NULL' for name in have) or "TRUE"
        made.append(
            Rule("required_missing", (), have[0] if have else group[0], empty, "error",
                 "แถวนี้ไม่มีค่าที่จำเป็น จึงไม่รู้ว่าเป็นข้อมูลของอะไร", "ใส่ค่าในช่องนี้ แล้วส่งแถวนี้ใหม่")
        )  # fmt: skip
    return made


@dataclass(slots=True)
class _Run:
    base: duckdb.DuckDBPyConnection
    mapped: Mapped
    kind: Kind
    rules: list[Rule]
    facts: dict[str, object]
    columns: list[str]

    def problems(self) -> pa.Table:
        found = [self._of(rule) for rule in self.rules]
        return pa.concat_tables(found).cast(FINDING_SCHEMA) if found else FINDING_SCHEMA.empty_table()

    def _of(self, rule: Rule) -> pa.Table:
        shown = self._shown(rule.column)
        sql = (
            f'SELECT {SHEET} AS sheet, {ROW_NO} AS row, $heading AS "column", $code AS code, '  # noqa: S608
            f"replace(replace($what, '{{value}}', {shown}), '{{first}}', CAST(first_row AS VARCHAR)) AS what, "
            f"$fix AS fix, $severity AS severity, {shown} AS value FROM t WHERE {_true(rule.bad)} ORDER BY {ROW_NO}"
        )
        words = {"heading": self._heading(rule.column), "code": rule.code, "what": rule.what, "fix": rule.fix,
                 "severity": rule.severity}  # fmt: skip
        return self.base.execute(sql, {**words, **self._used(rule.bad)}).to_arrow_table()

    def _heading(self, column: str) -> str:
        if column == "place":
            names = [self.mapped.heading(name) for name in ("lat", "lon") if name in self.columns]
            return " / ".join(names) or SHAPE
        return self.mapped.heading(column)

    def _shown(self, column: str) -> str:
        """SQL for the value as it may be shown in a list of problems."""
        if column == "place":
            return f"coalesce({VALUE}, '')"
        if column not in self.columns or column == SHAPE:
            return "''"
        if column in self.kind.personal and column not in OPEN_PERSONAL:
            return f"coalesce(started(\"{column}\"), '')"
        return f"coalesce(hidden(left(\"{column}\", 80)), '')"

    def _used(self, sql: str) -> dict[str, object]:
        return {name: value for name, value in self.facts.items() if f"${name}" in sql}

    def _waits(self) -> str:
        bad = [_true(rule.bad) for rule in self.rules if rule.severity == "error"]
        if STATE in self.columns:
            bad.append(_true(f"{STATE} = '{REFUSED}'"))
        return " OR ".join(bad) or "FALSE"

    def good(self) -> pa.Table:
        """Rows without an error, the cells of warnings null."""
        kept = [name for name in self.columns if name not in FOR_RULES]
        sql = f"SELECT {', '.join(map(self._cell, kept))} FROM t WHERE NOT ({self._waits()}) ORDER BY {SHEET}, {ROW_NO}"  # noqa: S608
        return self.base.execute(sql, self._used(sql)).to_arrow_table()

    def _cell(self, name: str) -> str:
        drops = [_true(rule.bad) for rule in self.rules if name in rule.drop]
        return f'CASE WHEN {" OR ".join(drops)} THEN NULL ELSE "{name}" END AS "{name}"' if drops else f'"{name}"'

    def waiting(self) -> pa.Table:
        kept = ", ".join(f'"{name}"' for name in self.columns if name not in FOR_RULES)
        sql = f"SELECT {kept} FROM t WHERE {self._waits()} ORDER BY {SHEET}, {ROW_NO}"  # noqa: S608
        return self.base.execute(sql, self._used(sql)).to_arrow_table()


def _true(condition: str) -> str:
    """Null is not bad."""
    return f"coalesce(({condition}), FALSE)"


def _repairs(frame: pa.Table) -> list[Repair]:
    if STATE not in frame.column_names:
        return []
    rows = pc.sum(pc.equal(frame[STATE], "swapped")).as_py() or 0
    return [Repair(SWAP, "สลับละติจูดกับลองจิจูดกลับในแถวที่สลับกัน", rows)] if rows else []
