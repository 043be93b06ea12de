"""Fixtures of every test: the database through its owner, keys of the run, network shut."""

pytest_plugins = ["maehia.kit.pytest_plugin"]
