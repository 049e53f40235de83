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
  // Copy the text beside the button. On plain HTTP there is no clipboard of the browser's: the old way does it.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = (button.closest("details") || button.closest("form")).querySelector("[data-copied-from]");
    field.focus();
    field.select();
    if (!document.execCommand("copy")) return;
    const words = button.dataset.words || button.textContent;
    button.dataset.words = words;
    button.textContent = `✓ ${button.dataset.copied}`;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
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
