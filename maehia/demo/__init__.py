"""The invented town as raw files: `write_town` for the demo, `write_records_csv` for linkage benches.

Everything is invented ("เมืองตัวอย่าง (ข้อมูลสมมติ)"). The same seed gives the same bytes: no clock, no network,
no database.
"""

from .registers import Register, write_records_csv
from .town import BASE_DAY, Town, make_town

NOTICE = "เมืองตัวอย่าง (ข้อมูลสมมติ)"

__all__ = ["BASE_DAY", "NOTICE", "Register", "Town", "make_town", "write_records_csv"]
