"""What intake offers to the console: menu entries and tasks."""


def register() -> None:
    pass
