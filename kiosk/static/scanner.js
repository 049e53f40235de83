// Scanner: types like a keyboard, F9 or ~, then the code, then Enter (screens.md). What it means the server says.
(() => {
  const SILENCE_MS = 100;
  const LONGEST = 200;
  let code = null;
  let last = 0;
  document.addEventListener("keydown", (event) => {
    // The key's own time: a busy screen handles keys late, and they would seem further apart than they were.
    if (event.timeStamp - last > SILENCE_MS) code = null;
    last = event.timeStamp;
    if (event.key === "F9" || event.key === "~") code = "";
    else if (code === null) return;
    else if (event.key === "Enter") {
      if (document.body.dataset.scan !== undefined && code) window.kiosk.send("POST", "/scan", new URLSearchParams({ code }), null);
      code = null;
    } else if (event.key.length === 1 && code.length <= LONGEST) code += event.key;
    else return;
    event.preventDefault();
  }, true);
})();
