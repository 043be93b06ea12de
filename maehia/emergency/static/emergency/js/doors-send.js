// Sends what was found at the doors, once: each result has a number, and the server knows it again.

import * as vault from "./doors-vault.js";

const LOCK = "maehia-doors-send";

/** Who is logged in here, what time it is there, whether the list stands. Throws without a signal. */
export async function ask(base) {
  const from = Date.now();
  const answer = await fetch(`${base}state/`, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`state ${answer.status}`);
  const told = await answer.json();
  return { ...told, offset: told.now_ms - (from + Date.now()) / 2 };
}

/** Sends what waits of a list. Returns {sent, conflicts, refused: [words], left, ended}. */
async function work(list, base) {
  const outcome = { sent: 0, conflicts: 0, refused: [], left: 0, ended: false };
  const told = await ask(base);
  const mine = (await vault.waiting(list)).filter(({ entry }) => entry.account === told.account);
  if (told.account && mine.length) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": told.token };
    const body = JSON.stringify({ reports: mine.map(({ report }) => report), sent_at: Date.now() });
    const answer = await fetch(`${base}sync/`, { method: "POST", credentials: "same-origin", headers, body });
    if (answer.ok) {
      for (const one of (await answer.json()).answers) {
        if (one.state === "taken") outcome.sent += 1;
        else if (one.state === "conflict") outcome.conflicts += 1;
        else outcome.refused.push([one.problem?.what, one.problem?.fix].filter(Boolean).join(" "));
        await vault.sent(one.id);
      }
    }
  }
  outcome.left = (await vault.waiting(list)).length;
  const row = await vault.kept(list);
  const other = row && told.account && row.account !== told.account;
  outcome.ended = Boolean(row && told.account && !told.open && !other);
  if (other || outcome.ended) await vault.wipe(list);
  return outcome;
}

/** The same, in one tab at a time; null when there is no signal. */
export async function send(list, base) {
  const run = () => work(list, base).catch(() => null);
  return navigator.locks ? navigator.locks.request(LOCK, run) : run();
}
