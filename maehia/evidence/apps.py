from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "maehia.evidence"
    label = "evidence"
    verbose_name = "หลักฐานข้อมูล"
    default_auto_field = "django.db.models.BigAutoField"
