"""The second register holds what it promises: the traps, the gaps, the dirt, and a whole truth."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.second import slips
from bench.second.fill import COLUMNS
from bench.second.formats import split_days, write_dates
from bench.second.identity import check_digits
from bench.second.marks import NAMES
from bench.second.tables import day_of
from bench.second.town import FOREIGN, STATELESS
from bench.second_register import SOURCES, build, main, make_register

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def register():
    return build(20_000, seed=7)


@pytest.fixture(scope="module")
def listed(register):
    """Records with person number and kinship."""
    table = register.records.copy()
    table["row"] = register.truth["person"].str[1:].astype(int)
    return table.join(register.people.rename(columns={"birth": "born", "sex": "woman"}), on="row")


def mark_shares(register):
    flags = register.marks.drop(columns="rec_id")
    return flags.groupby(register.records["source"]).mean()


def id_is_sound(text):
    return int(check_digits(np.array([int(text[:12])]))[0]) == int(text[12])


class TestSameSeed:
    def test_the_same_arguments_give_the_same_register(self):
        first, second = make_register(3_000, seed=5), make_register(3_000, seed=5)
        pd.testing.assert_frame_equal(first[0], second[0])
        pd.testing.assert_frame_equal(first[1], second[1])
        assert first[2] == second[2]

    def test_another_seed_gives_another_register(self):
        assert not make_register(500, seed=1)[0].equals(make_register(500, seed=2)[0])

    def test_string_hashing_of_the_process_changes_nothing(self):
        code = "from bench.second_register import make_register as m; import hashlib as h; "
        code += "print(h.sha256(m(600, 3)[0].to_csv().encode()).hexdigest())"
        prints = set()
        for seed in ("1", "2"):
            run = subprocess.run(
                [sys.executable, "-c", code],
                cwd=REPOSITORY,
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=True,
            )
            prints.add(run.stdout)
        assert len(prints) == 1


class TestContract:
    def test_exactly_the_asked_number_of_records_with_text_cells_only(self, register):
        assert len(register.records) == 20_000
        assert list(register.records.columns) == list(COLUMNS)
        assert register.records.map(type).eq(str).all().all()

    @pytest.mark.parametrize("records", [1, 13, 250])
    def test_small_registers_have_the_asked_size_too(self, records):
        table, truth, _ = make_register(records, seed=4)
        assert len(table) == len(truth) == records

    def test_truth_names_one_person_for_every_record_and_nothing_else(self, register):
        assert register.records["rec_id"].is_unique
        assert register.truth["rec_id"].tolist() == register.records["rec_id"].tolist()
        assert register.truth["person"].str.fullmatch(r"P\d{7}").all()

    def test_record_numbers_do_not_tell_the_person(self, register):
        # In the order of rec_id, neighbours must not be kin more often than chance allows.
        civil = register.truth[register.records["source"].eq("civil").to_numpy()]
        steps = civil["person"].str[1:].astype(int).diff().abs().dropna()
        assert (steps <= 3).mean() < 0.01

    def test_seven_lists_with_as_of_days_from_mid_2023_to_late_2026(self, register):
        assert set(register.records["source"]) == set(SOURCES) == set(register.as_of)
        days = sorted(register.as_of.values())
        assert date(2023, 5, 1) < days[0] < date(2023, 10, 1)
        assert date(2026, 9, 1) < days[-1] <= date(2026, 12, 31)

    def test_without_civil_no_house_book_row_is_left(self):
        table, _, as_of = make_register(1_000, seed=2, with_civil=False)
        assert len(table) == 1_000
        assert "civil" not in set(table["source"]) | set(as_of)

    def test_bad_numbers_are_refused(self):
        with pytest.raises(ValueError, match="records must be 1 or more"):
            make_register(0, seed=1)
        with pytest.raises(ValueError, match="dirt 0 or more"):
            make_register(10, seed=1, dirt=-1)

    def test_the_command_writes_the_files_of_the_link_command(self, tmp_path, capsys):
        main(["--records", "300", "--seed", "3", "--out", str(tmp_path / "new")])
        table = pd.read_csv(tmp_path / "new/records.csv", dtype=str, keep_default_na=False)
        assert list(table.columns) == list(COLUMNS)
        assert len(table) == 300
        lines = (tmp_path / "new/asof.txt").read_text(encoding="utf-8").splitlines()
        assert all(re.fullmatch(r"[a-z]+=20\d\d-\d\d-\d\d", line) for line in lines)
        truth = pd.read_csv(tmp_path / "new/truth.csv", dtype=str)
        assert list(truth.columns) == ["rec_id", "person"]
        assert "300 records" in capsys.readouterr().out


class TestPeople:
    def test_twins_of_one_birth_are_listed_both(self, listed):
        present = set(listed["row"])
        twins = listed[(listed["twin"] >= 0) & listed["twin"].isin(present)]
        share = twins["row"].nunique() / listed["row"].nunique()
        assert 0.004 < share < 0.03
        mates = twins.drop_duplicates("row").set_index("row")
        assert (mates["born"].to_numpy() == mates.loc[mates["twin"], "born"].to_numpy()).all()

    def test_twins_hold_neighbouring_id_numbers_by_design(self, listed):
        civil = listed[listed["source"].eq("civil") & listed["national_id"].ne("")]
        numbers = civil.drop_duplicates("row").set_index("row")["national_id"].str[:12].astype(int)
        twins = civil[civil["twin"].isin(numbers.index)].drop_duplicates("row")
        gaps = np.abs(numbers.loc[twins["row"]].to_numpy() - numbers.loc[twins["twin"]].to_numpy())
        assert (gaps == 1).mean() > 0.6

    def test_fathers_and_sons_of_one_name_are_listed_both(self, listed):
        people = listed.drop_duplicates("row").set_index("row")
        sons = people[people["father"].isin(people.index) & people["kind"].ne(FOREIGN)]
        fathers = people.loc[sons["father"]]
        juniors = (sons["first"].to_numpy() == fathers["first"].to_numpy()) & (
            sons["last"].to_numpy() == fathers["last"].to_numpy()
        )
        assert juniors.sum() >= 3

    def test_different_people_share_full_names_but_not_too_often(self, listed):
        civil = listed[listed["source"].eq("civil")].drop_duplicates("row")
        namesakes = civil.duplicated(["first_name", "last_name"], keep=False).mean()
        assert 0.01 < namesakes < 0.09

    def test_elders_often_have_a_first_of_january_birth(self, listed):
        text = listed.loc[listed["source"].eq("civil") & listed["birth"].ne(""), "birth"]
        year = text.str.extract(r"(2[45]\d\d)")[0].astype(int)
        january = text.str.match(r"01/01/|\d{4}-01-01|\d{4}0101|\d{4}0000|\d{4}$")
        assert 0.1 < january[year < 2495].mean() < 0.4
        assert january[year > 2535].mean() < 0.04

    def test_foreigners_and_stateless_people_have_0_6_7_8_numbers_or_none(self, listed):
        rows = listed[listed["source"].eq("civil") & listed["kind"].isin([FOREIGN, STATELESS])]
        starts = rows["national_id"].str[:1].value_counts()
        assert {"0", "6", "7"} <= set(starts.index)
        assert starts.get("", 0) > 0
        thai = listed[listed["source"].eq("civil") & ~listed["kind"].isin([FOREIGN, STATELESS])]
        assert thai["national_id"].str[:1].isin([*"12345", ""]).mean() > 0.999

    def test_some_names_are_latin_and_some_a_single_thai_word(self, listed, register):
        assert register.marks["latin"].sum() > 20
        assert (register.records["first_name"].str.contains("[A-Z]{3}")).any()
        civil = listed[listed["source"].eq("civil") & listed["kind"].eq(STATELESS)]
        assert (civil["last_name"] == "").mean() > 0.3

    def test_children_wear_child_titles_and_grow_out_of_them(self, listed):
        child = {"ด.ช.", "เด็กชาย", "ดช.", "ด.ช", "ด.ญ.", "เด็กหญิง", "ดญ.", "ด.ญ"}
        civil = listed[listed["source"].eq("civil")].drop_duplicates("row").set_index("row")["title"]
        vhv = listed[listed["source"].eq("vhv") & listed["title"].ne("")].drop_duplicates("row").set_index("row")
        both = vhv.join(civil, rsuffix="_now", how="inner")
        grown = both["title"].isin(child) & ~both["title_now"].isin(child)
        shrunk = ~both["title"].isin(child) & both["title_now"].isin(child)
        assert grown.sum() > 5
        assert shrunk.sum() == 0

    def test_monks_and_ranks_appear(self, register):
        titles = set(register.records["title"])
        assert "พระ" in titles
        assert any("ร.ต.ท." in t or "จ.ส.อ." in t for t in titles)
        assert any(t.endswith("หญิง") and t.startswith(("ร.", "ส.", "จ.", "ด.ต", "พ.")) for t in titles)

    def test_women_change_surname_and_title_between_lists(self, listed, register):
        untouched = ~register.marks[[*slips.SLIPS, "swapped", "only_first", "nickname"]].any(axis=1).to_numpy()
        women = listed[untouched & listed["woman"].eq(1) & listed["last_name"].ne("")]
        tax = women[women["source"] == "tax"].drop_duplicates("row").set_index("row")
        civil = women[women["source"] == "civil"].drop_duplicates("row").set_index("row")
        both = tax.join(civil, rsuffix="_now", how="inner")
        assert 0.02 < (both["last_name"] != both["last_name_now"]).mean() < 0.2
        miss = {"นางสาว", "น.ส.", "นส.", "น.ส"}
        assert (both["title"].isin(miss) & both["title_now"].eq("นาง")).sum() >= 2


class TestNumbers:
    def test_civil_id_numbers_are_sound_and_belong_to_one_person(self, listed, register):
        clean = ~register.marks["id_slip"].to_numpy()
        civil = listed[listed["source"].eq("civil").to_numpy() & clean & listed["national_id"].ne("").to_numpy()]
        assert civil["national_id"].str.fullmatch(r"\d{13}").all()
        assert civil["national_id"].map(id_is_sound).all()
        assert civil.groupby("national_id")["row"].nunique().max() == 1

    @pytest.mark.parametrize("sound", ["3100600445635", "1112034563562", "8479988011441", "0105552029681"])
    def test_check_digit_agrees_with_known_numbers(self, sound):
        assert id_is_sound(sound)

    def test_house_codes_have_eleven_digits_in_any_shape(self, register):
        codes = register.records["house_code"]
        digits = (
            codes[codes != ""]
            .str.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))
            .str.replace(r"\D", "", regex=True)
        )
        assert digits.str.fullmatch(r"5(001|099)\d{7}").all()
        assert codes.str.contains("-").any()

    def test_families_share_phones(self, listed):
        vhv = listed[listed["source"].eq("vhv") & listed["phone"].str.len().ge(9)]
        users = vhv.groupby("phone")["row"].nunique()
        assert (users > 1).sum() > 30

    def test_one_address_is_written_in_many_shapes(self, register):
        texts = " | ".join(register.records["address"])
        for shape in (r"\d+/\d+ ม\.\d", r"\d+/\d+ม\.\d", "หมู่ที่ ", "๑", "ม.บ.", r"\d+-\d+ หมู่\d", r"\d / \d", "บ้านเลขที่"):
            assert re.search(shape, texts), shape

    def test_buddhist_year_of_old_winters_follows_the_old_calendar(self):
        days = np.array([day_of(1938, 2, 10), day_of(1938, 5, 10), day_of(1941, 1, 1), day_of(1992, 4, 13)])
        assert split_days(days)[2].tolist() == [2480, 2481, 2484, 2535]

    def test_age_shapes_count_to_the_day_of_the_row(self):
        texts = write_dates(np.array([day_of(1950, 6, 1)]), np.array([19]), np.array([day_of(2025, 6, 15)]))
        assert texts.tolist() == ["75 ปี"]


class TestGaps:
    """No list is without the gaps that it has in life."""

    @pytest.mark.parametrize(
        ("source", "cell", "low", "high"),
        [
            ("civil", "phone", 0.0, 0.0),
            ("civil", "national_id", 0.96, 0.997),
            ("civil", "full_name", 0.0, 0.0),
            ("vhv", "national_id", 0.65, 0.85),
            ("vhv", "birth", 0.8, 0.95),
            ("vhv", "phone", 0.35, 0.6),
            ("vhv", "house_code", 0.05, 0.15),
            ("welfare", "national_id", 0.9, 0.99),
            ("welfare", "birth", 0.93, 0.99),
            ("welfare", "house_code", 0.0, 0.0),
            ("tax", "national_id", 0.45, 0.62),
            ("tax", "birth", 0.0, 0.0),
            ("utility", "full_name", 1.0, 1.0),
            ("utility", "national_id", 0.0, 0.06),
            ("utility", "birth", 0.0, 0.0),
            ("dog", "phone", 0.55, 0.8),
            ("dog", "birth", 0.0, 0.0),
            ("dog", "national_id", 0.02, 0.12),
            ("complaint", "phone", 0.78, 0.95),
            ("complaint", "address", 0.28, 0.5),
            ("complaint", "sex", 0.0, 0.0),
        ],
    )
    def test_cells_are_filled_as_in_life(self, register, source, cell, low, high):
        cells = register.records.loc[register.records["source"] == source, cell]
        assert low <= (cells != "").mean() <= high

    def test_no_list_knows_everybody_and_every_list_is_there(self, register):
        people = register.truth["person"].nunique()
        for source in SOURCES:
            here = register.truth[register.records["source"].eq(source).to_numpy()]["person"].nunique()
            assert 0.03 < here / people < 0.9, source

    def test_every_record_has_a_name(self, register):
        table = register.records
        assert (table["first_name"] + table["full_name"]).str.strip().ne("").all()

    def test_water_and_tax_lists_keep_the_dead_and_owners_elsewhere(self, register):
        shares = mark_shares(register)
        assert shares.loc["utility", "dead"] > 0.05
        assert shares.loc["tax", "dead"] > 0.03
        assert shares.loc["tax", "elsewhere"] > 0.03

    def test_the_house_book_misses_part_of_the_town(self, listed):
        booked = set(listed.loc[listed["source"] == "civil", "row"])
        met = set(listed.loc[listed["source"].isin(["vhv", "dog", "complaint"]), "row"])
        assert 0.05 < len(met - booked) / len(met) < 0.45


class TestDirt:
    @pytest.mark.parametrize(
        ("source", "mark", "low", "high"),
        [
            ("vhv", "wrong_key", 0.01, 0.07),
            ("vhv", "sound", 0.01, 0.07),
            ("vhv", "vowel", 0.01, 0.05),
            ("vhv", "silent", 0.003, 0.03),
            ("vhv", "tone", 0.001, 0.02),
            ("vhv", "look", 0.003, 0.03),
            ("vhv", "turn", 0.002, 0.02),
            ("vhv", "lose_or_double", 0.004, 0.03),
            ("vhv", "id_slip", 0.015, 0.06),
            ("vhv", "kin_id", 0.002, 0.02),
            ("vhv", "birth_slip", 0.015, 0.07),
            ("vhv", "birth_coarse", 0.07, 0.22),
            ("vhv", "swapped", 0.0005, 0.01),
            ("vhv", "misplaced", 0.002, 0.02),
            ("vhv", "title_glued", 0.004, 0.03),
            ("vhv", "zero_width", 0.003, 0.02),
            ("vhv", "spaces", 0.005, 0.04),
            ("vhv", "thai_digits", 0.02, 0.25),
            ("vhv", "wrong_sex", 0.003, 0.025),
            ("vhv", "lost_cell", 0.01, 0.05),
            ("vhv", "address_slip", 0.015, 0.06),
            ("vhv", "nickname", 0.008, 0.04),
            ("vhv", "shared_phone", 0.04, 0.3),
            ("vhv", "old_name", 0.004, 0.05),
            ("complaint", "only_first", 0.05, 0.17),
            ("complaint", "nickname", 0.02, 0.12),
            ("utility", "old_name", 0.03, 0.15),
            ("tax", "old_house", 0.05, 0.35),
            ("dog", "twice", 0.1, 0.4),
        ],
    )
    def test_each_kind_of_dirt_has_its_share(self, register, source, mark, low, high):
        assert low <= mark_shares(register).loc[source, mark] <= high

    def test_every_mark_happens(self, register):
        assert set(register.marks.columns[1:]) == set(NAMES)
        assert register.marks[list(NAMES)].any().all()

    def test_the_house_book_is_the_cleanest_list(self, register):
        slipped = register.marks[list(slips.SLIPS)].any(axis=1)
        shares = slipped.groupby(register.records["source"]).mean()
        assert shares["civil"] < 0.02
        assert shares.drop("civil").min() > shares["civil"]

    def test_without_dirt_no_error_is_left_but_life_goes_on(self):
        clean = build(4_000, seed=7, dirt=0.0)
        errors = clean.marks[[*slips.SLIPS, "id_slip", "kin_id", "birth_slip", "lost_cell", "swapped", "nickname"]]
        assert not errors.any().any()
        assert clean.marks["old_name"].any()

    def test_twice_the_dirt_gives_about_twice_the_slips(self, register):
        double = build(20_000, seed=7, dirt=2.0)
        count, more = (r.marks[list(slips.SLIPS)].any(axis=1).sum() for r in (register, double))
        assert 1.6 < more / count < 2.3

    def test_the_same_people_are_met_whatever_the_dirt(self, register):
        clean = build(20_000, seed=7, dirt=0.0)
        assert set(clean.truth["person"]) == set(register.truth["person"])
