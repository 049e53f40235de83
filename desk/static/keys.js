// The desk's keys; the table of them is desk/keys.py. An element with data-shortcut is pressed, or a field focused.
(() => {
  // A scanner types like a person, only faster: so soon after one key comes the next, and it ends with Enter.
  const SCAN_GAP = 50;
  const SHORTEST_SCAN = 4;
  const SECOND_KEY = 1500;
  const state = { burst: "", last: 0, waiting: null, prefix: "", prefixAt: 0 };

  const over = () => document.querySelector("dialog[open]");
  // A window over the page takes the keys; nothing below it is pressed by mistake.
  const find = (key) => [...(over() || document).querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)]
    .find((element) => element.getClientRects().length > 0 && !element.disabled);
  const openMenu = () => document.querySelector("details.menu[open], details.issue[open]");

  const press = (key) => {
    const element = find(key);
    if (!element) return;
    element.click();
    const menu = element.matches("summary") && element.parentElement;
    if (menu && menu.open) menu.querySelector("a, button, input:not([type=hidden])")?.focus();
  };

  const rows = () => [...document.querySelectorAll("main [data-row], .q, main tr, main .card, #box .due")]
    .map((row) => (row.matches("a, button") ? row : row.querySelector("a[href], summary, button")))
    .filter((one) => one && one.getClientRects().length > 0);
  const move = (step) => {
    const menu = openMenu();
    const places = menu ? [...menu.querySelectorAll("a[href], button")] : rows();
    if (!places.length) return false;
    const focused = document.activeElement;
    const row = focused.closest("[data-row], .q, tr, .card, .due");
    const at = places.findIndex((one) => one === focused || (!menu && row && row.contains(one)));
    const next = at < 0 ? (step > 0 ? 0 : places.length - 1) : Math.min(places.length - 1, Math.max(0, at + step));
    places[next].focus();
    places[next].scrollIntoView({ block: "nearest" });
    return true;
  };

  const submit = (form) => {
    const button = form.querySelector("button.p:not([type=button])") || form.querySelector("button:not([type=button])");
    if (button && !button.disabled) form.requestSubmit(button);
  };

  const scanned = (code) => {
    const field = document.querySelector(".search [name=query]");
    if (!field || over()) return;
    field.value = code;
    field.form.requestSubmit();
  };

  const escape = (event) => {
    const menu = openMenu();
    if (over()) return true;
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.target.closest(".search")) {
      event.target.blur();
    } else return false;
    event.preventDefault();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    // A word being composed belongs to the input method; what goes with Ctrl or Alt to the browser, save the one below.
    if (event.isComposing || event.key === "Process") return;
    const field = event.target.closest("input, textarea, select");
    if (event.key === "Enter" && event.ctrlKey && field && field.form) {
      event.preventDefault();
      if (!event.repeat) submit(field.form);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // The same key under a Chinese layout, or with the capitals locked.
    const typed = event.key.length === 1;
    const pressed = { "？": "?", "／": "/", "、": "/" }[event.key] || (typed ? event.key.toLowerCase() : event.key);
    if (typed && field) return;
    const soon = event.timeStamp - state.last < SCAN_GAP;
    if (typed) {
      state.burst = soon ? state.burst + event.key : event.key;
      state.last = event.timeStamp;
      if (soon) clearTimeout(state.waiting);
      if (state.burst.length > 1) {
        state.prefix = "";
        return;
      }
    } else if (event.key !== "Shift") {
      if (event.key === "Enter" && soon && !field && state.burst.length >= SHORTEST_SCAN) {
        event.preventDefault();
        scanned(state.burst);
      }
      state.burst = "";
      // Some scanners begin with a function key.
      state.last = event.timeStamp;
    }
    // In a list of which one chooses some, the space bar chooses the row; it would scroll the page.
    if (event.key === " " && event.target.closest("tr a[href]") && !over()) {
      const box = event.target.closest("tr").querySelector("input[type=checkbox]");
      if (box) {
        event.preventDefault();
        if (!event.repeat) box.click();
        return;
      }
    }
    if (event.key === "Escape" && escape(event)) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !field && !over()) {
      if (move(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      return;
    }
    const begun = event.timeStamp - state.prefixAt < SECOND_KEY ? state.prefix : "";
    if (event.key !== "Shift") state.prefix = "";
    const key = begun ? `${begun} ${pressed}` : pressed;
    if (typed && !begun && (over() || document).querySelector(`[data-shortcut^="${CSS.escape(pressed)} "]`)) {
      Object.assign(state, { prefix: pressed, prefixAt: event.timeStamp });
      return;
    }
    const element = find(key);
    if (!element) return;
    event.preventDefault();
    if (element.matches("input, textarea")) element.focus();
    // The next key tells whether this was a press or the beginning of a scan.
    else if (!event.repeat) {
      clearTimeout(state.waiting);
      state.waiting = setTimeout(() => press(key), SCAN_GAP);
    }
  });

  // A list that renews itself keeps the row that was chosen.
  const NAMES = ["waiting", "missed", "parked", "case-no", "card", "row", "aside", "coming", "booking"];
  let chosen = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const row = document.activeElement.closest(NAMES.map((name) => `[data-${name}]`).join(", "));
    const name = row && event.detail.target.contains(row) && NAMES.find((one) => row.hasAttribute(`data-${one}`));
    chosen = name ? `[data-${name}="${CSS.escape(row.getAttribute(`data-${name}`))}"]` : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const row = chosen && document.querySelector(chosen);
    chosen = null;
    if (row) (row.matches("a, button") ? row : row.querySelector("a[href], summary, button"))?.focus();
  });

  // The table of keys shows what this page answers to.
  const fit = () => document.querySelectorAll("#keys-list [data-keys-of]").forEach((room) => {
    const counter = document.querySelector("#counter, #session-now") !== null;
    const here = { counter, form: !counter || document.querySelector(".decision") !== null, everywhere: true }[room.dataset.keysOf];
    let some = false;
    room.querySelectorAll("dl > div").forEach((row) => {
      const key = row.dataset.key;
      row.hidden = !here || (key !== undefined && !document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`));
      some = some || !row.hidden;
    });
    room.hidden = !some;
  });
  document.addEventListener("htmx:afterSettle", fit);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-opens=keys]")) fit(); });
})();
