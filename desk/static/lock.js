// The lock of a page: after a while without use, or at once by the button. The server decides; the page covers itself, and
// what was typed stays below until the same person has given his password. Nothing is sent again by itself: whoever pressed
// at a locked screen may have been somebody else.
(() => {
  const lock = document.getElementById("lock");
  if (!lock) return;
  const NOTE_EVERY = 60 * 1000;
  const LOOK_AFTER = 14 * 60 * 1000;
  const form = lock.querySelector("form");
  const password = form.elements.password;
  // Other tabs of the same browser share its session.
  const others = window.BroadcastChannel ? new BroadcastChannel("desk-lock") : null;
  const locked = () => document.body.classList.contains("locked");
  const state = { left: null, title: "", notedAt: Date.now(), heardAt: Date.now(), checked: new WeakSet() };

  const cover = () => {
    if (locked()) return;
    Object.assign(state, { left: document.activeElement, title: document.title });
    document.title = lock.dataset.title;
    document.body.classList.add("locked");
    lock.showModal();
    password.focus();
    others?.postMessage({ locked: true });
  };
  const uncover = () => {
    if (!locked()) return;
    document.body.classList.remove("locked");
    document.title = state.title;
    form.reset();
    document.getElementById("lock-refusal").textContent = "";
    lock.close();
    state.notedAt = state.heardAt = Date.now();
    if (state.left?.isConnected) state.left.focus();
  };
  lock.addEventListener("cancel", (event) => event.preventDefault());
  lock.addEventListener("close", () => { if (locked()) lock.showModal(); });

  const ask = async (method) => {
    const headers = "practice" in document.body.dataset ? { "X-Practice": "1" } : {};
    const answer = await fetch("/here", { method, headers: { ...headers, "X-Look": "1" }, redirect: "manual" });
    if (answer.status === 423) cover();
    else state.heardAt = Date.now();
    return answer.status !== 423;
  };
  const look = () => ask("GET").catch(() => {});
  // Whoever types is there, although he sends nothing for long.
  const note = (event) => {
    if (locked() || !event.isTrusted || Date.now() - state.notedAt < NOTE_EVERY) return;
    state.notedAt = Date.now();
    ask("POST").catch(() => {});
  };
  ["keydown", "pointerdown", "wheel"].forEach((kind) => window.addEventListener(kind, note, { capture: true, passive: true }));
  setInterval(() => { if (!document.hidden && !locked() && Date.now() - state.notedAt > LOOK_AFTER) look(); }, 20 * 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !locked()) look(); });

  // No key of the page does anything below the lock; typing, Tab and Enter are the browser's own.
  window.addEventListener("keydown", (event) => { if (locked()) event.stopImmediatePropagation(); }, true);
  // A form that leads to another page would be gone with the page: where the last word of the server is old, whether the
  // screen is locked is asked before it goes.
  window.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent.method !== "post" || sent.matches("[hx-post], [data-at-lock]") || state.checked.delete(sent)) return;
    if (!locked() && Date.now() - state.heardAt < NOTE_EVERY) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask("POST").then((open) => {
      if (!open) return;
      state.checked.add(sent);
      sent.requestSubmit(event.submitter);
    }).catch(() => document.body.classList.add("offline"));
  }, true);

  // What the page asks by itself keeps nothing open.
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, triggeringEvent, headers } = event.detail;
    if (verb === "get" && !triggeringEvent?.isTrusted) headers["X-Look"] = "1";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (locked() && !lock.contains(event.detail.elt)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 423) return;
    event.detail.shouldSwap = false;
    cover();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) return;
    password.value = "";
    password.focus();
  });
  document.addEventListener("unlocked", () => {
    uncover();
    others?.postMessage({ unlocked: form.elements.who.value });
  });
  if (others) {
    others.onmessage = ({ data }) => {
      if (data.locked) cover();
      else if (data.unlocked === form.elements.who.value) uncover();
    };
  }
})();
