"""A round of the exchange: what waits is read, what is new is taken, what began here is sent."""

from __future__ import annotations

from maehia.services.peers.traffy import hooks, link, sending, taking
from maehia.services.peers.traffy.client import Client
from maehia.services.peers.traffy.wire import TraffyError


def run(*, poll: bool = False) -> dict[str, int]:
    """One round; counts. Nothing when the link is off. poll: also ask for the tickets of the last day."""
    if link.state() == "off":
        return {}
    row = link.peer()
    counts = {"hints": 0, "opened": 0, "sent": 0}
    with link.client() as client:
        if row.takes_in and not link.is_spent(row):
            _deliver_fake()
            counts["hints"] = taking.work_on_hints(client)
            counts["opened"] = _poll(client) if poll else 0
        sending.gather(row)
        counts["sent"] = sending.send_due(client)
    return counts


def _deliver_fake() -> None:
    """The demo's Traffy cannot call: its webhooks are handed over here, through the same reading."""
    if link.state() != "fake":
        return
    for method, body in link.FakeFile().take_hooks():
        taking.keep_hint(hooks.read_hint(method, body))


def _poll(client: Client) -> int:
    """What no webhook told. Trouble waits for the next round."""
    row = link.peer()
    try:
        issues = client.get_issues(row.org_id, "today")
    except TraffyError as error:
        link.went_wrong(str(error))
        return 0
    link.went_well()
    return taking.take_all(issues, row)["opened"]
