"""`python -m maehia.linkage RECORDS.csv --out CLUSTERS.csv`."""

import sys

from maehia.linkage.cli import main

if __name__ == "__main__":
    sys.exit(main())
