"""Thai public life as values: numbers, codes, addresses, names, dates, phones, money, air quality.

Pure functions of their arguments: no database, no network, no clock. They take the text of a cell as it came
and raise nothing on bad text; they give None (or "") and, where it helps, a `Problem`.
"""

from maehia.thai.address import (
    Address,
    format_address,
    looks_like_excel_date,
    normalize_house_no,
    parse_address,
)
from maehia.thai.aqi import Aqi, mean_of_hours, overall_aqi, thai_aqi, thai_aqi_pm25
from maehia.thai.calendar import Announced, WorkingCalendar
from maehia.thai.collation import collation_key
from maehia.thai.dates import (
    PartialDate,
    age_on,
    age_range,
    buddhist_year,
    explain_date,
    format_date,
    format_datetime,
    format_partial_date,
    parse_birth,
    parse_date,
    possible_days,
)
from maehia.thai.fiscal import fiscal_quarter, fiscal_year, fiscal_year_span
from maehia.thai.ids import (
    IdHint,
    check_digit,
    explain_id,
    format_national_id,
    id_hint,
    id_holders,
    is_juristic_id,
    is_national_id,
    looks_like_excel_float,
    normalize_id,
)
from maehia.thai.land import (
    DeedKind,
    SurveySheet,
    format_land_area,
    land_area_m2,
    normalize_ltax,
    parse_deed_kind,
    parse_land_area,
    parse_survey_sheet,
)
from maehia.thai.money import baht_text, format_baht, number_text
from maehia.thai.names import (
    PersonName,
    Title,
    is_organisation,
    name_key,
    parse_name,
    parse_title,
    split_persons,
)
from maehia.thai.phone import e164, format_phone, is_mobile, normalize_phone, phone_numbers
from maehia.thai.places import (
    format_house_code,
    house_office,
    is_place_code,
    moo_code,
    normalize_house_code,
    place_level,
)
from maehia.thai.sound import sound_key
from maehia.thai.text import clean_text, to_arabic, to_thai

__all__ = [
    "Address",
    "Announced",
    "Aqi",
    "DeedKind",
    "IdHint",
    "PartialDate",
    "PersonName",
    "SurveySheet",
    "Title",
    "WorkingCalendar",
    "age_on",
    "age_range",
    "baht_text",
    "buddhist_year",
    "check_digit",
    "clean_text",
    "collation_key",
    "e164",
    "explain_date",
    "explain_id",
    "fiscal_quarter",
    "fiscal_year",
    "fiscal_year_span",
    "format_address",
    "format_baht",
    "format_date",
    "format_datetime",
    "format_house_code",
    "format_land_area",
    "format_national_id",
    "format_partial_date",
    "format_phone",
    "house_office",
    "id_hint",
    "id_holders",
    "is_juristic_id",
    "is_mobile",
    "is_national_id",
    "is_organisation",
    "is_place_code",
    "land_area_m2",
    "looks_like_excel_date",
    "looks_like_excel_float",
    "mean_of_hours",
    "moo_code",
    "name_key",
    "normalize_house_code",
    "normalize_house_no",
    "normalize_id",
    "normalize_ltax",
    "normalize_phone",
    "number_text",
    "overall_aqi",
    "parse_address",
    "parse_birth",
    "parse_date",
    "parse_deed_kind",
    "parse_land_area",
    "parse_name",
    "parse_survey_sheet",
    "parse_title",
    "phone_numbers",
    "place_level",
    "possible_days",
    "sound_key",
    "split_persons",
    "thai_aqi",
    "thai_aqi_pm25",
    "to_arabic",
    "to_thai",
]
