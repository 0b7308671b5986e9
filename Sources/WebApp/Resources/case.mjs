// One case: the prescription, what limits it, the findings, and the report as it was archived.
import * as api from "./api.mjs";
import { icon, make } from "./dom.mjs";
import { gigabecquerels, number, probability, severityName, stageName, word } from "./words.mjs";

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
    make("span", {}, `${word("governs")}: ${prescription.governing}`),
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
        make("td", {}, limit.name), make("td", { class: "n" }, number(limit.limit.value, 1)),
        make("td", { class: "n" }, ...uncertain(limit.dose, 2)),
        make("td", { class: "n" }, probability(limit.probabilityOfExceeding)))))));
}

function organs(list) {
  return make("section", { class: "card" },
    make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, word("organ")), make("th", { class: "n" }, word("perActivity")))),
      make("tbody", {}, ...list.filter((organ) => organ.dosePerActivity).map((organ) => make("tr", {},
        make("td", {}, organ.name), make("td", { class: "n" }, ...uncertain(organ.dosePerActivity, 3)))))));
}

function findings(list) {
  if (list.length === 0) return make("p", { class: "small pad" }, word("noFindings"));
  return make("div", { class: "pad" }, ...list.map((finding) => make("div", { class: `finding ${finding.severity}` },
    icon(finding.severity, severityName(finding.severity)),
    make("p", {}, finding.title ? make("b", {}, `${finding.title} `) : null, finding.text),
    finding.origin ? make("small", {}, finding.origin) : null)));
}

export async function show(page, path, banner) {
  const found = await api.caseDetail(path);
  const report = found.results.find((result) => result.name === "report.html");
  banner.replaceChildren(make("div", { class: "who" },
    make("div", { class: "id" }, make("b", {}, found.name), make("span", {}, `${found.path} · ${stageName(found.stage)}`))));
  page.replaceChildren(make("div", { class: "case" },
    make("div", {},
      found.prescription ? headline(found.prescription) : null,
      make("section", { class: "card report", "aria-label": word("report") },
        report ? make("iframe", { src: api.resultAddress(report), sandbox: "", title: word("report") })
          : make("p", { class: "empty" }, `${word("noReport")} ${found.path}`))),
    make("div", {},
      found.prescription ? limits(found.prescription) : null,
      found.organs.length > 0 ? organs(found.organs) : null,
      make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("findings"))), findings(found.findings)),
      make("section", { class: "card files" }, make("div", { class: "head" }, make("h2", {}, word("results"))),
        ...found.results.map((result) => make("a", { href: api.resultAddress(result), target: "_blank", rel: "noopener" },
          result.name, make("span", { class: "u mono" }, result.sha256.slice(0, 8))))))));
}
