// Inside LINE: take the raw ID token and hand it to the server, which asks LINE itself whether it is true.
const form = document.querySelector("[data-liff]");

async function start() {
  await window.liff.init({ liffId: form.dataset.liff });
  if (!window.liff.isInClient() || !window.liff.isLoggedIn()) return;
  form.elements.id_token.value = window.liff.getIDToken();
  const button = form.querySelector("button");
  button.hidden = false;
  button.focus();
}

if (form && window.liff) start().catch(() => {});
