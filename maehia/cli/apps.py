from django.apps import AppConfig, apps


class CliConfig(AppConfig):
    name = "maehia.cli"
    label = "cli"
    verbose_name = "การเดินระบบ"

    def ready(self) -> None:
        from maehia.cli import journal
        from maehia.cli.demo_pages import stories

        stories.register()
        if apps.is_installed("maehia.evidence"):
            journal.connect()
