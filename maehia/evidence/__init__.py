"""Evidence: what each list said, as it came, and what people decided about it.

Other rooms import `models`, `queries`, `actions` and `registry` only.
"""
