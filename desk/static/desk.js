// What every page of the desk does in the browser besides its keys (keys.js).
(() => {
  // Copy the text beside the button. On plain HTTP there is no clipboard of the browser's: the old way does it.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = (button.closest("details") || button.closest("form")).querySelector("[data-copied-from]");
    field.focus();
    field.select();
    if (!document.execCommand("copy")) return;
    const words = button.dataset.words || button.textContent;
    button.dataset.words = words;
    button.textContent = `✓ ${button.dataset.copied}`;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
  // A window over the page: what was begun in it stays there until it is saved, and so does the page below.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const closer = event.target.closest("[data-closes]");
    if (closer) document.getElementById(closer.dataset.closes).close();
    if (!opener) return;
    const window_ = document.getElementById(opener.dataset.opens);
    window_.showModal();
    const empty = window_.querySelector('[hx-trigger="open-window once"]');
    if (empty) window.htmx.trigger(empty, "open-window");
    else window_.querySelector("input:not([type=hidden])")?.focus();
  });
  // The text that goes with what was chosen, in the language asked for; what somebody wrote himself stays.
  const prepare = (chosen, language) => {
    const field = chosen.form.elements[chosen.dataset.prepares];
    const ready = [...chosen.options].flatMap((one) => [one.dataset.zh, one.dataset.en]);
    if (field.value.trim() && !ready.includes(field.value)) return;
    chosen.dataset.language = language || chosen.dataset.language || "zh";
    field.value = chosen.selectedOptions[0].dataset[chosen.dataset.language];
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-prepares]")) prepare(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-prepare-in]");
    if (button) prepare(button.form.querySelector("select[data-prepares]"), button.dataset.prepareIn);
  });
  // A usual word is a press instead of typing.
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-fills]");
    if (!chip) return;
    const field = chip.form.elements[chip.dataset.fills];
    field.value = field.value ? `${field.value}，${chip.dataset.words}` : chip.dataset.words;
    field.focus();
  });
  // A saved answer is pressed instead of typed; which one it was goes with the form.
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-answer-id]");
    if (!chosen) return;
    const form = chosen.closest("form");
    const field = form.elements[chosen.closest("[data-answers-into]").dataset.answersInto];
    form.elements.saved.value = chosen.dataset.answerId;
    field.value = chosen.dataset.answerText;
    const atOnce = form.querySelector('[name="way"][value="at_once"]');
    if (atOnce) atOnce.checked = true;
    field.focus();
  });
  // Whoever looks for an answer has not finished the form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-answers-into] input")) event.preventDefault();
  });
  // Ticked by itself only beside the choice that it goes with: whoever was absent was not told in person.
  const tick = (form) => form.querySelectorAll("[data-ticked-by]").forEach((box) => {
    box.checked = form.elements[box.dataset.tickedBy].value === box.dataset.tickedAt;
  });
  document.querySelectorAll("[data-ticked-by]").forEach((box) => tick(box.form));
  document.addEventListener("change", (event) => {
    if (event.target.form?.querySelector(`[data-ticked-by="${CSS.escape(event.target.name)}"]`)) tick(event.target.form);
  });
  // Printing, and the moment of it beside the centre's name.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  window.addEventListener("beforeprint", () => {
    const moment = (timeZone) => new Date().toLocaleString(
      document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone: timeZone || undefined });
    document.querySelectorAll("[data-printed-at]").forEach((place) => { place.textContent = moment(place.dataset.printedAt); });
    // The foot of a filed form: which paper the page belongs to, when it was printed, by whom.
    document.querySelectorAll("[data-filed-foot]").forEach((form) => {
      const zone = document.querySelector("[data-printed-at]");
      const foot = `${form.dataset.filedFoot} · ${form.dataset.filedBy.replace("%s", moment(zone && zone.dataset.printedAt))}`;
      document.documentElement.style.setProperty("--filed-foot", JSON.stringify(foot));
    });
  });
  // A print that is written down: first the note, then the paper.
  document.addEventListener("htmx:afterRequest", (event) => {
    // A refusal is shown as any other, and nothing is printed: `successful` is also said of it here.
    if (event.detail.elt.matches("[data-prints]") && event.detail.xhr.status === 204) window.print();
  });
  // The menu of the header closes when something else is pressed.
  document.addEventListener("click", (event) => document.querySelectorAll(".bar details[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));
  // The self-test compares this computer's clock with the box's: it is read at the press, not when the page came.
  document.addEventListener("submit", (event) => {
    event.target.querySelectorAll("[data-desk-clock]").forEach((field) => { field.value = Date.now(); });
  }, true);
  // What opens to be typed into begins with its first field.
  document.addEventListener("toggle", (event) => {
    const field = event.target.open && event.target.matches(".join") && event.target.querySelector("input:not([type=hidden])");
    if (field) field.focus();
  }, true);
  // A refusal that is swapped in far above or below the button pressed would look like no answer at all.
  document.addEventListener("htmx:afterSwap", () => {
    const refusal = document.querySelector("#refusal[data-refused]");
    if (refusal) refusal.scrollIntoView({ block: "center" });
  });
  // A sentence about the last press must not stand beside the next one.
  document.addEventListener("htmx:afterRequest", (event) => {
    const refusal = document.getElementById("refusal");
    if (refusal && event.detail.xhr.status < 400 && event.detail.requestConfig.verb === "post" && event.detail.elt.matches("form")) refusal.textContent = "";
  });
})();
