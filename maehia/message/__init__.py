"""Messages to people: channels, templates, and one row for every recipient and every attempt."""
