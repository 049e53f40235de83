// The call display's own few lines: the clock, the voice, and the self-test's answer.
(() => {
  const body = document.body;
  const clock = document.querySelector("[data-clock]");
  const tick = () => {
    clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: clock.dataset.clock });
  };
  tick();
  setInterval(tick, 1000);

  // Voice. Calls carry a growing id: those after the last one spoken are fetched and spoken one after the other, so that
  // none cuts another off, none is missed after a lost connection, and none comes twice after a reload.
  const mute = document.getElementById("mute");
  const key = `spoken ${body.dataset.since}`;
  const waiting = [];
  let speaking = false;
  let asking = false;
  let again = false;
  const last = () => localStorage.getItem(key);
  const LONGEST_MS = 40_000; // One sound that stalls must not silence the display for the day.
  // The sound is fetched first: a clip that is missing and a connection that is lost are two things.
  const play = async (address, volume, until = "ended") => {
    const answer = await fetch(address);
    if (!answer.ok) return "missing";
    const url = URL.createObjectURL(await answer.blob());
    const sound = new Audio(url);
    sound.volume = volume;
    const heard = await new Promise((done) => {
      sound.addEventListener(until, () => done("ok"));
      sound.onerror = () => done("missing");
      sound.play().catch((error) => done(error.name === "NotAllowedError" ? "blocked" : "missing"));
      setTimeout(() => done("missing"), LONGEST_MS);
    });
    if (until === "ended") URL.revokeObjectURL(url);
    return heard;
  };
  const speak = async () => {
    if (speaking) return;
    speaking = true;
    while (waiting.length) {
      const call = waiting[0];
      body.dataset.speaking = call.no;
      let heard;
      try {
        heard = call.volume > 0 ? await play(call.sound, call.volume) : "ok";
      } catch {
        // The connection is lost: the same call is tried again, and what was undone or served meanwhile is dropped then.
        await new Promise((wake) => setTimeout(wake, 2000));
        waiting.length = 0;
        break;
      }
      waiting.shift();
      // Only what was spoken counts: a reload in the middle says the rest.
      localStorage.setItem(key, Math.max(Number(last()), call.id));
      mute.hidden = heard === "ok";
      body.dataset.spoken = `${body.dataset.spoken || ""} ${call.no}`.trim().split(" ").slice(-20).join(" ");
    }
    delete body.dataset.speaking;
    speaking = false;
  };
  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    do {
      again = false;
      try {
        const address = new URL(body.dataset.since, location);
        if (last() !== null) address.searchParams.set("after", last());
        const answer = await (await fetch(address)).json();
        // A store that began anew counts from one again.
        if (last() !== null && answer.last < Number(last())) localStorage.setItem(key, answer.last);
        const open = new Set(answer.calls.map((call) => call.id));
        const known = new Set(waiting.map((call) => call.id));
        // Undone or served since: nobody needs to hear it any more. The one being spoken is spoken to its end.
        for (let place = waiting.length - 1; place > 0; place -= 1) if (!open.has(waiting[place].id)) waiting.splice(place, 1);
        if (last() === null) localStorage.setItem(key, answer.last);
        else {
          answer.calls.filter((call) => !known.has(call.id)).forEach((call) => waiting.push({ ...call, volume: answer.volume }));
          if (!waiting.length) localStorage.setItem(key, Math.max(Number(last()), answer.last));
        }
        speak();
      } catch { again = false; /* The next change, or the next look, asks anew. */ }
    } while (again);
    asking = false;
  };
  document.addEventListener("htmx:afterSettle", ask);
  setInterval(ask, 5000);
  ask();

  // A display tells the desk that it shows the self-test and whether it can speak, and lets the test go when it is over.
  const SHOWN_FOR = 30_000;
  const display = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let told = "";
  const say = (test, voice) => fetch("/display/shown", { method: "POST", body: new URLSearchParams({ test, display, voice }) });
  const tell = async () => {
    const shown = document.querySelector("[data-self-test]");
    if (!shown || shown.dataset.selfTest === told) return;
    const test = told = shown.dataset.selfTest;
    setTimeout(() => window.htmx.trigger("#calls", "live"), SHOWN_FOR + 1000);
    try {
      await say(test, "missing");
      await say(test, await play("/display/voice/test.wav", 1, "playing"));
    } catch { told = ""; }
  };
  document.addEventListener("htmx:afterSettle", tell);
  tell();
})();
