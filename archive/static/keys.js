/* Keys over a list: "/" goes to the search box ([data-keys-search]), j and k to the next and the previous
   item of the list ([data-keys]: each child's first link), Enter opens it as it does any link.
   A person can turn them off ([data-keys-switch]); they never act while something is being typed.
   After htmx has put a new list in place, its heading ([data-keys-head]) is told to screen readers. */
(() => {
  "use strict";
  const OFF = "onrecord-keys-off";
  const one = (selector) => document.querySelector(selector);
  const off = () => {
    try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
  };
  const typing = (place) => place instanceof Element && place.closest("input, textarea, select, [contenteditable]");

  const links = () => [...(one("[data-keys]")?.children ?? [])].map((item) => item.querySelector("a[href]")).filter(Boolean);

  const move = (step) => {
    const all = links();
    if (!all.length) return;
    const here = all.findIndex((link) => link.parentElement.closest("[data-keys] > *")?.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const acts = { "/": () => one("[data-keys-search]")?.focus(), j: () => move(1), k: () => move(-1) };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || off() || typing(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const told = one("[data-keys-told]");
  const turn = one("[data-keys-switch]");
  const label = () => { turn.textContent = off() ? "Turn the keys on" : "Turn the keys off"; };
  if (told && turn) {
    told.hidden = false;
    label();
    turn.addEventListener("click", () => {
      try { off() ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* nothing is kept then */ }
      label();
    });
  }

  document.addEventListener("htmx:after:swap", () => {
    const status = one("[data-keys-status]");
    const head = one("[data-keys-head]");
    if (status && head) status.textContent = head.textContent;
  });
})();
