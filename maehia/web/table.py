"""The data table: columns and rows in, a table with sort links, totals, chips and cards for phones out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.utils.translation import ngettext

from maehia.web.formats import show_number
from maehia.web.values import Action, Chip


@dataclass(frozen=True, slots=True)
class Column:
    """key: of the row; numeric: right, tabular digits; sortable: head is a link."""

    key: str
    label: str
    numeric: bool = False
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that links or carries a state; plain values need no Cell."""

    text: object
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell ready for the template."""

    text: object
    column: Column
    first: bool = False
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    column: Column
    url: str = ""
    aria_sort: str = ""


@dataclass
class Table:
    """rows: mappings by column key (values plain or `Cell`); totals: one such mapping.

    sort: current order, "key" or "-key"; query: the page's query, so that sort links keep filters.
    found: how many in all when rows are one page of them; page: a Django Page draws the pager.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    totals: Mapping[str, Any] | None = None
    sort: str = ""
    query: QueryDict | None = None
    chips: Sequence[Chip] = ()
    csv_url: str = ""
    page: Page[Any] | None = None
    found: int | None = None
    id: str = "table"
    hide_caption: bool = False
    empty_title: str = ""
    empty_text: str = ""
    empty_action: Action | None = None
    sort_name: str = field(default="sort")

    @property
    def found_words(self) -> str:
        n = self.found if self.found is not None else self.page.paginator.count if self.page else len(self.rows)
        return ngettext("%(n)s รายการ", "%(n)s รายการ", n) % {"n": show_number(n)}

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.sortable:
            return Head(column)
        up, down = self.sort == column.key, self.sort == f"-{column.key}"
        query = self.query.copy() if self.query is not None else QueryDict(mutable=True)
        query.pop("page", None)
        query[self.sort_name] = f"-{column.key}" if up else column.key
        return Head(column, f"?{query.urlencode()}", "ascending" if up else "descending" if down else "none")

    def _draw(self, row: Mapping[str, Any]) -> list[Drawn]:
        return [_drawn(row.get(column.key), column, first=i == 0) for i, column in enumerate(self.columns)]

    @property
    def body(self) -> list[list[Drawn]]:
        return [self._draw(row) for row in self.rows]

    @property
    def foot(self) -> list[Drawn]:
        return self._draw(self.totals) if self.totals else []


def _drawn(value: Any, column: Column, *, first: bool) -> Drawn:
    cell = value if isinstance(value, Cell) else Cell("" if value is None else value)
    text = show_number(cell.text) if column.numeric and cell.text != "" else cell.text
    return Drawn(text, column, first, cell.url, cell.state)


def sort_key(request: HttpRequest, columns: Sequence[Column], default: str, name: str = "sort") -> str:
    """The asked order if it is one of the sortable columns, else the default."""
    asked = request.GET.get(name, "")
    return asked if asked.removeprefix("-") in {c.key for c in columns if c.sortable} else default
