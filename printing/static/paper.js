// Asks every second for the list of papers and the state of the printer, and puts them in place when they changed.
"use strict";
const places = ["printer", "papers"];
const seen = {};
async function refresh() {
  if (!document.hidden) {
    for (const place of places) {
      try {
        const answer = await fetch("/_" + place, { cache: "no-store" });
        if (!answer.ok) continue;
        const html = await answer.text();
        if (html !== seen[place]) {
          const focused = document.activeElement;
          // The button of a switch changes its value when it is pressed: it is known by its name.
          const same = focused && focused.name === "fault" ? '[value="' + focused.value + '"]' : "";
          document.getElementById(place).outerHTML = html;
          seen[place] = html;
          const again = focused && focused.name && document.querySelector('button[name="' + focused.name + '"]' + same);
          if (again) again.focus();
        }
      } catch {
        // The printer is being restarted: ask again in a second.
      }
    }
  }
  setTimeout(refresh, 1000);
}
refresh();
