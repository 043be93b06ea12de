"""One form engine for reports, applications and damage surveys: definitions are data, answers are checked by them.

Pure: no Django, no database, no clock. A definition is read from the plain data of YAML or JSON:

    version: 1
    pages: [{id: house, title: {th: บ้าน, en: The house}}]        # optional; without it everything is one page
    fields:
    - id: area
      type: number                # one of TYPES
      page: house
      label: {th: พื้นที่ (ตร.ม.), en: Area (m2)}
      hint: {th: ..., en: ...}
      required: true
      show_if: {field: kind, is: new}      # or {all: [...]}, {any: [...]}; of earlier fields only
      options: [{value: a, label: {th: ..., en: ...}}]
      min: 1                      # number: value; date: ISO day; choices: how many
      max: 150
      length: 200                 # text: code points
      decimals: 2
      most: 5                     # photo, file: how many
      prefill: person.phone       # where the town itself has it
"""

from maehia.forms.engine.checking import Checked, Fault, asked, check
from maehia.forms.engine.conditions import holds, say
from maehia.forms.engine.definition import (
    TYPES,
    All,
    Any_,
    Condition,
    Field,
    Form,
    Option,
    Page,
    Text,
)
from maehia.forms.engine.faults import faults
from maehia.forms.engine.open311 import from_open311, to_open311
from maehia.forms.engine.plain import as_data, read_form, shown_data, to_yaml
from maehia.forms.engine.reading import MOST_FILES, clean_longtext, clean_text_line
from maehia.forms.engine.summary import Row, Section, summary, value_words

__all__ = [
    "MOST_FILES", "TYPES", "All", "Any_", "Checked", "Condition", "Fault", "Field", "Form", "Option", "Page", "Row",
    "Section", "Text", "as_data", "asked", "check", "clean_longtext", "clean_text_line", "faults", "from_open311",
    "holds", "read_form", "say", "shown_data", "summary", "to_open311", "to_yaml", "value_words",
]  # fmt: skip
