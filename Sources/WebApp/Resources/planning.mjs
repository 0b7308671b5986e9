// Planning a case on the server, step by step, with a way to end it.
import * as api from "./api.mjs";
import { make, refusal } from "./dom.mjs";
import { addWords, severityName, word } from "./words.mjs";

addWords({
  en: { stale: "The results are not those of the case as it is now.", planAgain: "Plan the case", cancel: "Cancel", cancelled: "Ended; the earlier results stay.",
    planSteps: { reading: "Reads images and tables", fitting: "Fits curves and finds doses", comparing: "Compares readings and labels", writing: "Writes the report" } },
  de: { stale: "Die Ergebnisse gehören nicht zum jetzigen Stand des Falls.", planAgain: "Fall planen", cancel: "Abbrechen", cancelled: "Beendet; die früheren Ergebnisse bleiben.",
    planSteps: { reading: "Liest Bilder und Tabellen", fitting: "Passt Kurven an, bestimmt Dosen", comparing: "Vergleicht Lesarten und Markierungen", writing: "Schreibt den Bericht" } },
});

/** A card that plans a case; `done` is called when the results are there. */
export function planCard(path, note, done) {
  const state = make("p", { class: "small", role: "status" }, note ?? "");
  const bar = make("progress", { max: 4, value: 0, hidden: true, "aria-label": word("planAgain") });
  const start = make("button", { class: "btn", id: "plan", onclick: run }, word("planAgain"));
  const cancel = make("button", { class: "btn", hidden: true }, word("cancel"));
  const card = make("section", { class: "card pad planning" }, state, bar, make("div", { class: "actions" }, start, cancel));

  function rest(message) {
    [start.hidden, cancel.hidden, bar.hidden] = [false, true, true];
    state.replaceChildren(message);
  }

  async function run() {
    [start.hidden, cancel.hidden, bar.hidden] = [true, false, false];
    bar.value = 0;
    try {
      const { job } = await api.post("/api/plan", { case: path });
      const work = api.follow(job, {
        step: (step) => {
          bar.value = step.number - 0.5;
          state.textContent = `${step.number}/${step.of} ${word("planSteps")[step.step]}`;
        },
        done: () => { rest(""); done(); },
        cancelled: () => rest(word("cancelled")),
        refused: (found) => rest(refusal(found.reason, found.remedy, severityName("serious"))),
      });
      cancel.onclick = work.cancel;
    } catch (error) { rest(refusal(error.message, error.remedy, severityName("serious"))); }
  }
  return card;
}
