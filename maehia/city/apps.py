from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "maehia.city"
    label = "city"
    verbose_name = "ทะเบียนเมือง"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.city import registry

        registry.register()
