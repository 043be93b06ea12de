from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "maehia.intake"
    label = "intake"
    verbose_name = "รับข้อมูล"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.intake import registry

        registry.register()
