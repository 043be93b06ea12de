"""What the worker does for the whole: the demo's stations go on sending."""

from __future__ import annotations

from maehia.cli.demo_feed import feed
from maehia.kit.jobs import periodic

periodic("demo.feed", "*/15 * * * *")(feed)
