from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "maehia.services"
    label = "services"
    verbose_name = "งานบริการ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.services import registry

        registry.register()
