from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "maehia.access"
    label = "access"
    verbose_name = "สิทธิ์และการเข้าถึง"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.access import checks, entries, permissions, purposes  # noqa: F401 (checks register themselves)

        purposes.register_all()
        permissions.declare_all()
        entries.register_all()
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="access.roles")


def after_migrate(using: str, **_: Any) -> None:
    from maehia.access.actions import install_roles
    from maehia.kit import purposes

    if using == "owner":
        purposes.publish(using)
        install_roles(using)
