// Passkeys: to sign in with one, to add one, to give it again for a signature. Pages work without it, by password.
"use strict";
(() => {
  const live = document.getElementById("live");
  const tell = (says) => { live.textContent = says; live.classList.remove("unseen"); live.classList.add("wrong"); };
  const can = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;
  const ask = async (address, csrf, body) => {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-Csrf": csrf }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail || "That did not work. Try again.");
    return said;
  };
  const flow = async (form, then) => {
    const fields = Object.fromEntries(new FormData(form));
    try { await then(fields, fields.csrf); }
    catch (fault) { tell(fault.name === "NotAllowedError" ? "No passkey was used. Try again, or use your password." : fault.message); }
  };
  const proof = async (address, fields) => {
    const options = await ask(`${address}/options`, fields.csrf, fields);
    const found = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    return ask(address, fields.csrf, { ...fields, credential: found.toJSON() });
  };
  const flows = {
    in: (fields) => proof("/sign-in/passkey", fields).then((said) => location.assign(said.to)),
    again: (fields, csrf, form) => proof("/me/again", { csrf: fields.csrf }).then(() => form.requestSubmit()),
    add: async (fields) => {
      const options = await ask("/me/passkeys/options", fields.csrf, fields);
      const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
      const said = await ask("/me/passkeys", fields.csrf, { title: fields.title, credential: made.toJSON() });
      location.assign(said.to);
    },
  };
  // A button with data-passkey ("in", "add" or "again") in a form does its flow with that form's fields.
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    if (!can) { return; }
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const form = button.closest("form");
      flow(form, (fields, csrf) => flows[button.dataset.passkey](fields, csrf, form));
    });
  });
})();
