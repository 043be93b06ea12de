"""The register: one record of each person, household, house, building, parcel, business and place.

It is a projection of evidence and decisions: nothing is written here by hand.
Other rooms import `models`, `queries`, `actions` and `registry` only.
"""
