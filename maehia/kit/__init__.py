"""Django parts without a word of the city.

Public modules: `acting` (who reads, for what), `purposes`, `policies` (row-level security as migration
operations), `modes` (live and exercise never mix), `crypto` (cells, files, keys, blind indexes),
`clock`, `idempotency`, `series`, `jobs`, `notices`, `rates`, `recorders`, `demo`, `models`, `testing`.
"""
