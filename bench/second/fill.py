"""Write the cells of one list: numbers, dates, phones, addresses, with the list's errors."""

import random

import numpy as np
import pandas as pd

from bench.second import formats
from bench.second.formats import COARSE_DATES, FIRST_AGE_CODE
from bench.second.houses import THAI
from bench.second.name_cells import write_names
from bench.second.profiles import PROFILES, Clerks, Profile
from bench.second.rows import Rows
from bench.second.slips import digit_slip
from bench.second.words import words
from bench.second.world import World

COLUMNS = words("rec_id source title first_name last_name full_name national_id birth sex address house_code phone")
_CAN_BE_LOST = ("national_id", "birth", "sex", "address", "phone", "house_code", "title")
_FILLED = ("national_id", "birth", "phone")


class Sheet:
    """One list in the making: its rows, its clerks, and the cells written so far."""

    def __init__(self, world: World, rows: Rows, profile: Profile, rng: np.random.Generator, dirt: float) -> None:
        self.world, self.rows, self.profile, self.rng = world, rows, profile, rng
        self.dirt = dirt
        self.clerks = Clerks(rng, len(rows.who))
        self.dice = random.Random(int(rng.integers(2**31)))
        self.cells: dict[str, np.ndarray] = {name: self.blank() for name in COLUMNS[2:]}

    def __len__(self) -> int:
        return len(self.rows.who)

    def blank(self) -> np.ndarray:
        """A column of empty texts."""
        return np.full(len(self), "", dtype=object)

    def errs(self, error: str) -> np.ndarray:
        """Flag per row: this error happens (never where the list has no such error)."""
        return self.clerks.erring(self.profile.errors.get(error, 0.0) * self.dirt)

    def held(self, cell: str) -> np.ndarray:
        """Flag per row: the list fills this cell by design."""
        return self.rng.random(len(self)) < self.profile.holds.get(cell, 0.0)


