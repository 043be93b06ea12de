from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class KitConfig(AppConfig):
    name = "maehia.kit"
    label = "kit"
    verbose_name = "ชิ้นส่วนกลาง"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.kit import guard

        connection_created.connect(guard.install, dispatch_uid="kit.guard")
        post_migrate.connect(guard.after_migrate, sender=self, dispatch_uid="kit.publish")
