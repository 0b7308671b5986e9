// Dosimetry, region by region: the curve with its band, the models, the points, the dose. A click is a change of the case.
import * as api from "./api.mjs";
import { findingList, icon, make, refusal, segments, stepOf } from "./dom.mjs";
import { planCard } from "./planning.mjs";
import { figure, line, mark, organClass, round, scale, text, ticks } from "./plot.mjs";
import { addWords, number, severityName, significant, term, withUncertainty, word } from "./words.mjs";

addWords({
  en: { regions: "Regions", linear: "Linear", log: "Log", model: "Model", function: "Function", weight: "Weight", automatic: "automatic, by weight", points: "Points", excludeNote: "exclude with a reason",
    tia: "Time-integrated activity", coefficient: "Coefficient", fitTitle: "Fit, χ²", degrees: "degrees", doseOf: "Dose", hours: "Hours after administration", residual: "Residual / σ", activityMBq: "Activity / MBq", percentIA: "Activity / %IA",
    beyond: "beyond the last scan", halfLife: "late half-life", use: "use the point at", whyExclude: "Why is the point at {} h not used?", exclude: "Exclude", include: "Use again", next: "Next region", scaleName: "Scale", unitName: "Unit",
    signedNote: "The prescription is signed; the case is not changed.", ofPoints: "points", massWord: "mass", curveTable: "Points as a table" },
  de: { regions: "Regionen", linear: "Linear", log: "Log", model: "Modell", function: "Funktion", weight: "Gewicht", automatic: "automatisch, nach Gewicht", points: "Punkte", excludeNote: "mit Grund ausschließen",
    tia: "Zeitintegrierte Aktivität", coefficient: "Koeffizient", fitTitle: "Anpassung, χ²", degrees: "Freiheitsgrade", doseOf: "Dosis", hours: "Stunden nach Verabreichung", residual: "Residuum / σ", activityMBq: "Aktivität / MBq", percentIA: "Aktivität / %IA",
    beyond: "nach der letzten Aufnahme", halfLife: "späte Halbwertszeit", use: "den Punkt verwenden bei", whyExclude: "Warum wird der Punkt bei {} h nicht verwendet?", exclude: "Ausschließen", include: "Wieder verwenden", next: "Nächste Region", scaleName: "Achse", unitName: "Einheit",
    signedNote: "Die Verordnung ist unterschrieben; der Fall wird nicht geändert.", ofPoints: "Punkte", massWord: "Masse", curveTable: "Punkte als Tabelle" },
});

// Where a reader was, while the page is open: by case.
const places = new Map();

export async function show(page, path) {
  const base = await api.get("/api/dosimetry", { case: path });
  const view = new Dosimetry(page, path, base);
  view.build();
  return { leave: () => view.end(), keys: (event) => view.key(event) };
}

class Dosimetry {
  constructor(page, path, base) {
    Object.assign(this, { page, path, base });
    this.place = places.get(path) ?? { region: base.regions[0]?.name, isLog: false, isPercent: false };
    places.set(path, this.place);
    this.messages = make("div", { "aria-live": "polite", id: "messages" });
  }

  get index() { return Math.max(0, this.base.regions.findIndex((region) => region.name === this.place.region)); }
  get region() { return this.base.regions[this.index]; }
  end() { this.plot?.end(); this.rest?.end(); }

