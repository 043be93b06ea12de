from django.apps import AppConfig


class MessageConfig(AppConfig):
    name = "maehia.message"
    label = "message"
    verbose_name = "ข้อความ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.message import registry

        registry.register()
