// Idle: warn, count down, then wipe the screen, here and on the server. data-idle="0" counts down at once.
(() => {
  const COUNTDOWN = 20;
  const body = document.body;
  let still = 0;
  let extra = 0;
  const dialog = () => document.getElementById("idle");
  const stay = () => {
    still = 0;
    if (dialog() && dialog().open) dialog().close();
  };
  setInterval(() => {
    if (body.dataset.idle === undefined) { still = 0; return; }
    still += 1;
    const patience = Number(body.dataset.idle);
    const left = patience + extra + COUNTDOWN - still;
    document.querySelectorAll("[data-idle-left]").forEach((element) => { element.textContent = Math.max(0, left); });
    if (left <= 0) { still = 0; extra = 0; window.kiosk.wipe(); }
    else if (patience && left <= COUNTDOWN && dialog() && !dialog().open) dialog().showModal();
  }, 1000);
  document.addEventListener("kiosk:shown", () => { still = 0; extra = 0; });
  document.addEventListener("pointerdown", () => { if (!dialog() || !dialog().open) still = 0; });
  document.addEventListener("keydown", stay);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-idle-stay]")) return;
    extra = Number(body.dataset.idle) ? 0 : 40;
    stay();
  });
})();
