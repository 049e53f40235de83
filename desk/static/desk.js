// The desk's keys: an element with data-shortcut is pressed, or a field focused, by that key.
(() => {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key.length === 1 && (typing || event.ctrlKey || event.metaKey || event.altKey)) return;
    const element = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!element) return;
    event.preventDefault();
    if (element.tagName === "INPUT") element.focus();
    else if (!event.repeat) element.click();
  });
  // The menu of the header closes when something else is pressed, or by Escape.
  const close = (event) => document.querySelectorAll(".bar details[open]").forEach((menu) => {
    if (!menu.contains(event.target) || event.key === "Escape") menu.open = false;
  });
  document.addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(event); });
  // The self-test compares this computer's clock with the box's: it is read at the press, not when the page came.
  document.addEventListener("submit", (event) => {
    event.target.querySelectorAll("[data-desk-clock]").forEach((field) => { field.value = Date.now(); });
  }, true);
  // A refusal that is swapped in far above or below the button pressed would look like no answer at all.
  document.addEventListener("htmx:afterSwap", () => {
    const refusal = document.querySelector("#refusal[data-refused]");
    if (refusal) refusal.scrollIntoView({ block: "center" });
  });
  // A sentence about the last press must not stand beside the next one.
  document.addEventListener("htmx:afterRequest", (event) => {
    const refusal = document.getElementById("refusal");
    if (refusal && event.detail.xhr.status < 400 && event.detail.requestConfig.verb === "post") refusal.textContent = "";
  });
})();
