// The prescription: sliders, gauges against each limit, what decides, and the signature. The server does the mathematics.
import * as api from "./api.mjs";
import { findingList, icon, make, refusal, segments, stepOf } from "./dom.mjs";
import { planCard } from "./planning.mjs";
import { graftFigure, riskFigure, tornadoFigure } from "./prescription-figures.mjs";
import { signatureCard } from "./signature.mjs";
import { addWords, gigabecquerels, nuclideSymbol, number, probability, severityName, significant, term, word } from "./words.mjs";

addWords({
  en: { choose: "Choose", toRisk: "Set to accepted risk", activityName: "Activity", label: "Label", graftAfter: "Graft after therapy", days: "days",
    acceptedRisk: "Accepted risk", aminoAcids: "Amino-acid factor", marrowReading: "Limit of the marrow", limitSet: "Limits", both: "both", kidneysOnly: "kidneys only",
    largestAt: "Largest at", governsOne: "governs", within: "within", above: "above", whatChanges: "What changes", planned: "Plan", now: "Now",
    total: "total", earliest: "Earliest graft", anyLimit: "Any limit exceeded", riskTitle: "Risk of exceeding", graftTitle: "Marrow dose still to come", tornadoTitle: "What decides the activity",
    tornadoNote: "filled: input over its 95 % interval; open: another setting", aboveRisk: "Above the accepted risk.", aboveText: "The probability that a limit is exceeded is", atMost: "At most", keeps: "keep the accepted risk of", needsReason: "Signing needs a reason.",
    tooEarly: "Graft too early.", tooEarlyText: "By the best estimate the marrow dose still to come meets its limit on day", translated: "Another label.", translatedText: "It is taken to have the biology of the measured one.",
    keep: "Keep in the case", undo: "Undo", redo: "Redo", back: "As in the case", notMet: "not within a year", unverified: "A constant that is not verified takes part." },
  de: { choose: "Wählen", toRisk: "Auf akzeptiertes Risiko setzen", activityName: "Aktivität", label: "Markierung", graftAfter: "Transplantation nach Therapie", days: "Tage",
    acceptedRisk: "Akzeptiertes Risiko", aminoAcids: "Aminosäurefaktor", marrowReading: "Grenzwert am Knochenmark", limitSet: "Grenzwerte", both: "beide", kidneysOnly: "nur Nieren",
    largestAt: "Größte Aktivität bei", governsOne: "maßgebend", within: "innerhalb", above: "darüber", whatChanges: "Was sich ändert", planned: "Plan", now: "Jetzt",
    total: "gesamt", earliest: "Früheste Transplantation", anyLimit: "Irgendein Grenzwert überschritten", riskTitle: "Risiko der Überschreitung", graftTitle: "Noch ausstehende Knochenmarkdosis", tornadoTitle: "Was die Aktivität bestimmt",
    tornadoNote: "gefüllt: Eingabe über ihr 95-%-Intervall; offen: andere Einstellung", aboveRisk: "Über dem akzeptierten Risiko.", aboveText: "Wahrscheinlichkeit, einen Grenzwert zu überschreiten:", atMost: "Höchstens", keeps: "halten das akzeptierte Risiko ein:", needsReason: "Die Unterschrift braucht einen Grund.",
    tooEarly: "Transplantation zu früh.", tooEarlyText: "Nach bestem Schätzwert hält die noch ausstehende Knochenmarkdosis ihren Grenzwert erst ein ab Tag", translated: "Andere Markierung.", translatedText: "Ihr wird die Biologie der gemessenen unterstellt.",
    keep: "Im Fall behalten", undo: "Rückgängig", redo: "Wiederholen", back: "Wie im Fall", notMet: "nicht binnen eines Jahres", unverified: "Eine nicht verifizierte Konstante ist beteiligt." },
});

export async function show(page, path) {
  let base;
  try { base = await api.get("/api/prescription", { case: path }); } catch (error) {
    // Inputs that can no longer be read: what was signed is shown all the same.
    const { signature } = await api.get("/api/signature", { case: path });
    if (!signature) throw error;
    const view = { base: { signature }, path, end: () => {}, reload: () => show(page, path) };
    page.replaceChildren(make("div", { class: "narrow" }, refusal(error.message, error.remedy, severityName("serious")), signatureCard(view)));
    return {};
  }
  const reload = () => show(page, path);
  if (!base.prescription?.activity) {
    const why = base.prescription?.refused ?? {};
    page.replaceChildren(make("div", { class: "narrow" }, refusal(why.reason ?? "", why.remedy, severityName("serious")),
      base.isPlanned ? null : planCard(path, word("stale"), reload), ...findingList(base.findings, severityName)));
    return {};
  }
  const view = new Prescription(page, path, base, reload);
  await view.begin();
  return { leave: () => view.end(), keys: (event) => view.key(event) };
}

