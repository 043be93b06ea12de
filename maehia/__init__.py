"""Maehia: one city record in three tenses."""

__version__ = "0.1.0"
