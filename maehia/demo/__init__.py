"""The invented town as raw files: `write_town` for the demo, `write_records_csv` for linkage benches.

Everything is invented ("เมืองตัวอย่าง (ข้อมูลสมมติ)"). The same seed gives the same bytes: no clock, no network,
no database.
"""

from .files import NOTICE
from .registers import Register, write_records_csv
from .town import BASE_DAY, Town, make_town
from .write import FileEntry, Manifest, read_manifest, write_town

__all__ = [
    "BASE_DAY",
    "NOTICE",
    "FileEntry",
    "Manifest",
    "Register",
    "Town",
    "make_town",
    "read_manifest",
    "write_records_csv",
    "write_town",
]
