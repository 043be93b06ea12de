"""Django, with the private cluster up: what every command that touches the database starts with."""

from __future__ import annotations

import os

from maehia.cli import cluster, env


def database() -> None:
    """Start the private cluster unless DATABASE_URL names a server of the town."""
    if not env.text("DATABASE_URL", ""):
        cluster.start()


def django(role: str = "app") -> None:
    """Load settings and rooms as the database role `role` ("app" or "worker")."""
    database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maehia.settings")
    os.environ.setdefault("MAEHIA_DB_ROLE", role)
    import django as framework

    framework.setup()


def os_user() -> str:
    """The operating system's user, for `cli:<osuser>` in the read log."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or str(os.getuid())
