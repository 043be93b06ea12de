"""Canonical rows -> batches of record values: what one file row says, split over the kinds it speaks of."""

from maehia.intake.recording.batches import make_batches

__all__ = ["make_batches"]