  key(event) {
    const step = stepOf(event);
    if (step) { event.preventDefault(); this.post(`/api/${step}`, {}); }
    else if (event.target.matches("input, select, button, a")) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = (this.index + (event.key === "ArrowDown" ? 1 : -1) + this.base.regions.length) % this.base.regions.length;
      this.go(this.base.regions[next].name);
    }
  }

  go(name) { this.place.region = name; this.build(); }

  async post(address, body) {
    try {
      await api.post(address, { case: this.path, digest: this.base.digest, ...body });
      this.end();
      this.base = await api.get("/api/dosimetry", { case: this.path });
      this.build();
    } catch (error) { this.messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); }
  }

  change(change) { return this.post("/api/change", { change: { region: this.region.name, ...change } }); }

  build() {
    this.end();
    const { base, region } = this;
    this.page.dataset.digest = base.digest;
    this.messages.replaceChildren(base.signature ? make("p", { class: "small" }, word("signedNote")) : "");
    const box = make("div", { class: "plotpane" });
    const below = make("div", { class: "plotpane residuals" });
    this.page.replaceChildren(make("div", { class: "ds" },
      make("nav", { class: "card regs", "aria-label": word("regions") },
        make("div", { class: "head" }, make("h2", {}, word("regions")), make("span", { class: "end u small" }, "Gy/GBq")),
        base.regions.map((one) => this.regionRow(one))),
      make("section", { class: "card" },
        make("div", { class: "head" }, make("span", { class: `key ${organClass[region.organ] ?? "nu"}` }), make("h2", {}, term(region.name)),
          region.mass ? make("span", { class: "u" }, `${term(region.doseOf)}: ${significant(region.mass.value)} g`) : null,
          make("span", { class: "end" },
            segments(word("scaleName"), [[false, word("linear")], [true, word("log")]], this.place.isLog, (value) => { this.place.isLog = value; this.build(); }),
            segments(word("unitName"), [[false, "MBq"], [true, "%IA"]], this.place.isPercent, (value) => { this.place.isPercent = value; this.build(); }))),
        region.refused ? make("div", { class: "pad" }, refusal(region.refused.reason, region.refused.remedy, severityName("serious"))) : null,
        box, below, this.results()),
      make("aside", { class: "col" }, this.models(), this.points(),
        region.findings.length ? make("div", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("findings"))), make("div", { class: "pad" }, findingList(region.findings, severityName))) : null,
        this.messages,
        base.isPlanned || base.signature ? null : planCard(this.path, word("stale"), () => show(this.page, this.path)),
        make("div", { class: "endb" },
          make("button", { class: "btn", id: "undo", disabled: !base.history.undo, title: base.history.undo ?? "", onclick: () => this.post("/api/undo", {}) }, word("undo")),
          make("button", { class: "btn", id: "redo", disabled: !base.history.redo, title: base.history.redo ?? "", onclick: () => this.post("/api/redo", {}) }, word("redo")),
          make("button", { class: "btn primary", onclick: () => this.go(base.regions[(this.index + 1) % base.regions.length].name) }, word("next"))))));
    this.plot = figure(box, () => this.sentence(), (width, height) => this.draw(width, height));
    this.rest = figure(below, () => word("residual"), (width, height) => this.drawResiduals(width, height));
  }

  regionRow(region) {
    const looks = region.findings.some((finding) => finding.severity !== "info") || region.refused;
    const spark = mark("svg", { class: `plot ${organClass[region.organ] ?? "nu"}`, viewBox: "0 0 68 22", "aria-hidden": "true" });
    if (region.fit) {
      const high = Math.max(...region.fit.map((point) => point[1]));
      spark.append(mark("path", { class: "fit", d: line(region.fit.map((point) => [1 + 66 * point[0] / region.fit.at(-1)[0], 20 - 17 * point[1] / high])) }));
    }
    const dose = region.dose ? withUncertainty(region.dose) : null;
    return make("button", { type: "button", "aria-current": region.name === this.region.name ? "true" : null, onclick: () => this.go(region.name) },
      make("span", {}, make("span", { class: `key ${organClass[region.organ] ?? "nu"}` }), term(region.name), looks ? [" ", icon("caution", severityName("caution"))] : null,
        make("small", {}, dose ? `${dose[0]}${dose[1] ? ` ± ${dose[1]}` : ""}` : "–")), spark);
  }

  sentence() {
    const { region } = this;
    return `${term(region.name)}: ${region.points.length} ${word("ofPoints")}${region.models ? `, ${region.models}, ${word("tia")} ${significant(region.tia.value)} MBq h` : ""}`;
  }

  draw(width, height) {
    const { region, place, base } = this;
    const [left, right, top, bottom] = [46, 14, 22, 8];
    const unit = place.isPercent ? 100 / base.administered.value : 1;
    const end = base.regions.find((one) => one.fit)?.fit.at(-1)[0] ?? Math.max(...region.points.map((point) => point.time)) * 1.4;
    const all = [...region.points, ...region.excluded];
    const values = [...all.map((point) => (point.activity + 2 * (point.standardUncertainty ?? 0)) * unit), ...(region.fit ?? []).map((point) => point[3] * unit)];
    const high = Math.max(...values) * (place.isLog ? 1.5 : 1.06);
    const low = place.isLog ? Math.max(high / 1e4, Math.min(...all.map((point) => point.activity * unit).filter((value) => value > 0), ...(region.fit ?? []).filter((point) => point[0] > 0.5).map((point) => point[2] * unit).filter((value) => value > 0)) / 1.5) : 0;
    const x = scale(0, end, left, width - right);
    const y = scale(low, high, height - bottom, top, place.isLog);
    const clamp = (value) => y(Math.max(low, Math.min(high, value)));
    const marks = [text(word(place.isPercent ? "percentIA" : "activityMBq"), 0, 11, "s")];
    const levels = place.isLog ? [...Array(Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1).keys()].map((step) => 10 ** (Math.floor(Math.log10(low)) + step)).filter((value) => value >= low && value <= high) : ticks(low, high, 6);
    const step = levels.length > 1 ? levels[1] - levels[0] : levels[0] ?? 1;
    for (const level of levels) {
      const decimals = Math.max(0, -Math.floor(Math.log10(place.isLog ? level : step)));
      marks.push(mark("path", { class: "grid", d: `M${left} ${round(y(level))}H${width - right}` }), text(number(level, decimals), left - 5, y(level) + 4, "e"));
    }
    const group = mark("g", { class: organClass[region.organ] ?? "nu" });
    if (region.fit) {
      const fit = region.fit.filter((point) => !place.isLog || point[1] > 0);
      const last = Math.max(...region.points.map((point) => point.time));
      group.append(mark("path", { class: "band", d: `${line([...fit.map((point) => [x(point[0]), clamp(point[3] * unit)]), ...fit.map((point) => [x(point[0]), clamp(point[2] * unit)]).reverse()])}Z` }));
      const tail = fit.filter((point) => point[0] >= last);
      if (tail.length > 1) group.append(mark("path", { class: "tail", d: `${line([[x(tail[0][0]), y(low)], ...tail.map((point) => [x(point[0]), clamp(point[1] * unit)]), [x(tail.at(-1)[0]), y(low)]])}Z` }));
      group.append(mark("path", { class: "fit", d: line(fit.map((point) => [x(point[0]), clamp(point[1] * unit)])) }));
    }
    for (const point of region.points) {
      const sigma = (point.standardUncertainty ?? 0) * 1.96 * unit;
      group.append(mark("path", { class: "err", d: `M${round(x(point.time))} ${round(clamp(point.activity * unit - sigma))}V${round(clamp(point.activity * unit + sigma))}` }),
        mark("circle", { class: "pt", cx: round(x(point.time)), cy: round(clamp(point.activity * unit)), r: 5 }));
    }
    for (const point of region.excluded) group.append(mark("path", { class: "err", d: `M${round(x(point.time) - 4)} ${round(clamp(point.activity * unit) - 4)}l8 8m0 -8l-8 8` }));
    marks.push(group);
    if (region.fit) {
      const at = Math.floor(region.fit.length * 0.55);
      const place2 = [x(region.fit[at][0]) + 14, clamp(region.fit[at][3] * unit) - 26];
      marks.push(mark("g", { class: organClass[region.organ] ?? "nu" }, text(region.models, place2[0], Math.max(top + 12, place2[1]), "lab halo")),
        text(`${word("halfLife")} ${significant(region.effectiveHalfLife.value)} h`, place2[0], Math.max(top + 27, place2[1] + 15), "s halo"));
      const share = region.extrapolatedFraction;
      const last = Math.max(...region.points.map((point) => point.time));
      const at2 = region.fit.findIndex((point) => point[0] >= last);
      marks.push(text(`${number(share * 100, 1)} % ${word("beyond")}`, width - right, Math.min(height - bottom - 40, clamp((region.fit[at2] ?? region.fit.at(-1))[3] * unit) - 22), share > 0.2 ? "warn e halo" : "s e halo"));
    }
    marks.push(mark("path", { class: "axis", d: `M${left} ${height - bottom}H${width - right}` }));
    return marks;
  }

  drawResiduals(width, height) {
    const { region, base } = this;
    const [left, right, top, bottom] = [46, 14, 16, 32];
    const end = base.regions.find((one) => one.fit)?.fit.at(-1)[0] ?? 240;
    const found = region.points.filter((point) => point.residual != null);
    const most = Math.max(2, Math.ceil(Math.max(0, ...found.map((point) => Math.abs(point.residual)))));
    const x = scale(0, end, left, width - right);
    const y = scale(-most, most, height - bottom, top);
    const marks = [text(word("residual"), 0, 10, "s")];
    for (const level of [-most, 0, most]) marks.push(mark("path", { class: "grid", d: `M${left} ${round(y(level))}H${width - right}` }), text(number(level, 0), left - 5, y(level) + 4, "e"));
    marks.push(mark("g", { class: organClass[region.organ] ?? "nu" }, found.map((point) => [
      mark("path", { class: "err", d: `M${round(x(point.time))} ${round(y(0))}V${round(y(point.residual))}` }), mark("circle", { class: "pt", cx: round(x(point.time)), cy: round(y(point.residual)), r: 4 })])));
    const step = end > 120 ? 24 : 12;
    for (let at = 0; at <= end; at += end > 300 ? 48 : step) marks.push(text(`${at}`, x(at), height - 17, "m"));
    marks.push(mark("path", { class: "axis", d: `M${left} ${height - bottom}H${width - right}` }), text(word("hours"), width - right, height - 2, "s e"));
    return marks;
  }

  results() {
    const { region } = this;
    if (!region.tia) return null;
    const item = (name, amount, unit) => {
      const [value, sigma] = withUncertainty(amount);
      return make("div", {}, make("dt", {}, name), make("dd", {}, value, sigma ? make("span", { class: "pm" }, ` ± ${sigma}`) : null, make("span", { class: "u" }, ` ${unit}`)));
    };
    return make("dl", { class: "out" }, item(word("tia"), region.tia, "MBq h"), item(word("coefficient"), region.tiac, "h"),
      make("div", {}, make("dt", {}, word("fitTitle")), make("dd", {}, number(region.chiSquared, 1), make("span", { class: "pm" }, ` / ${region.degreesOfFreedom} ${word("degrees")}`))),
      region.dose ? item(`${word("doseOf")} ${term(region.doseOf)}`, region.dose, "Gy/GBq") : null);
  }

  models() {
    const { region, base } = this;
    const locked = base.signature != null;
    const radio = (value, disabled) => make("input", { type: "radio", name: "model", value, id: `model-${value}`, checked: region.model === value, disabled: locked || disabled, onchange: () => this.change({ kind: "model", model: value }) });
    const rows = region.candidates.map((one) => {
      // What AICc leaves out may still be asked for by name; what cannot describe the curve may not.
      const isRefused = one.refused != null && one.tia == null;
      const tia = one.tia ? withUncertainty(one.tia) : null;
      return make("tr", { class: region.model === one.model ? "on" : "", "data-refused": isRefused },
        make("td", { class: "r" }, radio(one.model, isRefused)), make("th", { scope: "row" }, make("label", { for: `model-${one.model}` }, one.model)), make("td", {}, term(one.meaning)),
        one.chiSquared == null ? make("td", { colspan: 3, title: one.refused ? `${one.refused.reason} ${one.refused.remedy}` : "" }, one.refused ? [icon("refused", severityName("serious")), " ", term(one.refused.reason.split(": ").at(-1))] : "–")
          : [make("td", { class: "n" }, number(one.chiSquared, 1)), make("td", { class: "n" }, one.weight > 0 ? number(one.weight, 3) : make("span", { class: "none", title: one.refused?.reason ?? "" }, "–")),
            make("td", { class: "n" }, tia ? [make("b", {}, tia[0]), tia[1] ? make("span", { class: "pm" }, ` ± ${tia[1]}`) : null] : "–")]);
    });
    return make("div", { class: "card model" }, make("div", { class: "head" }, make("h2", {}, word("model")), make("span", { class: "end" }, make("span", { class: "tag" }, base.criterion))),
      make("table", {}, make("thead", {}, make("tr", {}, make("th", {}), make("th", { colspan: 2 }, word("function")), make("th", { class: "n" }, "χ²"), make("th", { class: "n" }, word("weight")), make("th", { class: "n" }, "TIA / MBq h"))),
        make("tbody", { class: "rows" }, make("tr", { class: region.model === "auto" ? "on" : "" }, make("td", { class: "r" }, radio("auto", false)), make("th", { scope: "row", colspan: 5 }, make("label", { for: "model-auto" }, word("automatic")))), rows)));
  }

  points() {
    const { region, base } = this;
    const locked = base.signature != null;
    const rows = [...region.points.map((point) => ({ ...point, used: true })), ...region.excluded].sort((a, b) => a.time - b.time).map((point) => {
      const sigma = point.standardUncertainty;
      const [value, deviation] = withUncertainty({ value: point.activity, standardUncertainty: sigma });
      const use = make("input", { type: "checkbox", checked: point.used === true, disabled: locked, "aria-label": `${word("use")} ${number(point.time, 1)} h`,
        onchange: () => point.used ? this.askReason(point, use) : this.change({ kind: "include", time: point.time }) });
      return [make("tr", { class: point.used ? "" : "x" }, make("td", { class: "r" }, use), make("td", { class: "n" }, number(point.time, 1)),
        make("td", { class: "n" }, value, deviation ? make("span", { class: "pm" }, ` ± ${deviation}`) : null),
        make("td", { class: "n" }, point.residual == null ? "–" : number(point.residual, 1))),
      point.reason ? make("tr", {}, make("td", {}), make("td", { colspan: 3, class: "pm" }, point.reason)) : null];
    });
    return make("div", { class: "card pts" }, make("div", { class: "head" }, make("h2", {}, word("points")), make("span", { class: "end u small" }, word("excludeNote"))),
      make("table", {}, make("thead", {}, make("tr", {}, make("th", {}), make("th", { class: "n" }, "t / h"), make("th", { class: "n" }, "A / MBq"), make("th", { class: "n" }, "r / σ"))),
        make("tbody", { class: "rows" }, rows)), this.asked = make("div", {}));
  }

  askReason(point, box) {
    const label = word("whyExclude").replace("{}", number(point.time, 1));
    const reason = make("input", { class: "field", id: "why", maxlength: 400, oninput: () => { yes.disabled = reason.value.trim() === ""; } });
    const yes = make("button", { class: "btn primary", disabled: true }, word("exclude"));
    const form = make("form", { class: "pad why-form" }, make("label", { for: "why" }, label), reason, make("div", { class: "actions" }, yes,
      make("button", { class: "btn", type: "button", onclick: () => { box.checked = true; this.asked.replaceChildren(); } }, word("cancel"))));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.change({ kind: "exclude", time: point.time, reason: reason.value.trim() }); });
    this.asked.replaceChildren(form);
    reason.focus();
  }
}
