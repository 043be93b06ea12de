"""Intake: from the town's own files to checked records, and every delivery can be undone.

The half without Django reads (`reading`), maps (`mapping`), checks (`checking`) and exports (`exporting`).
"""