class Prescription {
  constructor(page, path, base, reload) {
    Object.assign(this, { page, path, base, reload, answer: null, plan: null, asking: false, again: false });
    this.kept = { label: base.measured, day: base.choice.day, risk: base.choice.risk ?? 0.05, factor: base.choice.factor, reading: base.choice.reading, limits: base.choice.limits };
    this.choice = { ...this.kept, activity: null };
  }

  async begin() {
    this.plan = await this.ask(this.choice);
    this.answer = this.plan;
    this.build();
    this.fill();
  }

  end() { for (const one of this.figures) one.end(); }

  key(event) {
    const step = stepOf(event);
    if (step) { event.preventDefault(); this.step(step); }
  }

  ask(choice) {
    const fields = { case: this.path, activity: choice.activity, day: choice.day, risk: choice.risk, factor: choice.factor, limits: choice.limits };
    if (choice.label !== this.base.measured) fields.label = choice.label;
    if (choice.reading !== this.kept.reading) fields.reading = choice.reading;
    return api.get("/api/what-if", fields);
  }

  // One question at a time; while it is under way only the newest choice waits.
  async change(changes) {
    Object.assign(this.choice, changes);
    this.showChoice();
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    this.page.setAttribute("aria-busy", "true");
    try {
      do {
        this.again = false;
        this.answer = await this.ask(this.choice);
      } while (this.again);
      this.fill();
    } catch (error) {
      this.messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious")));
    }
    this.asking = false;
    this.page.setAttribute("aria-busy", "false");
  }

  slider(id, label, attributes, changed) {
    const output = make("output", { for: id });
    const input = make("input", { type: "range", id, ...attributes, oninput: () => changed(Number(input.value)) });
    return { input, output, row: make("div", { class: "row" }, make("label", { for: id }, label), output, input) };
  }

  build() {
    const { base } = this;
    this.big = make("output", { for: "activity" });
    this.activity = make("input", { type: "range", id: "activity", min: 0.01, step: 0.01, oninput: () => this.change({ activity: Number(this.activity.value) }) });
    this.largest = make("small", { id: "largest" });
    this.day = this.slider("day", word("graftAfter"), { min: base.days[0], max: base.days[1], step: 1, value: this.choice.day }, (day) => this.change({ day }));
    this.risk = this.slider("risk", word("acceptedRisk"), { min: 1, max: 20, step: 1, value: this.choice.risk * 100 }, (value) => this.change({ risk: value / 100 }));
    this.labels = make("div", { class: "row" });
    this.factors = make("div", { class: "row" });
    this.limitSet = make("div", { class: "row" });
    this.readings = make("select", { class: "field", id: "reading", onchange: () => this.change({ reading: this.readings.value, activity: null }) },
      base.readings.map((reading) => make("option", { value: reading.id, selected: reading.id === this.choice.reading }, `${reading.id}  ${term(reading.meaning)}`)));
    this.keep = make("button", { class: "btn", id: "keep", onclick: () => this.save() }, word("keep"));
    this.undo = make("button", { class: "btn quiet", id: "undo", disabled: !base.history.undo, title: base.history.undo ?? "", onclick: () => this.step("undo") }, word("undo"));
    this.redo = make("button", { class: "btn quiet", id: "redo", disabled: !base.history.redo, title: base.history.redo ?? "", onclick: () => this.step("redo") }, word("redo"));
    this.gauges = make("div", { class: "card", id: "gauges" });
    this.changes = make("tbody");
    this.messages = make("div", { "aria-live": "polite", id: "messages" });
    this.boxes = [0, 1, 2].map(() => make("div", { class: "f" }));
    this.figures = [riskFigure(this.boxes[0], this), graftFigure(this.boxes[1], this), tornadoFigure(this.boxes[2], this)];
    const titled = (title, box, note) => make("div", { class: "card" }, make("div", { class: "head" }, make("h2", {}, title), note ? make("span", { class: "end small" }, note) : null), box);
    this.page.replaceChildren(make("div", { class: "pr" },
      make("section", { class: "card", "aria-label": word("choose") },
        make("div", { class: "head" }, make("h2", {}, word("choose")), make("span", { class: "end" },
          make("button", { class: "btn", id: "best", onclick: () => this.change({ activity: null }) }, word("toRisk")))),
        make("div", { class: "ctl" },
          make("div", { class: "row act" }, make("label", { for: "activity" }, word("activityName")), this.big, this.activity, this.largest),
          this.labels, this.day.row, this.risk.row, this.factors,
          make("div", { class: "row" }, make("label", { for: "reading" }, word("marrowReading")), make("small", {}, "A7-1"), this.readings),
          this.limitSet, make("div", { class: "actions" }, this.keep, this.undo, this.redo))),
      make("section", {}, this.gauges, make("div", { class: "figs" },
        titled(word("riskTitle"), this.boxes[0]), titled(word("graftTitle"), this.boxes[1]), titled(word("tornadoTitle"), this.boxes[2], word("tornadoNote")))),
      make("aside", {},
        make("div", { class: "card chg" }, make("div", { class: "head" }, make("h2", {}, word("whatChanges"))),
          make("table", {}, make("thead", {}, make("tr", {}, make("th", {}), make("th", { class: "n" }, word("planned")), make("th", { class: "n" }, word("now")))), this.changes)),
        this.messages,
        base.isPlanned || base.signature ? null : planCard(this.path, word("stale"), this.reload),
        this.sign = signatureCard(this))));
  }

