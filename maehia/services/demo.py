"""What the demo adds to the services (see kit.demo.Loaders): people and units 10, cases 20, the rest after them.

Every loader is a function of the seed.
"""

from __future__ import annotations

from maehia.kit.demo import Loaders

ACTOR, PURPOSE = "system:demo", "system.demo"
LOADERS = Loaders("maehia.services")
add, loaders = LOADERS.add, LOADERS.all
