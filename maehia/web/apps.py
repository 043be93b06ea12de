from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "maehia.web"
    label = "web"
    verbose_name = "ส่วนประกอบของทุกหน้า"
