"""What the demo adds to the emergency room (see kit.demo.Loaders): readiness 10, the closed flood 20, the exercise 30.

Every loader is a function of the seed and the folder of the invented town's raw files.
"""

from __future__ import annotations

from maehia.kit.demo import Loaders

ACTOR, PURPOSE = "system:demo", "system.demo"
LOADERS = Loaders("maehia.emergency")
add, loaders = LOADERS.add, LOADERS.all
