"""A case in the LINE chat: told, followed, answered, rated there. The channel itself belongs to the room `message`."""
