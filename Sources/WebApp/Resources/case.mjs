// One case: the prescription, what limits it, the findings, and the report as it was archived.
import * as api from "./api.mjs";
import { icon, make, refusal } from "./dom.mjs";
import { planCard } from "./planning.mjs";
import { drawCard, Questions } from "./questions.mjs";
import { addWords, gigabecquerels, number, probability, severityName, term, word } from "./words.mjs";

addWords({
  en: { exportTitle: "Export", exportButton: "Write DICOM", peer: "Send to (TITLE@HOST:PORT), or leave empty", exporting: "Writes …", sentTo: "sent to", sendingTo: "Sends to", exportCancelled: "Ended; what was sent stays there.", answersGiven: "What was filled in", kidneysAlone: "Let the kidneys alone limit the activity (A7-2), and plan" },
  de: { exportTitle: "Ausgeben", exportButton: "DICOM schreiben", peer: "Senden an (TITEL@HOST:PORT), oder leer lassen", exporting: "Schreibt …", sentTo: "gesendet an", sendingTo: "Sendet an", exportCancelled: "Beendet; was gesendet ist, bleibt dort.", answersGiven: "Was ausgefüllt wurde", kidneysAlone: "Nur die Nieren die Aktivität begrenzen lassen (A7-2) und planen" },
});

/** Report and doses as DICOM objects, to another system where one is named. */
function exportCard(path) {
  const peer = make("input", { class: "field", id: "peer", autocomplete: "off", spellcheck: "false" });
  const told = make("div", { id: "exported", role: "status" });
  const bar = make("progress", { hidden: true, "aria-label": word("exportTitle") });
  const cancel = make("button", { class: "btn", id: "cancelExport", hidden: true }, word("cancel"));
  const rest = (...parts) => {
    [button.disabled, cancel.hidden, bar.hidden] = [false, true, true];
    told.replaceChildren(...parts);
  };
  const fail = (error) => rest(refusal(error.reason ?? error.message, error.remedy, severityName("serious")));
  const button = make("button", { class: "btn", id: "export", onclick: async () => {
    [button.disabled, cancel.hidden, bar.hidden] = [true, false, false];
    bar.removeAttribute("value");
    told.replaceChildren(make("p", { class: "small" }, word("exporting")));
    try {
      const { job } = await api.post("/api/export", { case: path, peer: peer.value.trim() });
      const work = api.follow(job, {
        step: (step) => {
          if (step.step !== "sending") return;
          [bar.max, bar.value] = [step.of, step.number - 1];
          told.replaceChildren(make("p", { class: "small" }, `${word("sendingTo")} ${peer.value.trim()}: ${step.number}/${step.of}`));
        },
        done: (done) => rest(...done.written.map((one) => make("p", { class: "mono small" }, one.file)),
          done.sent ? make("p", { class: "small" }, `${done.sent} ${word("sentTo")} ${peer.value.trim()}`) : ""),
        cancelled: () => rest(make("p", { class: "small" }, word("exportCancelled"))),
        refused: fail,
      });
      cancel.onclick = work.cancel;
    } catch (error) { fail(error); }
  } }, word("exportButton"));
  return make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("exportTitle"))),
    make("div", { class: "pad sig" }, make("label", { class: "why" }, make("span", {}, word("peer")), peer), make("div", { class: "actions" }, button, cancel), bar, told));
}

const unit = (text) => make("span", { class: "u" }, ` ${text}`);

function uncertain(amount, decimals) {
  const sigma = amount.standardUncertainty;
  return [number(amount.value, decimals), sigma == null ? null : make("span", { class: "pm" }, ` ± ${number(sigma, decimals)}`)];
}

function headline(prescription) {
  const graft = prescription.earliestGraft;
  const interval = graft?.interval95;
  return make("div", { class: "card hero" },
    make("b", {}, gigabecquerels(prescription.activity.value), unit("GBq")),
    make("span", {}, `${word("governs")}: ${term(prescription.governing)}`),
    prescription.acceptedRisk == null ? make("span", {}, word("bestEstimate"))
      : make("span", {}, `${word("risk")} ${probability(prescription.acceptedRisk)}`),
    graft ? make("span", {}, `${word("graft")} ${Math.ceil(graft.value)}`,
      interval ? ` (95 %: ${Math.ceil(interval[0])}–${Math.ceil(interval[1])})` : "") : null);
}