  showChoice() {
    const { choice } = this;
    this.day.output.textContent = `${number(choice.day, 0)} ${word("days")}`;
    this.risk.output.textContent = `${number(choice.risk * 100, 0)} %`;
    this.day.input.value = choice.day;
    this.risk.input.value = choice.risk * 100;
    this.labels.replaceChildren(make("span", {}, word("label")), make("span"), segments(word("label"),
      this.base.labels.map((name) => [name, nuclideSymbol(name)]), choice.label, (label) => this.change({ label, activity: null })));
    const factors = [...new Set([1, 0.8, 0.64, this.kept.factor])].sort((a, b) => b - a);
    this.factors.replaceChildren(make("span", {}, word("aminoAcids")), make("small", {}, "A7-3"), segments(word("aminoAcids"),
      factors.map((factor) => [factor, factor === 1 ? "1" : number(factor, 2)]), choice.factor, (factor) => this.change({ factor })));
    this.limitSet.replaceChildren(make("span", {}, word("limitSet")), make("small", {}, "A7-2"), segments(word("limitSet"),
      [["both", word("both")], ["kidneys", word("kidneysOnly")]], choice.limits, (limits) => this.change({ limits })));
    this.keep.disabled = this.base.signature != null || !this.differs();
  }

  // The label and the activity belong to the signature, the rest to the case.
  differs() { return ["day", "risk", "factor", "reading", "limits"].some((name) => this.choice[name] !== this.kept[name]); }

  async save() {
    const change = { kind: "choice" };
    for (const name of ["day", "risk", "factor", "reading", "limits"]) if (this.choice[name] !== this.kept[name]) change[name] = this.choice[name];
    await this.post("/api/change", { change });
  }

  step(which) { return this.post(`/api/${which}`, {}); }

