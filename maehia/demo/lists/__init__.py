"""The person lists of the town's offices, each in its own file with its own header words."""

from . import civil, complaint, dog, tax, utility, vhv, waste, welfare
from .base import Listing, Table, World

LISTINGS: tuple[Listing, ...] = (
    civil.LISTING,
    vhv.LISTING,
    welfare.LISTING,
    tax.LISTING,
    utility.LISTING,
    waste.LISTING,
    dog.LISTING,
    complaint.LISTING,
)

__all__ = ["LISTINGS", "Listing", "Table", "World"]
