"""Django's own system check has nothing to say about the town's models and settings."""

from django.core import checks

GDAL_OF_DEBIAN = "gis.W001"  # asks for GDAL 3.9; Debian 12 has 3.6. Nothing of ours can change it


def test_the_system_check_finds_nothing_in_our_models_and_settings():
    assert [str(one) for one in checks.run_checks() if one.id != GDAL_OF_DEBIAN] == []
