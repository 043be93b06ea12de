"""What a demo shows of its fake LINE platform."""

from __future__ import annotations


def demo_line_secret() -> str:
    """The channel secret by which this installation's fake signs webhooks (`maehia demo --show`)."""
    from maehia.message.fakes.line import demo_keys

    return demo_keys().secrets[0]


def demo_line_user(name: str) -> str:
    """The LINE user id of an invented person."""
    from maehia.message.fakes.line import user_id

    return user_id(name)


def villages() -> list[tuple[str, str]]:
    """(moo, words) of every village of the register, as the chat offers them."""
    from maehia.message.chat import places

    return places()
