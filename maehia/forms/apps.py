from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "maehia.forms"
    label = "forms"
    verbose_name = "แบบฟอร์มและเอกสาร"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.forms import registry

        registry.register()
