"""The JSON API against its own description, by schemathesis over HTTP."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import LiveServerTestCase

from maehia.kit.testing import ConcurrentTestCase
from maehia.services.actions.api_keys import make_api_key
from maehia.services.tests.case_cast import build_street
from maehia.services.tests.desk_cast import build_town
from maehia.services.tests.open311_cast import ASKED, publish

# A report may be refused for what it says although its form is right (a place outside the town: 422).
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "422"]
"""


@pytest.mark.slow
class Contract(ConcurrentTestCase, LiveServerTestCase):
    def setUp(self) -> None:
        with self.acting():
            build_town()
            build_street()
            publish("pole", "เสาไฟฟ้าชำรุด", form=ASKED)
        self.key = make_api_key("schemathesis", "test@example.org", by="system:test", per_minute=10_000).text

    def test_schemathesis_runs_clean(self) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "schemathesis.toml").write_text(CONFIG)
            done = subprocess.run(
                [Path(sys.executable).with_name("schemathesis"), "--config-file", folder / "schemathesis.toml", "run",
                 f"{self.live_server_url}/api/v1/openapi.json", "--header", f"X-API-Key: {self.key}",
                 "--checks", "all", "--max-examples", "15", "--seed", "2569", "--no-color", "--workers", "1"],
                cwd=folder, capture_output=True, text=True, timeout=280, check=False,
            )  # fmt: skip
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
