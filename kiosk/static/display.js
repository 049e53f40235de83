// A display tells the desk that it shows the self-test, once a test, and lets it go when its time is over.
(() => {
  const SHOWN_FOR = 30_000;
  const key = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let told = "";
  const tell = () => {
    const shown = document.querySelector("[data-self-test]");
    if (!shown || shown.dataset.selfTest === told) return;
    told = shown.dataset.selfTest;
    const body = new URLSearchParams({ test: told, display: key });
    fetch("/display/shown", { method: "POST", body }).catch(() => { told = ""; });
    setTimeout(() => window.htmx.trigger("#calls", "live"), SHOWN_FOR + 1000);
  };
  document.addEventListener("htmx:afterSettle", tell);
  tell();
})();
