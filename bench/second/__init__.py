"""Parts of the second register: an invented town and seven dirty lists about it.

Nothing here is taken from the linker or from the demo town, so that a linker tuned on one
register can be judged on the other. All people, surnames, numbers and villages are invented.
"""
