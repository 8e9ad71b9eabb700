// What the pages do beyond plain forms: keys on the queue and the case, a banner when a run is newer, a warning before
// the session ends, and a form that is sent once. Everything works without it.
"use strict";
(() => {
  const body = document.body, live = document.getElementById("live");
  const wrong = document.getElementById("wrong");
  if (wrong) wrong.focus();

  // A form is sent once; the key in it makes that so on the server too.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
    if (!navigator.onLine) {
      event.preventDefault();
      delete form.dataset.sent;
      live.textContent = "Not sent: there is no connection. What you typed stays on the page.";
      live.classList.remove("unseen"); live.classList.add("wrong");
    }
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((one) => { delete one.dataset.sent; }));

  // Keys: none inside fields, none that decides, sends or signs.
  const away = (address) => { if (address) location.assign(address); };
  const link = (name) => document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  const keys = body.dataset.keys !== "off";
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const open = () => [...document.querySelectorAll("[data-open]")];
  const move = (list, step) => {
    if (!list.length) return;
    const at = list.findIndex((one) => one.contains(document.activeElement));
    const next = list[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step, 0), list.length - 1)];
    list.forEach((one) => one.classList.remove("now"));
    next.classList.add("now");
    (next.querySelector("a, button, summary, [tabindex]") || next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const near = (wanted) => {
    const list = open();
    return (list.find((one) => one.contains(document.activeElement)) || list[0])?.querySelector(wanted);
  };
  document.addEventListener("keydown", (event) => {
    if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (at.closest("input, textarea, select, [contenteditable]")) return;
    switch (event.key) {
      case "j": move(rows(), 1); break;
      case "k": move(rows(), -1); break;
      case "n": move(open(), 1); break;
      case "p": move(open(), -1); break;
      case "e": { const found = near("[data-evidence]"); if (!found) return; found.focus(); break; }
      case "d": { const found = near("[data-document]") || document.querySelector("[data-document]"); if (!found) return; away(found.href); break; }
      case "/": { const found = document.querySelector("[data-search]"); if (!found) return; found.focus(); break; }
      case "c": { const found = document.querySelector("[data-case]"); if (!found) return; navigator.clipboard?.writeText(found.dataset.case); live.textContent = "The case number was copied."; break; }
      default: { const found = link(event.key); if (!found) return; if (found.matches("a[href]")) away(found.href); else found.focus(); }
    }
    event.preventDefault();
  });

  // Two minutes before the session ends it is said, and one press extends it.
  const end = document.getElementById("session-end");
  if (end && body.dataset.session) {
    setInterval(async () => {
      try {
        const answer = await fetch(body.dataset.session, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const { seconds } = await answer.json();
        end.hidden = seconds > 120;
      } catch { /* offline: forms say so when they are sent */ }
    }, 30000);
    end.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await fetch(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
      if (answer.ok) end.hidden = true;
    });
  }

  // Files may be dropped on their field.
  document.querySelectorAll("input[type=file]").forEach((field) => {
    const zone = field.closest(".field");
    if (!zone) return;
    ["dragover", "drop"].forEach((name) => zone.addEventListener(name, (event) => {
      event.preventDefault();
      if (name === "drop" && event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    }));
  });
})();
