// Who changed what and when, and whether everything in the archive is as it was written.
import * as api from "./api.mjs";
import { icon, make } from "./dom.mjs";
import { addWords, severityName, word } from "./words.mjs";

addWords({
  en: { moment: "When", who: "Who", what: "What", ofWhat: "Of what", latest: "The latest rows",
    actions: { add: "case found", update: "results read", forget: "case gone", import: "study imported", change: "case changed", undo: "change taken back", redo: "change done again", "gates-change": "gates changed", "gates-undo": "gates taken back", "gates-redo": "gates done again",
      regions: "regions drawn", "planar-regions": "planar regions drawn", "voxel-dose": "dose in voxels computed", export: "DICOM written", sign: "signed", withdraw: "signature withdrawn", confirm: "reading confirmed", restore: "archive restored",
      account: "account changed", "log-in": "signed in", "log-out": "signed out", "log-in-failed": "sign-in refused", "confirmation-failed": "signature refused" } },
  de: { moment: "Wann", who: "Wer", what: "Was", ofWhat: "Woran", latest: "Die jüngsten Zeilen",
    actions: { add: "Fall gefunden", update: "Ergebnisse gelesen", forget: "Fall verschwunden", import: "Studie eingelesen", change: "Fall geändert", undo: "Änderung zurückgenommen", redo: "Änderung wiederholt", "gates-change": "Gates geändert", "gates-undo": "Gates zurückgenommen", "gates-redo": "Gates wiederholt",
      regions: "Regionen gezeichnet", "planar-regions": "planare Regionen gezeichnet", "voxel-dose": "Voxeldosis gerechnet", export: "DICOM geschrieben", sign: "unterschrieben", withdraw: "Unterschrift zurückgezogen", confirm: "Lesart bestätigt", restore: "Archiv wiederhergestellt",
      account: "Konto geändert", "log-in": "angemeldet", "log-out": "abgemeldet", "log-in-failed": "Anmeldung abgelehnt", "confirmation-failed": "Unterschrift abgelehnt" } },
});

export async function show(page) {
  const audit = await api.audit();
  const row = (one) => make("tr", {}, make("td", { class: "n pm" }, String(one.number)), make("td", { class: "pm" }, one.at.replace("T", " ")),
    make("td", {}, one.actor), make("td", {}, word("actions")[one.action] ?? one.action), make("td", {}, one.subject));
  page.replaceChildren(make("section", { class: "card" },
    make("div", { class: "head" }, make("h2", {}, word("audit"))),
    make("div", { class: "pad" },
      make("p", {}, `${audit.rows} ${word("rows")} · ${audit.results} ${word("kept")}`),
      audit.problems.length === 0 ? make("p", {}, icon("ok", "OK"), " ", word("sound")) : null,
      ...audit.problems.map((problem) => make("div", { class: "finding serious" },
        icon("serious", severityName("serious")), make("p", {}, problem.text), make("small", {}, problem.code))),
      make("p", { class: "small" }, word("seal")), make("p", { class: "mono seal" }, audit.head))),
  make("section", { class: "card trail" }, make("div", { class: "head" }, make("h2", {}, word("latest"))),
    make("div", { class: "wide-table" }, make("table", {}, make("thead", {}, make("tr", {}, make("th", { class: "n" }, ""), ...["moment", "who", "what", "ofWhat"].map((name) => make("th", {}, word(name))))),
      make("tbody", { class: "rows" }, audit.trail.map(row))))));
}
