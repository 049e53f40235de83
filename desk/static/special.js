// The silent key: Pause raises a mark at once, whatever is open or typed in. No sound, no word, no window.
// Chromium does nothing of its own with it. Tried again until the box has it: nobody at the desk could ask for it twice.
(() => {
  const form = () => document.querySelector("form[data-silent]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Pause" || !form()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) form().requestSubmit();
  }, true);
  const again = (event) => {
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (event.detail.elt !== form() || (status && status < 500)) return;
    setTimeout(() => { if (form()) form().requestSubmit(); }, 2000);
  };
  document.addEventListener("htmx:sendError", again);
  document.addEventListener("htmx:timeout", again);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr && event.detail.xhr.status >= 500) again(event);
  });
})();
