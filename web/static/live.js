// Live screens: a stream says which topics changed; the fragments that watch them are fetched again.
// Fragments carry data-topics and hx-trigger="live"; the body carries data-live, the address of the stream.
// A press inside a fragment aborts a look that is under way (hx-sync "this:abort" against "drop"): never the reverse.
(() => {
  const address = document.body.dataset.live;
  if (!address) return;
  let source = null;
  let poll = null;

  const refresh = (topics) => {
    document.querySelectorAll("[data-topics]").forEach((fragment) => {
      const watched = fragment.dataset.topics.split(" ");
      if (topics && !watched.some((topic) => topics.includes(topic))) return;
      // Never swap a fragment under a finger: what was pressed in it answers first, and a moment later we look.
      if (fragment.querySelector(".htmx-request, details[open]")) setTimeout(() => refresh(topics), 400);
      else window.htmx.trigger(fragment, "live");
    });
  };
  const stop = () => {
    if (source) source.close();
    source = null;
    clearInterval(poll);
  };
  const start = () => {
    stop();
    source = new EventSource(address);
    source.onopen = () => { clearInterval(poll); document.body.classList.remove("offline"); };
    source.onmessage = (message) => refresh(JSON.parse(message.data));
    source.onerror = () => {
      document.body.classList.add("offline");
      clearInterval(poll);
      // The browser reconnects by itself unless the server refused the stream; then we look, and try again.
      poll = setInterval(() => {
        refresh(null);
        if (source && source.readyState === EventSource.CLOSED) start();
      }, 3000);
    };
  };
  // A hidden tab gives its stream back; a page that returns from the browser's memory is old, and is loaded anew.
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("pagehide", stop);
  start();
})();
