// All patients side by side: uptake by site, groups, changes, courses, survival, tables.
import * as api from "./api.mjs";
import { make, refusal } from "./dom.mjs";
import { drawn, inside, room } from "./drawn.mjs";
import { addWords, significant, severityName, word } from "./words.mjs";

addWords({
  en: { cohort: "Cohort", patients: "patients", figureNames: { "heat-map": "Uptake by site", groups: "Groups", "entities-suvmax": "Entities, SUVmax", "entities-tbr": "Entities, tumour to blood", waterfall: "Change of uptake", courses: "Courses", survival: "Survival" },
    noPatients: "No case of this folder can be read.", leftOutCase: "left out" },
  de: { cohort: "Kohorte", patients: "Patienten", figureNames: { "heat-map": "Anreicherung nach Region", groups: "Gruppen", "entities-suvmax": "Entitäten, SUVmax", "entities-tbr": "Entitäten, Tumor zu Blut", waterfall: "Änderung der Anreicherung", courses: "Verläufe", survival: "Überleben" },
    noPatients: "Kein Fall dieses Ordners lässt sich lesen.", leftOutCase: "ausgelassen" },
});

export async function show(page) {
  const cohort = await api.get("/api/cohort", { width: room(inside(page) - 26) });
  const cell = (value) => value == null ? make("td", { class: "n none" }, "–") : typeof value === "number" ? make("td", { class: "n" }, Number.isInteger(value) ? String(value) : significant(value)) : make("td", {}, value);
  page.replaceChildren(make("div", { class: "cohort" },
    make("p", { class: "small" }, `${cohort.n} ${word("patients")}`),
    cohort.n === 0 ? make("p", { class: "empty" }, word("noPatients")) : null,
    cohort.refused.map((one) => refusal(`${one.case}, ${word("leftOutCase")}: ${one.refused.reason}`, one.refused.remedy, severityName("serious"))),
    make("div", { class: "gallery" }, cohort.figures.map((figure) => make("section", { class: `card figure-${figure.name}` },
      make("div", { class: "head" }, make("h2", {}, word("figureNames")[figure.name] ?? figure.name)), drawn(figure.svg)))),
    cohort.notes.map((note) => make("p", { class: "small" }, `${word("figureNames")[note.part] ?? note.part}: ${note.refused.reason}`)),
    cohort.tables.map((table) => make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, table.title)),
      make("div", { class: "wide-table" }, make("table", {}, make("thead", {}, make("tr", {}, table.columns.map((column) => make("th", {}, column.title)))),
        make("tbody", { class: "rows" }, table.rows.map((row) => make("tr", {}, row.map(cell))), table.summaries.map((row) => make("tr", { class: "sum" }, row.map((text) => make("td", { class: "pm" }, text)))))),
        table.notes.map((note) => make("p", { class: "small pad" }, note)))))));
}
