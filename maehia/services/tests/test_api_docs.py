"""The commands of docs/api.md, run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import LiveServerTestCase

from maehia.kit.testing import ConcurrentTestCase
from maehia.services.actions.api_keys import make_api_key
from maehia.services.models import Case
from maehia.services.tests.case_cast import build_street
from maehia.services.tests.desk_cast import build_town
from maehia.services.tests.open311_cast import ASKED, publish

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "api.md"


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
class Guide(ConcurrentTestCase, LiveServerTestCase):
    def test_every_command_of_the_guide_works(self) -> None:
        with self.acting():
            build_town()
            build_street()
            publish("light", "ไฟถนนดับ", form=ASKED)
        key = make_api_key("guide", "guide@example.org", by="system:test").text
        script = "set -e\n" + "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL))
        done = subprocess.run(
            ["bash", "-c", script], env={**os.environ, "BASE": self.live_server_url, "KEY": key}, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        with self.acting():
            assert set(Case.objects.values_list("channel", flat=True)) == {"open311", "api"}