def write_list(
    world: World, rows: Rows, source: str, rng: np.random.Generator, dirt: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows of one list as texts (columns of the contract without rec_id and source), and mark bits."""
    sheet = Sheet(world, rows, PROFILES[source], rng, dirt)
    if not len(sheet):
        return pd.DataFrame(sheet.cells), rows.marks
    write_names(sheet)
    for write in (_ids, _births, _sexes, _addresses, _codes, _phones, _lose_cells, _fillers):
        write(sheet)
    return pd.DataFrame(sheet.cells), rows.marks


def _ids(sheet: Sheet) -> None:
    rows, world = sheet.rows, sheet.world
    texts = world.national_id(rows.who, rows.day).copy()
    people = world.town.people
    kin = np.where(people["mother"][rows.who] >= 0, people["mother"][rows.who], people["spouse"][rows.who])
    mixed = sheet.errs("kin_id") & (kin >= 0) & (texts != "")
    texts[mixed] = world.national_id(kin[mixed], rows.day[mixed])
    texts[~sheet.held("national_id")] = ""
    rows.mark("kin_id", mixed & (texts != ""))
    slipped = formats.slip_digits(texts, np.flatnonzero(sheet.errs("id_slip")), sheet.dice)
    rows.mark("id_slip", slipped)
    shapes = sheet.clerks.habit(sheet.profile.ids)
    odd = np.array([len(t) != 13 for t in texts.tolist()])
    shapes[odd & (shapes != formats.ID_NO_ZERO)] = formats.ID_PLAIN
    rows.mark("thai_digits", (shapes == formats.ID_THAI) & (texts != ""))
    sheet.cells["national_id"] = formats.write_shapes(texts, shapes, formats.ID_SHAPES)


def _births(sheet: Sheet) -> None:
    profile, rows, world = sheet.profile, sheet.rows, sheet.world
    if not profile.dates:
        return
    held = sheet.held("birth")
    told = sheet.errs("true_birth")
    days = np.where(told, world.birth(rows.who), world.identity.booked_birth[rows.who])
    slipped = sheet.errs("birth_slip") & held
    wrong = formats.slip_days(days, sheet.rng)
    rows.mark("birth_slip", slipped & (wrong != days))
    days = np.where(slipped, wrong, days)
    vague = world.identity.year_only[rows.who] & ~told & (sheet.rng.random(len(sheet)) < 0.35)
    coarse = vague | sheet.errs("birth_coarse")
    shapes = np.where(coarse, sheet.clerks.habit(profile.coarse, 0.4), sheet.clerks.habit(profile.dates))
    shapes[vague & ~np.isin(shapes, COARSE_DATES[:3])] = COARSE_DATES[0]
    texts = formats.write_dates(days, shapes, rows.day)
    texts[~held] = ""
    rows.mark("birth_coarse", held & (np.isin(shapes, COARSE_DATES) | (shapes >= FIRST_AGE_CODE)))
    rows.mark("thai_digits", held & (shapes == formats.DATE_CODES["thai"]))
    sheet.cells["birth"] = texts


def _sexes(sheet: Sheet) -> None:
    held = sheet.held("sex")
    wrong = sheet.errs("wrong_sex") & held
    sex = sheet.world.town.people["sex"][sheet.rows.who] ^ wrong
    habit = sheet.clerks.habit({0: 0.55, 1: 0.2, 2: 0.08, 3: 0.12, 4: 0.05}, loyal=1.0)
    texts = np.array(formats.SEX_WORDS, dtype=object)[habit, sex]
    texts[~held] = ""
    sheet.rows.mark("wrong_sex", wrong)
    sheet.cells["sex"] = texts


def _addresses(sheet: Sheet) -> None:
    rows, houses = sheet.rows, sheet.world.houses
    held = sheet.held("address")
    shapes = sheet.clerks.habit(sheet.profile.addresses)
    # Renumbered in 2024: lists that wrote the address before have the old number.
    old = rows.day < np.datetime64("2024-06-01", "D").astype(int)
    texts = houses.addresses(rows.house, shapes, old)
    texts[~held] = ""
    changed = []
    for row in np.flatnonzero(sheet.errs("address_slip") & held).tolist():
        number, _, rest = texts[row].partition(" ")
        wrong = _slip_number(number, sheet.dice)
        changed += [row] if wrong != number else []
        texts[row] = f"{wrong} {rest}".strip()
    rows.mark("address_slip", np.array(changed, dtype=int))
    rows.mark("thai_digits", held & (shapes == THAI))
    sheet.cells["address"] = texts


def _slip_number(number: str, dice: random.Random) -> str:
    """A wrong digit or a lost part in the first word of an address."""
    if "/" in number and dice.random() < 0.3:
        return number.split("/", maxsplit=1)[0]
    return digit_slip(number, dice)


def _codes(sheet: Sheet) -> None:
    texts = sheet.world.houses.code[sheet.rows.house].copy()
    texts[~sheet.held("house_code")] = ""
    shapes = sheet.clerks.habit(sheet.profile.codes)
    sheet.cells["house_code"] = formats.write_shapes(texts, shapes, formats.CODE_SHAPES)


def _phones(sheet: Sheet) -> None:
    profile, rows, world = sheet.profile, sheet.rows, sheet.world
    if not profile.phones:
        return
    held = sheet.held("phone")
    contact = world.contact(rows.who, rows.day)
    numbers = world.phone(contact, rows.day)
    line = world.houses.landline[rows.house]
    at_home = (line > 0) & (sheet.rng.random(len(sheet)) < profile.landline)
    numbers = np.where(at_home, 53_000_000 + line, numbers)
    texts = np.array([str(n) for n in numbers.tolist()], dtype=object)
    texts[~held] = ""
    rows.mark("shared_phone", held & (at_home | (contact != rows.who)))
    slipped = formats.slip_digits(texts, np.flatnonzero(sheet.errs("phone_slip")), sheet.dice)
    rows.mark("phone_slip", slipped)
    shapes = sheet.clerks.habit(profile.phones)
    written = formats.write_shapes(texts, shapes, formats.PHONE_SHAPES)
    rows.mark("thai_digits", held & (shapes == 6))
    two = held & (line > 0) & ~at_home & (sheet.rng.random(len(sheet)) < 0.03)
    for row in np.flatnonzero(two).tolist():
        written[row] = f"{written[row]}, 053-{line[row]:06d}"
    sheet.cells["phone"] = written


def _lose_cells(sheet: Sheet) -> None:
    """One filled cell of the row is left empty by mistake; the name itself stays."""
    cells = [c for c in _CAN_BE_LOST if sheet.profile.holds.get(c)]
    which = sheet.rng.integers(0, len(cells), len(sheet))
    lost = sheet.errs("lost_cell")
    for i, name in enumerate(cells):
        rows = lost & (which == i) & (sheet.cells[name] != "")
        sheet.rows.mark("lost_cell", rows)
        sheet.cells[name][rows] = ""


def _fillers(sheet: Sheet) -> None:
    """Some clerks do not leave a cell empty that the list mostly has."""
    for name in _FILLED:
        empty = (sheet.cells[name] == "") & (sheet.profile.holds.get(name, 0) > 0.3)
        words = sheet.clerks.habit({0: 1 - sheet.profile.filler, 1: sheet.profile.filler}, 0.9)
        token = np.where(sheet.rng.random(len(sheet)) < 0.7, "-", "ไม่ทราบ").astype(object)
        rows = empty & (words == 1)
        sheet.cells[name][rows] = token[rows]
