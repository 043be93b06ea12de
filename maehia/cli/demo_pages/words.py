"""English words for the classes of dirt, and why some of it is missed. Thai words stand with the classes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

CLASS_EN: Mapping[str, str] = MappingProxyType(
    {
        "respelled": "First or last name spelt another way, same sound",
        "name_slip": "One letter of the name missing or doubled",
        "swapped_names": "First and last name in each other's place",
        "first_name_only": "First name without a last name",
        "full_name_in_one_cell": "Title, first and last name in one cell",
        "title_in_first_name": "Title stuck to the first name",
        "no_title": "No title",
        "extra_spaces": "Extra spaces",
        "hidden_mark": "Invisible character in a name",
        "double_e": "เเ typed for แ",
        "split_am": "ํ and า typed for ำ",
        "tone_order": "Tone mark before the upper vowel",
        "thai_digits": "Thai digits",
        "no_id": "No ID number",
        "id_slip": "ID number mistyped",
        "placeholder_id": "Made-up ID 0000000000000",
        "no_birth": "No birth day",
        "birth_slip": "Wrong day, month or year of birth",
        "first_of_january": "1 January because the day is not known",
        "date_short_month": "Date with a short month name",
        "date_long_month": "Date with a full month name",
        "date_two_digit": "Thai year of two digits",
        "date_compact": "Date as eight digits in a row",
        "date_iso_be": "Thai year first, as in 2564-06-15",
        "date_christian": "Christian year among Thai ones",
        "date_year": "Only the year of birth is known",
        "date_year_zeros": "Only the year is known, written 25390000",
        "impossible_day": "A day that does not exist (30 February)",
        "future_day": "A birth day in the future (B.E. 2650)",
        "no_address": "No address",
        "address_elsewhere": "Address outside the town",
        "moo_unknown": "A moo that the town does not have (15)",
        "central_register": "Central house register, no real house",
        "stale": "Data left from two years ago",
        "twice_in_list": "One person in two rows of one list",
        "total_row": "Row of totals under the table",
        "juristic_owner": "The owner is a company",
        "juristic_id_slip": "Company number mistyped",
        "swapped_lat_lon": "Latitude and longitude swapped",
        "no_position": "No position",
        "position_zero": "Position 0,0",
        "duplicate_key": "Row key twice in the file",
        "self_crossing": "Polygon that crosses itself",
        "no_house_code": "House without a house code",
        "house_code_dashes": "House code with dashes",
        "ltax_without_zeros": "Parcel code without its zeros (1A1)",
        "area_disagrees": "Written area differs from the drawn one",
        "stuck_run": "Instrument stuck at one value",
        "gap": "Readings missing for a while",
        "out_of_range": "Reading beyond what is possible",
        "phone_plain": "Phone without separators",
        "phone_dash": "Phone with dashes",
        "phone_one_dash": "Phone with one dash",
        "phone_space": "Phone with spaces",
        "phone_country": "Phone beginning with +66",
        "phone_no_zero": "Phone that lost its first zero",
        "address_moo_dot": "Address as 12/3 ม.5",
        "address_glued": "Address as 12/3ม.5",
        "address_moo_word": "Address as 12/3 หมู่ 5",
        "address_dash": "Address as 12-3 หมู่5",
        "address_estate": "Address with the estate's name only",
        "address_estate_moo": "Address with estate and moo",
        "address_soi": "Address with a soi",
        "address_long": "Address in full, down to the province",
    }
)

FATE = MappingProxyType(
    {
        "cleaned": _("อ่านได้ตรงความจริง"),
        "linked": _("รวมกับคนเดิมได้ถูก"),
        "reported": _("แจ้งปัญหาที่แถวนั้น"),
    }
)

# What to expect of each file to try; the Thai sentence stands in the manifest.
ABOUT_EN: Mapping[str, str] = MappingProxyType(
    {
        "civil-next.xlsx": "Next month's list: births, deaths, moves, new names, corrected typos",
        "vhv-next.xlsx": "Next month's list: births, deaths, moves, new names, corrected typos",
        "elders.xlsx": "Very dirty: two header rows, Thai digits, impossible days, numbers twice, a name in three ways",
        "truncated.xlsx": "Half an Excel file: cannot be opened",
        "password.xlsx": "Excel with a password: its owner must take it off",
        "html-inside.xlsx": "A web page named as Excel",
        "people-utf8.csv": "The name says UTF-8, inside is TIS-620",
        "excel-ids.csv": "ID numbers turned into 3.1E+12 by Excel: the whole column must be refused",
        "strange-ids.csv": "ID numbers with a wrong check digit or not of 13 digits",
        "duplicate-keys.csv": "Numbers twice in one file",
        "impossible-days.csv": "30 February and B.E. 2650",
        "formulas.csv": "Cells that begin with = + - @",
        "swapped-points.csv": "Latitude and longitude swapped in the whole file",
        "bowtie.geojson": "Polygons that cross themselves",
        "broken.geojson": "GeoJSON without its end",
        "outline-3x.geojson": "An outline three times too large",
        "utm-no-prj.zip": "Shapefile in UTM without its .prj",
        "indian1975-no-prj.zip": "Shapefile in Indian 1975 without its .prj",
        "bomb.xlsx": "A small file that unfolds to 120 million bytes",
        "empty.csv": "Nothing but the header",
    }
)
