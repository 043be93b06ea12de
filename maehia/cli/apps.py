from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "maehia.cli"
    label = "cli"
    verbose_name = "การเดินระบบ"

    def ready(self) -> None:
        from maehia.cli import journal

        journal.connect()
