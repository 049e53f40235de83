// A phone looks again every few seconds at its number or its case, with an ETag; it vibrates and says so aloud to the eye when the number is called.
(() => {
  const address = document.body.dataset.stateUrl;
  const told = document.title;
  const begun = (section) => [...section.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
    field === document.activeElement || (field.type === "radio" ? field.checked : field.value));
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(address);
      if (!answer.ok) return;
      const before = document.getElementById("visitor");
      // A question that is open under a finger, or a form that is begun, stays there until it is answered.
      if (before.querySelector("details[open]") || begun(before)) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const after = page.getElementById("visitor");
      if (!after || before.outerHTML === after.outerHTML) return;
      const called = after.dataset.state === "called" && before.dataset.state !== "called";
      if (called && navigator.vibrate) navigator.vibrate([400, 200, 400]);
      document.title = after.dataset.state === "called" ? `★ ${told}` : told;
      before.replaceWith(after);
    } catch { /* The next look will tell. */ }
  };
  setInterval(look, 3000);
  document.addEventListener("visibilitychange", look);
})();
