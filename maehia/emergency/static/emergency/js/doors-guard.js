// On every page: door lists on this device go when their time is over, when they were ended, and with the log-out; results
// that still wait are sent. Loads the rest only where something was kept.

const FLAG = "maehia-doors-kept"; // set by doors-vault.js
const vaultOf = () => import("./doors-vault.js");

async function look() {
  const [vault, { send }] = await Promise.all([vaultOf(), import("./doors-send.js")]);
  await vault.sweep();
  if (!navigator.onLine || document.querySelector("[data-doors]")) return; // its own page does it and says so
  const lists = new Map([...(await vault.all()).map((row) => [row.id, row.base]), ...(await vault.waitingLists()).map((row) => [row.list, row.base])]);
  for (const [id, base] of lists) await send(id, base);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!localStorage.getItem(FLAG) || !/\/logout\/?$/.test(new URL(form.action).pathname)) return;
  event.preventDefault();
  vaultOf().then((vault) => vault.wipeAll()).finally(() => HTMLFormElement.prototype.submit.call(form));
}, true);

if ("indexedDB" in globalThis && globalThis.crypto?.subtle && localStorage.getItem(FLAG)) {
  look().catch(() => {});
  addEventListener("online", () => look().catch(() => {}));
  setInterval(() => vaultOf().then((vault) => vault.sweep()).catch(() => {}), 60000);
}
