// Live screens: a stream says which topics changed; the fragments that watch them are fetched again.
// Fragments carry an id, data-topics and hx-trigger="live"; the body carries data-live, the address of the stream.
// A press inside a fragment aborts a look that is under way (hx-sync "this:abort" against "drop"): never the reverse.
// So whatever asks from inside one says hx-sync for itself: it would inherit "abort", and be dropped in silence.
(() => {
  const address = document.body.dataset.live;
  if (!address) return;
  let source = null;
  let poll = null;

  // Fragments that must be fetched, and wait for their moment: not while a finger is down (the button under it would be
  // gone, and the tap with it), nor while a press of theirs is being answered or tried again, nor while a look at them is
  // under way, for what changed since it began would be missed.
  const due = new Set();
  let pressed = false;
  let timer = null;
  const busy = (fragment) => pressed || fragment.matches(".htmx-request") || fragment.querySelector(".htmx-request, [data-retrying], details[open]");
  const look = () => {
    timer = null;
    due.forEach((id) => {
      const fragment = document.getElementById(id);
      if (fragment && busy(fragment)) return;
      due.delete(id);
      if (fragment) window.htmx.trigger(fragment, "live");
    });
    if (due.size) timer = setTimeout(look, 50);
  };
  const movedAt = {};
  const refresh = (topics) => {
    document.querySelectorAll("[data-topics]").forEach((fragment) => {
      const watched = fragment.dataset.topics.split(" ");
      if (!topics || watched.some((topic) => topics.includes(topic))) due.add(fragment.id);
    });
    if (timer === null) look();
  };

  // A page that is shown in this document was written before what moved while it was on its way.
  document.addEventListener("kiosk:shown", (event) => {
    const late = Object.keys(movedAt).filter((topic) => movedAt[topic] >= event.detail);
    if (late.length) refresh(late);
  });
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  // The click is delivered a moment after the finger is up.
  const release = () => setTimeout(() => { pressed = false; }, 80);
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, elt, requestConfig } = event.detail;
    if (requestConfig.verb !== "get" || elt !== target || !(pressed || target.querySelector("[data-retrying]"))) return;
    event.detail.shouldSwap = false;
    due.add(target.id);
    if (timer === null) timer = setTimeout(look, 50);
  });

  // A press ended a look: its answer need not be the fragment (a refusal is not), so the look is still due.
  document.addEventListener("htmx:sendAbort", (event) => {
    if (!event.target.matches("[data-topics]")) return;
    due.add(event.target.id);
    if (timer === null) timer = setTimeout(look, 50);
  });

  const stop = () => {
    if (source) source.close();
    source = null;
    clearInterval(poll);
  };
  const start = () => {
    stop();
    source = new EventSource(address);
    source.onopen = () => { clearInterval(poll); document.body.classList.remove("offline"); };
    let first = true;
    source.onmessage = (message) => {
      const topics = JSON.parse(message.data);
      topics.forEach((topic) => { movedAt[topic] = performance.now(); });
      refresh(topics);
      // The first message names every topic; after that, what was set at the desk concerns whole pages.
      if (!first && topics.includes("site")) document.dispatchEvent(new Event("kiosk:site"));
      first = false;
    };
    source.onerror = () => {
      // Refused, for all places are taken: the box is there, and looking now and then does as well.
      if (source.readyState !== EventSource.CLOSED) document.body.classList.add("offline");
      clearInterval(poll);
      // The browser reconnects by itself unless the server refused the stream; then we look, and try again.
      poll = setInterval(() => {
        refresh(null);
        if (source && source.readyState === EventSource.CLOSED) start();
      }, 3000);
    };
  };
  // A page that returns from the browser's memory is old, and is loaded anew.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("pagehide", stop);
  // Not before htmx has read the page: a look that is asked of a fragment it does not know yet is lost in silence.
  document.addEventListener("DOMContentLoaded", () => {
    start();
    // A hidden tab gives its stream back.
    document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  });
})();
