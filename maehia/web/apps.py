from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "maehia.web"
    label = "web"
    verbose_name = "ส่วนประกอบของทุกหน้า"

    def ready(self) -> None:
        from maehia.web.registry import ENTER_CONSOLE, MenuEntry, menu

        menu.add(MenuEntry("home", "หน้าแรก", "Home", "home", area="public", icon="home", order=0))
        menu.add(
            MenuEntry(
                "staff-home",
                "งานของฉัน",
                "My work",
                "staff-home",
                permission=ENTER_CONSOLE,
                icon="home",
                order=0,
                thumb=True,
            )
        )
