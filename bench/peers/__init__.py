"""The engine against its peers, on the same files: CLIMADA for impact, landlab for the flood.

`make bench-peers` (`python -m bench.peers --help`). The peers live in environments of their own under var/peers and
are no dependency of ours: CLIMADA is GPL, and is met through files and processes only.
"""
