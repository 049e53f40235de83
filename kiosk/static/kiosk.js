// The touch screen is one document for ever: pages come from the server and are shown in it, so that no lost connection,
// no back button and no reload leads anywhere but to the start. Without this script every form and link works by itself.
window.kiosk = (() => {
  const RETRY_MS = 1500;
  const GIVE_UP_MS = 60_000; // Whoever pressed has left by then: nobody's ticket must not come out.
  const REFUSAL_MS = 20_000;
  const body = document.body;
  const parser = new DOMParser();
  let journey = 0; // A wipe begins a new one: an answer or a retry of an older one is dropped.
  let busy = false;
  let looking = false;
  let wiping = false;
  let told_until = null;

  const connection = (lost) => body.classList.toggle("lost", lost);

  // Show a page in this document: its words, its classes and the data on its body; scripts and styles stay. What changed
  // since it was asked for is not in it: the live screen then looks again.
  const show = (html, address, asked) => {
    const page = parser.parseFromString(html, "text/html");
    const offline = body.classList.contains("offline");
    const focused = document.activeElement && document.activeElement.id;
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.className = page.documentElement.className;
    for (const name of [...body.getAttributeNames()]) body.removeAttribute(name);
    for (const { name, value } of page.body.attributes) body.setAttribute(name, value);
    body.classList.toggle("offline", offline);
    body.replaceChildren(...page.body.childNodes);
    // A screen that looked again by itself: a keyboard stays where it was.
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
    document.title = page.title;
    if (address) history.replaceState(null, "", address);
    window.scrollTo(0, 0);
    window.htmx.process(body);
    document.dispatchEvent(new CustomEvent("kiosk:shown", { detail: asked }));
  };

  const refuse = (page, html, asked) => {
    const told = page.querySelector("[data-refused]");
    const place = document.getElementById("refusal");
    // The notice was changed meanwhile: that page has to be read, and what was typed is in it.
    if (!told || !place || page.querySelector("[data-anew]")) return show(html, null, asked);
    const sentence = page.querySelector(".plain-sentence") || told;
    place.textContent = sentence.textContent.trim();
    place.dataset.refused = told.dataset.refused;
    place.scrollIntoView({ block: "center" });
    clearTimeout(told_until);
    told_until = setTimeout(() => { place.textContent = ""; delete place.dataset.refused; }, REFUSAL_MS);
    const field = document.querySelector("[data-keypad-field]");
    if (field) field.value = "";
  };

  // Send a form or follow a link; while the connection is lost the same thing is sent again: its nonce makes that harmless.
  // A look of the screen's own (`quiet`) gives way to a finger.
  const send = async (method, address, fields, pressed, quiet = false) => {
    if (busy && !looking) return;
    if (looking) journey += 1;
    busy = true;
    looking = quiet;
    const mine = journey;
    const marked = [pressed, pressed && pressed.form].filter(Boolean);
    marked.forEach((element) => { element.classList.add("htmx-request"); element.dataset.retrying = "1"; });
    const began = Date.now();
    try {
      for (;;) {
        try {
          const asked = performance.now();
          const answer = await fetch(address, { method, body: method === "POST" ? fields : undefined });
          const html = await answer.text();
          if (mine !== journey) return;
          connection(false);
          // 503 is the box in a strait, which passes; any other is shown like a refusal.
          if (answer.status === 503) throw new Error("the service is busy");
          if (answer.ok) show(html, answer.redirected || method === "GET" ? new URL(answer.url).pathname : null, asked);
          else refuse(parser.parseFromString(html, "text/html"), html, asked);
          return;
        } catch {
          if (mine !== journey) return;
          connection(true);
          await new Promise((wake) => setTimeout(wake, RETRY_MS));
          if (mine !== journey) return;
          if (body.dataset.start !== undefined && Date.now() - began > GIVE_UP_MS) return;
        }
      }
    } finally {
      if (mine === journey) busy = looking = false;
      marked.forEach((element) => { element.classList.remove("htmx-request"); delete element.dataset.retrying; });
    }
  };

  // Forget everything on this screen at once, then on the server, then begin anew.
  const wipe = async () => {
    if (wiping) return;
    wiping = true;
    journey += 1;
    busy = true;
    looking = false;
    const notice = document.getElementById("connection");
    body.replaceChildren(...(notice ? [notice] : []));
    delete body.dataset.idle;
    for (;;) {
      try {
        const asked = performance.now();
        const answer = await fetch("/reset", { method: "POST" });
        const html = await answer.text();
        if (!answer.ok) throw new Error("not wiped");
        busy = false;
        wiping = false;
        connection(false);
        show(html, "/", asked);
        return;
      } catch {
        connection(true);
        await new Promise((wake) => setTimeout(wake, RETRY_MS));
      }
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.matches("[hx-post], [hx-get]")) return;
    event.preventDefault();
    const pressed = event.submitter;
    const address = (pressed && pressed.getAttribute("formaction")) || form.getAttribute("action");
    const fields = new URLSearchParams(new FormData(form, pressed));
    if (pressed && pressed.dataset.clear !== undefined) fields.delete("phone");
    if (address === "/reset") wipe();
    else send(form.method.toUpperCase(), address, fields, pressed || form);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    send("GET", link.getAttribute("href"), null, link);
  });

  // The fragments that htmx fetches find the connection lost, too.
  document.addEventListener("htmx:sendError", (event) => {
    connection(true);
    const form = event.target.closest("form");
    if (!form) return;
    form.dataset.retrying = "1";
    setTimeout(() => window.htmx.trigger(form, "submit"), RETRY_MS);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.xhr.status) return;
    delete event.target.dataset.retrying;
    connection(false);
  });
  // We open and close while nobody touches the screen: the start is then another page. So it is, now and then, for what
  // was set meanwhile (greeting, notices, name).
  const atStart = () => body.dataset.start !== undefined && !busy && !document.querySelector("dialog[open]");
  document.addEventListener("htmx:afterSettle", () => {
    const closed = document.getElementById("tiles") && document.getElementById("tiles").dataset.closed !== undefined;
    if (atStart() && closed !== body.classList.contains("closed")) send("GET", "/", null, null, true);
  });
  document.addEventListener("kiosk:site", () => { if (atStart()) send("GET", "/", null, null, true); });

  // Clock of the site's zone, whatever zone the browser is set to.
  const tick = () => {
    const now = new Date();
    document.querySelectorAll("[data-clock]").forEach((element) => {
      const zone = element.dataset.clock;
      try {
        element.textContent = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
        document.querySelectorAll("[data-date]").forEach((day) => {
          day.textContent = now.toLocaleDateString(day.dataset.date, { month: "long", day: "numeric", weekday: "long", timeZone: zone });
        });
      } catch { element.textContent = ""; /* A zone that this browser does not know: better no clock than no screen. */ }
    });
  };
  setInterval(tick, 1000);

  // A nonce for a form that the server did not give one; plain HTTP has no crypto.randomUUID.
  const nonces = () => document.querySelectorAll("[data-nonce]").forEach((field) => {
    field.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
  const begin = () => { tick(); nonces(); };
  document.addEventListener("kiosk:shown", begin);
  begin();

  // Ten-key pad; a field that knows its length goes on by itself once it is full.
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (!key) return;
    const field = document.querySelector("[data-keypad-field]");
    if (key.dataset.key === "back") field.value = field.value.slice(0, -1);
    else if (key.dataset.key === "clear") field.value = "";
    else if (field.value.length < field.maxLength) field.value += key.dataset.key;
    filled(field);
  });
  const filled = (field) => {
    const refusal = document.getElementById("refusal");
    if (refusal) refusal.textContent = "";
    if (field.dataset.complete && field.value.length === Number(field.dataset.complete)) field.form.requestSubmit();
  };
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-keypad-field]")) return;
    event.target.value = event.target.value.replace(/\D/g, "");
    filled(event.target);
  });

  // Nothing here leads out of the application: no menu, no zoom, no dragging, no keys of the browser.
  const stop = (event) => event.preventDefault();
  ["contextmenu", "dragstart", "auxclick", "gesturestart"].forEach((name) => document.addEventListener(name, stop));
  document.addEventListener("wheel", (event) => { if (event.ctrlKey) event.preventDefault(); }, { passive: false });
  document.addEventListener("touchmove", (event) => { if (event.touches.length > 1) event.preventDefault(); }, { passive: false });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /^F\d+$|^Browser|^ContextMenu$/.test(event.key)) event.preventDefault();
    // Chromium's own list of what runs, over the page and with a button that ends it.
    if (event.shiftKey && event.key === "Escape") event.preventDefault();
  }, true);

  return { send, wipe };
})();