  async post(address, body) {
    try {
      await api.post(address, { case: this.path, digest: this.base.digest, ...body });
      this.end();
      await this.reload();
    } catch (error) { this.messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); }
  }

  fill() {
    const { answer } = this;
    this.activity.max = answer.end.value;
    this.activity.value = answer.activity.value;
    this.activity.setAttribute("aria-valuetext", `${gigabecquerels(answer.activity.value)} GBq`);
    this.big.replaceChildren(gigabecquerels(answer.activity.value), make("small", {}, ` GBq ${nuclideSymbol(answer.label)}`));
    this.largest.textContent = `${word("largestAt")} ${number(answer.acceptedRisk * 100, 0)} %: ${gigabecquerels(answer.largest.value)} GBq`;
    this.showChoice();
    this.gauges.replaceChildren(...answer.limits.map((limit) => gauge(limit, limit.name === answer.governing, answer.acceptedRisk)));
    this.fillChanges();
    this.fillMessages();
    for (const one of this.figures) one.show();
    this.sign.update();
  }

  fillChanges() {
    const rows = [];
    const row = (name, before, now, unit) => rows.push(make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "n" }, before),
      make("td", { class: "n" }, now, unit ? make("span", { class: "u" }, ` ${unit}`) : null)));
    const { plan, answer } = this;
    row(word("activityName"), gigabecquerels(plan.activity.value), gigabecquerels(answer.activity.value), "GBq");
    row(word("anyLimit"), probability(plan.probabilityOfExceedingAny), probability(answer.probabilityOfExceedingAny), "");
    for (const limit of answer.limits.filter((one) => one.organ === "marrow" && !one.reading.startsWith("total"))) {
      const before = plan.limits.find((one) => one.name === limit.name);
      row(term(limit.name), before ? significant(before.dose.value) : "–", significant(limit.dose.value), "Gy");
    }
    for (const dose of answer.doses) {
      const before = plan.doses.find((one) => one.name === dose.name);
      row(dose.name === "Marrow" ? `${term(dose.name)}, ${word("total")}` : term(dose.name), before ? significant(before.dose.value) : "–", significant(dose.dose.value), "Gy");
    }
    const day = (one) => one.earliestGraft ? number(Math.ceil(one.earliestGraft.value * 10) / 10, 1) : "–";
    row(word("earliest"), day(plan), day(answer), "d");
    this.changes.replaceChildren(...rows);
  }

  fillMessages() {
    const { answer } = this;
    const found = [];
    if (answer.isAboveRisk) found.push({ severity: "serious", title: word("aboveRisk"), text: `${word("aboveText")} ${probability(answer.probabilityOfExceedingAny)}. ${word("atMost")} ${gigabecquerels(answer.largest.value)} GBq ${word("keeps")} ${number(answer.acceptedRisk * 100, 0)} %. ${word("needsReason")}` });
    if (answer.isGraftTooEarly) found.push({ severity: "caution", title: word("tooEarly"), text: `${word("tooEarlyText")} ${number(Math.ceil(answer.earliestGraft.value * 10) / 10, 1)}.` });
    if (answer.label !== answer.measured) found.push({ severity: "caution", title: word("translated"), text: word("translatedText") });
    const state = JSON.stringify(found.map((one) => one.title));
    if (state === this.shown && found.length > 0) {
      this.messages.querySelectorAll("p").forEach((part, index) => part.replaceChildren(make("b", {}, `${found[index].title} `), found[index].text));
      return;
    }
    this.shown = state;
    this.messages.replaceChildren(...findingList(found, severityName));
  }
}

// The limit stands at the same place in every gauge, so that they compare.
function gauge(limit, governs, risk) {
  const width = 220;
  const place = (value) => 4 + Math.min(value / (limit.limit.value * 1.55), 1) * (width - 8);
  const isAbove = limit.probabilityOfExceeding > risk + 0.0005;
  const state = isAbove ? "serious" : "ok";
  const space = "http://www.w3.org/2000/svg";
  const mark = (name, attributes, content) => {
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (content) element.textContent = content;
    return element;
  };
  const dose = limit.dose.value;
  const [low, high] = limit.interval95;
  const svg = mark("svg", { class: `plot ${{ kidneys: "kl", marrow: "ma", liver: "li", spleen: "sp" }[limit.organ] ?? "ac"}`, viewBox: `0 0 ${width} 46`, role: "img",
    "aria-label": `${term(limit.name)}: ${significant(dose)} Gy (95 %: ${significant(low)}–${significant(high)}) / ${number(limit.limit.value, 1)} Gy` });
  svg.append(mark("rect", { class: "well", x: 4, y: 15, width: width - 8, height: 14, rx: 2 }),
    mark("rect", { class: "over", x: place(limit.limit.value), y: 15, width: width - 4 - place(limit.limit.value), height: 14 }),
    mark("rect", { class: "bar", x: 4, y: 15, width: Math.max(1, place(dose) - 4), height: 14, rx: 2 }),
    mark("path", { class: "whisker", d: `M${place(low)} 22H${place(high)}M${place(low)} 18v8M${place(high)} 18v8` }),
    mark("path", { class: "limit", d: `M${place(limit.limit.value)} 10V34` }),
    mark("text", { class: "limit-t m", x: place(limit.limit.value), y: 44 }, `${significant(limit.limit.value, 3)} Gy`), mark("text", { class: "s", x: 4, y: 44 }, "0"));
  return make("div", { class: `ga${governs ? " gv" : ""}`, "data-limit": limit.name },
    make("h3", {}, term(limit.name), make("small", {}, governs ? make("b", {}, `${word("governsOne")}, `) : null, term(limit.reading))),
    svg,
    make("p", { class: "v" }, make("span", { class: limit.unverified ? "unv" : "", title: limit.unverified ? word("unverified") : null }, significant(dose)), make("span", { class: "u" }, " Gy"),
      make("small", {}, `${significant(low)}–${significant(high)}`)),
    make("span", { class: `tag ${state} p` }, icon(state, severityName(state)), `${probability(limit.probabilityOfExceeding)} ${word(isAbove ? "above" : "within")}`));
}
