"""Names of what is wrong or special about a record, one bit each.

Marks are for the judge only: they tell which kind of dirt a linker fails on. They are not part of
the register that a linker gets.
"""

import numpy as np
import pandas as pd

NAMES = (
    # slips in names
    *("wrong_key", "tone", "sound", "silent", "vowel", "look", "turn", "lose_or_double"),
    # shape of names
    *("title_glued", "swapped", "misplaced", "nickname", "only_first", "spaces", "zero_width", "latin"),
    # numbers, dates, cells
    *("id_slip", "kin_id", "birth_slip", "birth_coarse", "wrong_sex", "shared_phone", "phone_slip"),
    *("address_slip", "lost_cell", "thai_digits"),
    # life
    *("old_name", "old_house", "dead", "absent", "elsewhere", "twice"),
)
MARK = {name: np.uint32(1 << i) for i, name in enumerate(NAMES)}


def as_frame(rec_id: np.ndarray, bits: np.ndarray) -> pd.DataFrame:
    """rec_id and one flag column per mark."""
    columns = {name: (bits & bit) > 0 for name, bit in MARK.items()}
    return pd.DataFrame({"rec_id": rec_id, **columns})
