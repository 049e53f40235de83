// The worker's phone on a bad line: what he presses is kept here until the server has answered, and sent again with the
// same nonce, so that it is done once and in the order he pressed. Without this script every form works by itself.
(() => {
  const KEY = "work.unsent";
  const ACT_MS = 15_000;
  const PHOTO_MS = 90_000;
  const BACK_OFF_S = [1, 2, 4, 8, 15, 30];
  const LONGEST = 1600;
  const SAID = { JPEG: "image/jpeg" };
  const parser = new DOMParser();
  const worker = () => document.body.dataset.work;
  const closed = () => document.body.dataset.door !== undefined;

  // What is not sent yet: acts in the order they were pressed, photos behind them. Each tab keeps its own.
  let queue = [];
  let sending = false;
  let tries = 0;
  let wake = null;
  let etag = "";
  let hidden_at = 0;

  const load = () => {
    try {
      queue = JSON.parse(sessionStorage.getItem(KEY) || "[]");
    } catch {
      queue = [];
    }
    // A phone that somebody else signs in on sends nothing for the one before him.
    if (!closed()) queue = queue.filter((item) => item.worker === worker());
  };
  const keep = () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(queue));
      return true;
    } catch {
      // The browser's room is full: photos wait in the page alone.
      sessionStorage.setItem(KEY, JSON.stringify(queue.filter((item) => !item.photo)));
      return false;
    }
  };

  const word = (name) => document.getElementById("unsent")?.dataset[name] || "";
  const tell = (sentence, code, order_sheet) => {
    const sheet = order_sheet && document.getElementById(order_sheet);
    const place = (sheet && sheet.querySelector(".told")) || document.getElementById("told");
    if (!place) return;
    place.textContent = sentence;
    if (code) place.dataset.refused = code;
    else delete place.dataset.refused;
    place.scrollIntoView({ block: "center" });
  };
  const hush = () => document.querySelectorAll(".told.refusal").forEach((place) => { place.textContent = ""; });

  const own_act = () => queue.find((item) => !item.photo && item.order === document.body.dataset.order);
  const paint = () => {
    const banner = document.getElementById("unsent");
    if (banner) {
      banner.hidden = !queue.length || closed();
      const text = word(tries ? "waiting" : "sending") + (queue.length > 1 ? ` (${queue.length})` : "");
      if (banner.textContent !== text) banner.textContent = text;
      banner.classList.toggle("waiting", tries > 0);
    }
    document.querySelectorAll("[data-kept]").forEach((line) => { line.hidden = !queue.length; });
    // The button that was pressed says so itself.
    const pending = own_act();
    document.body.classList.toggle("unsent-act", Boolean(pending));
    document.querySelectorAll(".page > .bar .do").forEach((button) => {
      if (button.dataset.label === undefined) button.dataset.label = button.textContent;
      button.textContent = pending ? word(tries ? "waiting" : "sending") : button.dataset.label;
    });
    document.querySelectorAll("form[data-photo]").forEach((form) => {
      const stage = form.elements.stage.value;
      const waiting = queue.filter((item) => item.photo && item.address === form.getAttribute("action") && item.fields.some(([name, value]) => name === "stage" && value === stage));
      form.querySelector(".take").dataset.waiting = waiting.length || "";
    });
  };

  const show = (page, address) => {
    const here = location.pathname;
    document.documentElement.lang = page.documentElement.lang;
    for (const name of [...document.body.getAttributeNames()]) document.body.removeAttribute(name);
    for (const { name, value } of page.body.attributes) document.body.setAttribute(name, value);
    document.body.classList.add("script");
    document.body.replaceChildren(...page.body.childNodes);
    document.title = page.title;
    if (address) history.replaceState(null, "", address);
    if (location.pathname !== here) window.scrollTo(0, 0);
    paint();
  };
  const show_photos = (page) => {
    for (const id of ["photos-before", "photos-after", "photo-overs"]) {
      const [mine, theirs] = [document.getElementById(id), page.getElementById(id)];
      if (mine && theirs) mine.replaceWith(theirs);
    }
    paint();
  };

  const get = async (headers = {}) => {
    const answer = await fetch(location.pathname, { headers, signal: AbortSignal.timeout(ACT_MS) });
    if (answer.status === 304 || answer.status >= 500) return null;
    const page = parser.parseFromString(await answer.text(), "text/html");
    if (page.body.dataset.work === undefined) return null;
    etag = answer.headers.get("ETag") || "";
    return { page, url: answer.url };
  };
  // The page looks by itself, where nothing is typed and nothing waits; that keeps no PIN open.
  const look = async () => {
    if (document.hidden || queue.length || closed() || document.querySelector(".over:target")) return;
    try {
      const found = await get({ "X-Look": "1", ...(etag ? { "If-None-Match": etag } : {}) });
      if (!found || queue.length || document.querySelector(".over:target")) return;
      if (found.page.body.dataset.door !== undefined) location.assign(`/work/pin?next=${location.pathname}`);
      else show(found.page);
    } catch {
      // No line now: the page as it stands is the best there is.
    }
  };

  const post = (item) => {
    const photo = item.photo && Uint8Array.from(atob(item.photo), (char) => char.charCodeAt(0));
    const body = photo ? new FormData() : new URLSearchParams();
    item.fields.forEach(([name, value]) => body.append(name, value));
    if (photo) body.append("photo", new Blob([photo], { type: SAID.JPEG }), "photo.jpg");
    return fetch(item.address, { method: "POST", body, signal: AbortSignal.timeout(photo ? PHOTO_MS : ACT_MS) });
  };

  const settle = async (item, answer, page) => {
    const here = item.order === document.body.dataset.order;
    const refused = page.querySelector("[data-refused]");
    if (refused && page.body.dataset.work === undefined) {
      const sentence = (page.querySelector(".plain-sentence") || refused).textContent.trim();
      const fresh = answer.status === 422 && !item.photo ? null : await get().catch(() => null);
      if (fresh && here) (item.photo ? show_photos : show)(fresh.page);
      // What was typed is still there to be mended.
      if (here && !fresh && item.sheet) location.hash = item.sheet;
      tell(here ? sentence : `${item.order}: ${sentence}`, refused.dataset.refused, fresh ? "" : item.sheet);
      return;
    }
    if (here && item.photo) show_photos(page);
    else if (here) show(page, answer.url);
    else if (!document.body.dataset.order) look();
  };

  const pump = async () => {
    clearTimeout(wake);
    const item = queue[0];
    if (sending || !item || closed()) return paint();
    sending = true;
    paint();
    let again = false;
    try {
      const answer = await post(item);
      const page = parser.parseFromString(await answer.text(), "text/html");
      const ours = page.body.dataset.work !== undefined || page.querySelector("[data-refused]");
      // Trouble of the box, or somebody between (a captive portal): this was no answer of ours.
      if (!ours || answer.status >= 500 || answer.status === 429) throw new Error("later");
      if (page.body.dataset.door !== undefined) {
        location.assign(`${new URL(answer.url).pathname}?next=${location.pathname}`);
        return;
      }
      queue.splice(queue.indexOf(item), 1);
      keep();
      tries = 0;
      await settle(item, answer, page);
    } catch {
      again = true;
      wake = setTimeout(pump, 1000 * BACK_OFF_S[Math.min(tries, BACK_OFF_S.length - 1)]);
      tries += 1;
    } finally {
      sending = false;
      paint();
    }
    if (!again && queue.length) pump();
  };
  const hurry = () => {
    if (queue.length) pump();
  };

  const enqueue = (item) => {
    const mine = { worker: worker(), ...item };
    // An act never waits behind a photo, save behind one that is on its way.
    const from = sending ? 1 : 0;
    const place = mine.photo ? -1 : queue.findIndex((other, at) => at >= from && other.photo);
    queue.splice(place < 0 ? queue.length : place, 0, mine);
    hush();
    if (!keep()) tell(word("tooBig"));
    pump();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const address = form.getAttribute("action") || "";
    if (address === "/work/sign-out") sessionStorage.removeItem(KEY);
    if (!form.dataset.send) return;
    event.preventDefault();
    // One act of an order at a time: what it leads to is not known before the answer.
    if (form.dataset.photo !== undefined || own_act()) return;
    const sheet = form.closest(".over")?.id || "";
    if (sheet) location.hash = "top";
    enqueue({ order: form.dataset.send, address, fields: [...new FormData(form)], sheet });
  });

  // A photo goes over the line as small as it will be kept; that also turns it upright and leaves out where it was taken.
  const shrunk = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return canvas.toDataURL(SAID.JPEG, 0.85).split(",")[1];
  };
  document.addEventListener("change", async (event) => {
    const form = event.target.closest("form[data-photo]");
    const file = form && event.target.files && event.target.files[0];
    if (!file) return;
    const [order, address, stage] = [form.dataset.send, form.getAttribute("action"), form.elements.stage.value];
    event.target.value = "";
    try {
      const photo = await shrunk(file);
      // Plain HTTP has no randomUUID. Several photos may wait at once: each has a nonce of its own.
      const nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      enqueue({ order, address, fields: [["nonce", nonce], ["stage", stage]], photo, sheet: "" });
    } catch {
      tell(word("noPhoto"), "photo_broken");
    }
  });

  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-less], [data-more]");
    if (step) {
      const field = step.parentElement.querySelector("input");
      const by = Number(step.parentElement.dataset.step) * (step.dataset.less === undefined ? 1 : -1);
      field.value = Math.max(0, (Number(field.value) || 0) + by);
    }
    if (event.target.closest("[data-add-line]")) {
      const lines = event.target.closest("fieldset").querySelector("[data-lines]");
      const line = lines.lastElementChild.cloneNode(true);
      line.querySelectorAll("input").forEach((field) => { field.value = ""; });
      lines.append(line);
      line.querySelector("input").focus();
    }
    if (event.target.closest(".unsent-act .page > .bar a.do, .unsent-act .acts a[href^='#']")) event.preventDefault();
  });

  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hidden_at = Date.now();
      return;
    }
    hurry();
    if (Date.now() - hidden_at > 5000) look();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    load();
    hurry();
    look();
  });
  setInterval(() => { if (document.body.dataset.look) look(); }, 30_000);

  document.body.classList.add("script");
  load();
  paint();
  hurry();
})();