function limits(prescription) {
  return make("section", { class: "card" },
    make("div", { class: "head" }, make("h2", {}, word("limits"))),
    make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, word("limit")),
      ...["Gy", `${word("dose")} / Gy`, word("exceeding")].map((title) => make("th", { class: "n" }, title)))),
      make("tbody", {}, ...prescription.limits.map((limit) => make("tr", { class: limit.name === prescription.governing ? "on" : "" },
        make("td", {}, term(limit.name)), make("td", { class: "n" }, number(limit.limit.value, 1)),
        make("td", { class: "n" }, ...uncertain(limit.dose, 2)),
        make("td", { class: "n" }, probability(limit.probabilityOfExceeding)))))));
}

function organs(list) {
  return make("section", { class: "card" },
    make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, word("organ")), make("th", { class: "n" }, word("perActivity")))),
      make("tbody", {}, ...list.filter((organ) => organ.dosePerActivity).map((organ) => make("tr", {},
        make("td", {}, term(organ.name)), make("td", { class: "n" }, ...uncertain(organ.dosePerActivity, 3)))))));
}

/** Why nothing is prescribed; where the marrow was not measured and the kidneys were, what can be done about it. */
function notPrescribed(found, path, plan) {
  const { code, reason, remedy } = found.prescription.refused;
  const card = refusal(reason, remedy, severityName("serious"));
  const hasKidneys = found.organs.some((organ) => organ.name === "Kidneys" && organ.dosePerActivity);
  if (code !== "organ-not-covered" || !hasKidneys) return card;
  card.append(make("div", { class: "actions" }, make("button", { class: "btn", id: "kidneysAlone", onclick: async () => {
    try {
      const { digest } = await api.get("/api/dosimetry", { case: path });
      await api.post("/api/change", { case: path, digest, change: { kind: "choice", limits: "kidneys" } });
      plan.querySelector("#plan").click();
    } catch (error) { card.replaceWith(refusal(error.message, error.remedy, severityName("serious"))); }
  } }, word("kidneysAlone"))));
  return card;
}

function findings(list) {
  if (list.length === 0) return make("p", { class: "small pad" }, word("noFindings"));
  return make("div", { class: "pad" }, ...list.map((finding) => make("div", { class: `finding ${finding.severity}` },
    icon(finding.severity, severityName(finding.severity)),
    make("p", {}, finding.title ? make("b", {}, `${finding.title} `) : null, finding.text),
    finding.origin ? make("small", {}, finding.origin) : null)));
}

export async function show(page, path) {
  const found = await api.caseDetail(path);
  const named = (name) => found.results.find((result) => result.name === name);
  const report = named(document.documentElement.lang === "de" ? "report.de.html" : "report.html") ?? named("report.html");
  const plan = planCard(path, "", () => show(page, path).then((shown) => Object.assign(keys, shown)));
  const draw = drawCard(path);
  const exported = exportCard(path);
  const questions = found.hasQuestions && await Questions.of(path, (open, isDrawn) => {
    [plan.hidden, draw.hidden, exported.hidden] = [open > 0 || isDrawn === false, isDrawn !== false, open > 0 || !report];
  });
  if (!questions) draw.hidden = true;
  const paper = make("section", { class: "card report", "aria-label": word("report") },
    report ? make("iframe", { src: api.resultAddress(report), sandbox: "", title: word("report") }) : make("p", { class: "empty" }, word("noReport")));
  const isPrescribed = found.prescription?.activity != null;
  const isFirst = found.hasQuestions && !report;
  // What is open stands in the form itself.
  const looks = found.findings.filter((finding) => !(questions && finding.text.startsWith("questions-open:")));
  const keys = { keys: (event) => questions && questions.key(event) };
  page.replaceChildren(make("div", { class: "case" },
    make("div", {},
      !found.prescription ? null : isPrescribed ? headline(found.prescription)
        : notPrescribed(found, path, plan),
      isFirst ? questions.element : paper),
    make("div", {},
      isPrescribed ? limits(found.prescription) : null,
      found.organs.length > 0 ? organs(found.organs) : null,
      draw, plan, exported,
      questions && !isFirst ? make("details", { class: "answers" }, make("summary", { class: "btn" }, word("answersGiven")), questions.element) : null,
      looks.length || !isFirst ? make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("findings"))), findings(looks)) : null,
      isFirst ? null : make("section", { class: "card files" }, make("div", { class: "head" }, make("h2", {}, word("results"))),
        ...found.results.map((result) => make("a", { href: api.resultAddress(result), target: "_blank", rel: "noopener" },
          result.name, make("span", { class: "u mono" }, result.sha256.slice(0, 8))))))));
  return keys;
}
