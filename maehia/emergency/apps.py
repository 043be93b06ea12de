from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "maehia.emergency"
    label = "emergency"
    verbose_name = "งานภาวะฉุกเฉิน"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maehia.emergency import registry

        registry.register()
