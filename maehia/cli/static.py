"""Static files: collected, hashed and compressed into the data folder when they have changed. Needs Django."""

from __future__ import annotations

import hashlib
from pathlib import Path

from maehia.cli import places


def collect() -> bool:
    """Collect unless the same files were collected already; True when it did."""
    from django.conf import settings
    from django.contrib.staticfiles.management.commands.collectstatic import Command
    from django.core.management import call_command
    from whitenoise.storage import CompressedManifestStaticFilesStorage

    target, now = Path(settings.STATIC_ROOT), fingerprint()
    mark = target.parent / "static.sha256"
    if mark.exists() and mark.read_text() == now and (target / "staticfiles.json").exists():
        return False
    target.mkdir(parents=True, exist_ok=True)
    command = Command()
    # The settings of this process may still say "plain files": the manifest is what we are making.
    command.storage = CompressedManifestStaticFilesStorage(location=target)
    call_command(command, interactive=False, verbosity=0, clear=True)
    places.write_private(mark, now)
    return True


def fingerprint() -> str:
    """A hash of the names, sizes and times of every static file that rooms bring."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
