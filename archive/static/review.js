// Review by keyboard. Each key presses a button or follows a link that is on the page; without this script
// the same buttons and links do. Single keys can be switched off, as WCAG 2.1.4 asks.
(() => {
  "use strict";
  const STORED = "onrecord-single-keys";
  const find = (selector) => document.querySelector(selector);
  const form = find("[data-review]");
  const say = (words) => { const line = find("[data-say]"); if (line) line.textContent = words; };
  let level = null, sent = false;

  const stored = () => { try { return localStorage.getItem(STORED) !== "off"; } catch { return true; } };
  const keep = (on) => { try { localStorage.setItem(STORED, on ? "on" : "off"); } catch { /* private window */ } };
  let on = stored();

  const submit = (button) => {
    if (sent) return;
    sent = true;
    button.form.requestSubmit(button);
  };

  const atLevel = (name) => {
    level = level === name ? null : name;
    for (const button of document.querySelectorAll("[data-level]")) {
      button.setAttribute("aria-pressed", String(button.dataset.level === level));
    }
    say(level ? `A number now chooses the ${level}` : "A number chooses as far as the candidate reaches");
  };

  const choose = (number) => {
    const card = find(`[data-card="${number}"]`);
    if (!card) return say(`There is no candidate ${number}`);
    const button = card.querySelector(level ? `[data-reach="${level}"]` : "[data-reach]");
    if (button) submit(button);
    else say(`Candidate ${number} has no ${level}`);
  };

  const help = () => {
    const list = find("[data-help]");
    if (!list) return;
    list.open = !list.open;
    list.querySelector("summary").focus();
  };

  const levels = { i: "inspection", s: "setting", p: "provider" };
  const steps = { j: "next", k: "prev" };

  const press = (key) => {
    if (key === "?") return help();
    if (!on) return;
    if (key in steps) return find(`a[rel="${steps[key]}"]`)?.click();
    const button = /^[a-z]$/.test(key) && find(`[data-key="${key}"]`);
    if (button) return submit(button);
    if (!form) return;
    if (key in levels) return atLevel(levels[key]);
    if (/^[1-9]$/.test(key)) choose(key);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.defaultPrevented || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (event.key.length !== 1) return;
    press(event.key);
  });

  // A page that comes back from the browser's memory may be decided on again.
  addEventListener("pageshow", () => { sent = false; });
  for (const button of document.querySelectorAll("[data-level]")) {
    button.addEventListener("click", () => atLevel(button.dataset.level));
  }
  const bar = find("[data-levels]");
  if (bar) bar.hidden = false;
  const shelf = find("[data-switch]");
  if (shelf) {
    const box = find("[data-keys-on]");
    shelf.hidden = false;
    box.checked = on;
    box.addEventListener("change", () => { on = box.checked; keep(on); });
  }
  // After a decision the reader stands at what was kept, just before the next story.
  find("[data-focus]")?.focus();
})();
