// On every page: door lists on this device go when their time is over, when they were ended, and with the log-out; results
// that still wait are sent. Looks only where something was kept.

import * as vault from "./doors-vault.js";
import { send } from "./doors-send.js";

async function look() {
  await vault.sweep();
  if (!navigator.onLine || document.querySelector("[data-doors]")) return; // its own page does it and says so
  const lists = new Map([...(await vault.all()).map((row) => [row.id, row.base]), ...(await vault.waitingLists()).map((row) => [row.list, row.base])]);
  for (const [id, base] of lists) await send(id, base);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!localStorage.getItem(vault.FLAG) || !/\/logout\/?$/.test(new URL(form.action).pathname)) return;
  event.preventDefault();
  vault.wipeAll().finally(() => HTMLFormElement.prototype.submit.call(form));
}, true);

if ("indexedDB" in globalThis && globalThis.crypto?.subtle && localStorage.getItem(vault.FLAG)) {
  look().catch(() => {});
  addEventListener("online", () => look().catch(() => {}));
  setInterval(() => vault.sweep().catch(() => {}), 60000);
}
