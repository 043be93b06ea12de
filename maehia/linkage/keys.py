"""Stable keys: a person keeps the key of the oldest member through every later run; merges leave redirects.

The key is the register's own (never the national ID, never the cluster's name), so a run may cut and join
clusters as it likes: here it is decided which cluster goes on with which key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from maehia.linkage.forest import Clustering


@dataclass(frozen=True)
class KeyUpdate:
    """assignment: rec_id -> key. created: new keys. merged: old key -> key that goes on (redirects).

    split: key -> new keys of the parts that left it. retired: keys whose records are all gone.
    """

    assignment: dict[str, str]
    created: list[str]
    merged: dict[str, str]
    split: dict[str, list[str]]
    retired: list[str]


def carry_keys(
    old: Mapping[str, str],
    clustering: Clustering | Mapping[str, str],
    new_key: Callable[[], str],
    age: Sequence[str] = (),
) -> KeyUpdate:
    """Give every cluster its key.

    old: rec_id -> key of the last run. clustering: the new run (or rec_id -> cluster). new_key: makes a key
    that was never used. age: rec_ids in the order in which they were first confirmed; a record earlier in it
    is older (default: by rec_id).

    A cluster goes on with the key of its oldest member that has one; a key that several clusters claim goes to
    the one with the key's oldest member, and the others take the next claim or a new key. The order of rows
    never matters.
    """
    assignment = clustering.assignment if isinstance(clustering, Clustering) else clustering
    rank = {rec: i for i, rec in enumerate(age)}
    clusters = _members(assignment, rank)
    owner = _owners(clusters, old)
    given: dict[str, str] = {name: key for key, name in owner.items()}
    created = []
    for name in clusters:
        if name not in given:
            given[name] = new_key()
            created.append(given[name])
    return KeyUpdate(
        {rec: given[name] for name, members in clusters.items() for rec in members},
        created,
        _merged(clusters, old, given, set(owner)),
        _split(clusters, old, given),
        sorted({*old.values()} - {old[r] for r in assignment if r in old} - set(owner)),
    )


def _members(assignment: Mapping[str, str], rank: Mapping[str, int]) -> dict[str, list[str]]:
    """Members of each cluster, oldest first; clusters in the order of their oldest member."""
    last = len(rank)
    ordered = sorted(assignment, key=lambda rec: (rank.get(rec, last), rec))
    clusters: dict[str, list[str]] = defaultdict(list)
    for rec in ordered:
        clusters[assignment[rec]].append(rec)
    return clusters


def _owners(clusters: Mapping[str, list[str]], old: Mapping[str, str]) -> dict[str, str]:
    """Which cluster goes on with each key that goes on. Oldest claims are heard first."""
    owner: dict[str, str] = {}
    settled: set[str] = set()
    for name, members in clusters.items():
        for rec in members:
            key = old.get(rec)
            if key is not None and key not in owner and name not in settled:
                owner[key] = name
                settled.add(name)
    return owner


def _merged(
    clusters: Mapping[str, list[str]], old: Mapping[str, str], given: Mapping[str, str], alive: set[str]
) -> dict[str, str]:
    """Keys that nobody goes on with, and the key of the cluster where their oldest member now is."""
    redirects: dict[str, str] = {}
    for name, members in clusters.items():
        for rec in members:
            key = old.get(rec)
            if key is not None and key not in alive:
                redirects.setdefault(key, given[name])
    return redirects


def _split(clusters: Mapping[str, list[str]], old: Mapping[str, str], given: Mapping[str, str]) -> dict[str, list[str]]:
    """Keys whose records now stand in several clusters: the keys of the parts besides the one that kept it."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name, members in clusters.items():
        for key in dict.fromkeys(old[rec] for rec in members if rec in old):
            if given[name] != key and given[name] not in parts[key]:
                parts[key].append(given[name])
    return {key: sorted(names) for key, names in parts.items() if names and key in set(given.values())}


def resolve_key(key: str, redirects: Mapping[str, str]) -> str:
    """Follow redirects to the key that is in use now."""
    seen = set()
    while key in redirects and key not in seen:
        seen.add(key)
        key = redirects[key]
    return key
