"""What the register offers to the pages of other rooms: menu entries and map layers."""


def register() -> None:
    pass
