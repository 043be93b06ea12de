"""`python -m maehia.linkage RECORDS.csv --out CLUSTERS.csv`."""

import sys

from maehia.linkage.cli import main

sys.exit(main())
