/* Where htmx asks for a part of a page (hx-select) and the answer has no such part, because the visitor is signed
   out by now or asked for too much at once, the answer is shown as the page it is: nothing vanishes. */
(() => {
  "use strict";
  document.addEventListener("htmx:after:request", (event) => {
    const asked = event.detail.ctx;
    if (!asked.select?.startsWith("#") || asked.text.includes(`id="${asked.select.slice(1)}"`)) return;
    event.preventDefault();
    location.assign(asked.request.action);
  });
})();
