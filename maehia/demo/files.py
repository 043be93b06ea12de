"""Writing files so that the same rows give the same bytes: no time of writing anywhere inside."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

NOTICE = "เมืองตัวอย่าง (ข้อมูลสมมติ)"
STILL = (2026, 1, 1, 0, 0, 0)  # the time of every file inside a zip
Cell = str | int | float | date | None
_EXCEL_ZERO = date(1899, 12, 30).toordinal()
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook. rows: from row 1 on; merges: ranges such as 'A1:F1'."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: Sequence[str] = ()


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, in their order, with a fixed time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, STILL)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def column(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


class _Strings:
    """The shared strings of a workbook."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def index(self, text: str) -> int:
        return self.known.setdefault(text, len(self.known))

    def xml(self) -> str:
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.known)
        return f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(self.known)}">{items}</sst>'


def _cell(strings: _Strings, place: str, value: Cell) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{strings.index(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{value.toordinal() - _EXCEL_ZERO}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _sheet_xml(strings: _Strings, sheet: Sheet) -> str:
    letters = [column(i) for i in range(max((len(row) for row in sheet.rows), default=0))]
    lines = []
    for number, row in enumerate(sheet.rows, start=1):
        cells = "".join([_cell(strings, f"{letters[i]}{number}", value) for i, value in enumerate(row)])
        lines.append(f'<row r="{number}">{cells}</row>')
    merged = "".join(f'<mergeCell ref="{merge}"/>' for merge in sheet.merges)
    tail = f'<mergeCells count="{len(sheet.merges)}">{merged}</mergeCells>' if merged else ""
    body = "".join(lines)
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{tail}</worksheet>'


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="TH Sarabun New"/></font>'
    '</fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/>'
    '<xf xfId="0" numFmtId="14" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _workbook_parts(sheets: Sequence[Sheet], title: str) -> dict[str, str]:
    listed = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="rId{n}"/>' for n, sheet in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    count = len(sheets)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{types}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        f"<dc:description>{NOTICE}</dc:description></cp:coreProperties>",
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{count + 1}" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId{count + 2}" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }


def xlsx_bytes(sheets: Sequence[Sheet], title: str) -> bytes:
    """A workbook of Office Open XML with shared strings, merged cells and date cells."""
    strings = _Strings()
    parts = _workbook_parts(sheets, title)
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet_xml(strings, sheet)
    parts["xl/sharedStrings.xml"] = strings.xml()
    return zip_bytes({name: text.encode("utf-8") for name, text in parts.items()})


def write_xlsx(path: Path, sheets: Sequence[Sheet], title: str) -> None:
    path.write_bytes(xlsx_bytes(sheets, title))


def write_csv(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8-sig") -> None:
    """Comma-separated, CRLF as spreadsheets write it. encoding: 'utf-8-sig', 'utf-8' or 'cp874'."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def feature(geometry: Mapping[str, object], properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def write_geojson(path: Path, name: str, features: Iterable[Mapping[str, object]], **about: object) -> int:
    """A FeatureCollection, one feature a line, with the notice; the number of features."""
    head = {"type": "FeatureCollection", "name": name, "notice": NOTICE, **about}
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features]
    start = json.dumps(head, ensure_ascii=False)[:-1]
    path.write_text(start + ', "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return len(lines)
