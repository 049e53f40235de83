// The touch screen's own few lines: clock, ten-key pad, idle wipe, scanner, and patience with a lost connection.
(() => {
  const body = document.body;

  // Clock of the site's zone, whatever zone the browser is set to.
  const tick = () => {
    const now = new Date();
    document.querySelectorAll("[data-clock]").forEach((element) => {
      const zone = element.dataset.clock;
      element.textContent = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
      document.querySelectorAll("[data-date]").forEach((day) => {
        day.textContent = now.toLocaleDateString(day.dataset.date, { month: "long", day: "numeric", weekday: "long", timeZone: zone });
      });
    });
  };
  tick();
  setInterval(tick, 1000);

  // Ten-key pad.
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (!key) return;
    const field = document.querySelector("[data-keypad-field]");
    if (key.dataset.key === "back") field.value = field.value.slice(0, -1);
    else if (key.dataset.key === "clear") field.value = "";
    else if (field.value.length < field.maxLength) field.value += key.dataset.key;
    const refusal = document.getElementById("refusal");
    if (refusal) refusal.textContent = "";
  });

  // A nonce for a form that the server did not give one; plain HTTP has no crypto.randomUUID.
  document.querySelectorAll("[data-nonce]").forEach((field) => {
    field.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  });

  // A lost connection: say so, keep the page, and send the same form again; its nonce makes that harmless.
  const connection = document.getElementById("connection");
  document.addEventListener("htmx:sendError", (event) => {
    if (connection) connection.hidden = false;
    const form = event.target.closest("form");
    if (!form) return;
    // Until the next try is answered the form must stay: a live refresh that replaced it would lose the tap.
    form.dataset.retrying = "1";
    setTimeout(() => window.htmx.trigger(form, "submit"), 1500);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.xhr.status) return;
    delete event.target.dataset.retrying;
    if (connection) connection.hidden = true;
  });

  // Idle: warn, count down, then wipe the page, here and on the server. data-idle="0" counts down at once.
  if (body.dataset.idle !== undefined) {
    const COUNTDOWN = 20;
    const patience = Number(body.dataset.idle);
    const dialog = document.getElementById("idle");
    let still = 0;
    let extra = 0;
    const leave = async () => {
      clearInterval(timer);
      body.replaceChildren();
      for (;;) {
        try {
          await fetch("/reset", { method: "POST", redirect: "manual" });
          location.replace("/");
          return;
        } catch { await new Promise((wake) => setTimeout(wake, 2000)); }
      }
    };
    const stay = () => {
      still = 0;
      if (dialog.open) dialog.close();
    };
    const timer = setInterval(() => {
      still += 1;
      const left = patience + extra + COUNTDOWN - still;
      document.querySelectorAll("[data-idle-left]").forEach((element) => { element.textContent = Math.max(0, left); });
      if (left <= 0) leave();
      else if (patience && left <= COUNTDOWN && !dialog.open) dialog.showModal();
    }, 1000);
    document.addEventListener("pointerdown", () => { if (!dialog.open) still = 0; });
    document.addEventListener("keydown", stay);
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-idle-stay]")) { extra = patience ? 0 : 40; stay(); }
    });
  }

  // Scanner: types like a keyboard, F9 or ~, then the code, then Enter (screens.md). It may open a page, nothing else.
  if (body.dataset.scan !== undefined) {
    let code = null;
    let last = 0;
    document.addEventListener("keydown", (event) => {
      const now = performance.now();
      if (now - last > 100) code = null;
      last = now;
      if (event.key === "F9" || event.key === "~") code = "";
      else if (code !== null && event.key === "Enter") {
        const token = code.toUpperCase().match(/(?:^|\/T\/)([A-Z2-7]{26})$/);
        code = null;
        if (token) location.assign(`/T/${token[1]}`);
      } else if (code !== null && event.key.length === 1 && code.length < 120) code += event.key;
      else return;
      event.preventDefault();
    }, true);
  }
})();
