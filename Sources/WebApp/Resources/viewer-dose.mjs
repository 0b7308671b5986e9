// The absorbed dose in voxels: lines of equal dose over the pictures, histograms of regions beside them, and its computing.
import { follow, get, post } from "./api.mjs";
import { icon, make, refusal, segments } from "./dom.mjs";
import { figure, line, mark, organClass, round, scale, text, ticks } from "./plot.mjs";
import { table } from "./viewer-colour.mjs";
import { labelApart } from "./viewer-overlay.mjs";
import { Regions } from "./viewer-regions.mjs";
import { word } from "./viewer-words.mjs";
import { number, severityName, significant, term } from "./words.mjs";

/** Which of the dose maps is shown at first: what follows the radiation before what does not. */
export const bestDose = (entries) => ["transport", "kernel", "local"].map((method) => entries.find((entry) => entry.description?.includes(method))).find(Boolean) ?? entries[0] ?? null;

/** The colour of a level among others: the larger the dose, the lighter. */
function levelColour(levels, n) {
  const at = 4 * Math.round(255 * (levels.length > 1 ? 0.95 - (0.4 * n) / (levels.length - 1) : 0.8));
  const colours = table("ember");
  return `rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})`;
}

/** Lines of equal dose: the server draws them in the plane of each pane; those that were asked for once are kept. */
export class Isodoses {
  constructor(viewer) {
    Object.assign(this, { viewer, kept: new Map(), asking: new Map(), levels: [] });
  }

  /** Takes a dose map, or none. */
  use(volume) {
    if (this.volume === volume) return;
    this.volume = volume;
    this.setLevels(volume?.isodoses ?? []);
  }

  setLevels(levels) {
    this.levels = levels;
    this.kept.clear();
    this.viewer.redraw();
  }

  /** The map and its levels, for a figure; empty while no line is drawn. */
  get text() {
    const { doseView, doseEntry } = this.viewer;
    return this.volume && doseView !== "none" && this.levels.length ? `${doseEntry.description ?? word("dose")}: ${this.levels.map(levelText).join(", ")} Gy` : "";
  }

  /** The lines in a pane's plane; null until they are there. */
  lines(pane) {
    const at = Math.round(this.viewer.cross[pane.axes[2]] * 100) / 100;
    const key = `${pane.plane} ${at}`;
    if (!this.kept.has(key)) this.ask(pane.plane, at, key);
    return this.kept.get(key) ?? null;
  }

  /** One question a plane at a time; of places that change meanwhile the last is asked for next. */
  async ask(plane, at, key) {
    if (this.asking.has(plane)) return;
    this.asking.set(plane, key);
    const { volume, levels } = this;
    try {
      const found = await get("/api/isodoses", { case: this.viewer.path, series: volume.uid, plane, at, levels: levels.join(",") });
      if (volume === this.volume && levels === this.levels) {
        if (this.kept.size > 400) this.kept.delete(this.kept.keys().next().value);
        this.kept.set(key, found.lines);
      }
    } catch (error) { this.kept.set(key, []); this.viewer.dosePanel.tell(error); }
    this.asking.delete(plane);
    this.viewer.redraw();
  }

  draw(context, pane) {
    if (this.levels.length === 0) return;
    const [h, v] = pane.axes;
    context.lineJoin = "round";
    const names = [];
    (this.lines(pane) ?? []).forEach(({ dose, paths }, n) => {
      const point = [...this.viewer.cross];
      const longest = paths.reduce((a, b) => (b.length > a.length ? b : a), []);
      // Each level is named at another side of its longest line, so that names do not meet.
      const side = [Math.cos(1.2 * n), -Math.sin(1.2 * n)];
      let [anchor, farthest] = [null, -Infinity];
      context.beginPath();
      for (const path of paths) {
        for (let m = 0; m < path.length; m += 2) {
          [point[h], point[v]] = [path[m], path[m + 1]];
          const [x, y] = pane.toScreen(point);
          if (m) context.lineTo(x, y); else context.moveTo(x, y);
          const reach = x * side[0] + y * side[1];
          if (path === longest && reach > farthest && x > 50 && x < pane.width - 60 && y > 8 && y < pane.height - 8) [anchor, farthest] = [[x, y], reach];
        }
      }
      const colour = levelColour(this.levels, n);
      for (const [width, stroke, alpha] of [[3, "#000", 0.45], [1.25, colour, 1]]) {
        Object.assign(context, { lineWidth: width, strokeStyle: stroke, globalAlpha: alpha });
        context.stroke();
      }
      if (!anchor || pane.width <= 200) return;
      const [x, y, align] = [anchor[0] + 6 * side[0], anchor[1] + 8 * side[1], side[0] > 0.3 ? "left" : side[0] < -0.3 ? "right" : "center"];
      names.push({ text: `${levelText(dose)} Gy`, places: [0, 13, -13, 26, -26].map((dy) => [x, y + dy, align]), colour });
    });
    labelApart(context, names, { size: 10, weight: 400 });
  }
}

/** A level with the decimals that it needs. */
function levelText(dose) {
  let digits = 0;
  while (digits < 6 && Math.abs(Number(dose.toFixed(digits)) - dose) > 1e-9 * dose) digits += 1;
  return number(dose, digits);
}

/** The card beside the pictures. */
export class DosePanel {
  constructor(viewer) {
    this.viewer = viewer;
    this.alpha = null;
    this.rows = [];
    this.messages = make("div", { "aria-live": "polite" });
    this.body = make("div", { class: "dosebody" });
    this.plot = make("div", { class: "plotpane dvh" });
    this.list = make("table", { class: "dvhlist" });
    this.element = make("section", { class: "card dose", "aria-label": word("dose") });
    this.figure = figure(this.plot, () => this.sentence(), (width, height) => this.draw(width, height));
  }

  get canCompute() { return this.viewer.emissions.some((entry) => entry.kind === "quantitative SPECT"); }

  end() { this.figure.end(); }

  tell(error) { this.messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); }

  /** Makes the card anew: after another map, view or level. */
  fill() {
    const { viewer } = this;
    const { isodoses, dose } = viewer;
    this.element.hidden = !dose && !this.canCompute;
    const levels = make("input", { class: "field", type: "text", value: isodoses.levels.map(levelText).join("; "), "aria-label": word("isodoses"), onchange: (event) => {
      const found = event.target.value.split(/[;\s]+/).filter(Boolean).map((one) => Number(one.replace(",", ".")));
      const isRight = found.length >= 1 && found.length <= 12 && found.every((one) => Number.isFinite(one) && one > 0);
      event.target.setAttribute("aria-invalid", String(!isRight));
      if (isRight) { isodoses.setLevels([...new Set(found)].sort((a, b) => b - a)); this.fill(); }
    } });
    const legend = mark("svg", { class: "plot isokey", width: 16 + 62 * Math.min(4, isodoses.levels.length), height: 18 * Math.ceil(isodoses.levels.length / 4), role: "img",
      "aria-label": `${word("isodoses")}: ${isodoses.levels.map((level) => `${levelText(level)} Gy`).join(", ")}` },
    ...isodoses.levels.flatMap((level, n) => {
      const [x, y] = [62 * (n % 4), 18 * Math.floor(n / 4) + 10];
      return [mark("path", { d: `M${x} ${y}h14`, stroke: "#000", "stroke-width": 5 }), mark("path", { d: `M${x} ${y}h14`, stroke: levelColour(isodoses.levels, n), "stroke-width": 3 }), text(`${levelText(level)} Gy`, x + 18, y + 4)];
    }));
    const alpha = make("input", { class: "field bound", type: "number", min: 0.001, max: 100, step: "any", value: this.alpha ?? "", "aria-label": word("alphaHelp"), title: word("alphaHelp"),
      onchange: (event) => { this.alpha = event.target.valueAsNumber > 0 ? event.target.valueAsNumber : null; this.asked = null; this.update(); } });
    const view = segments(word("dose"), [["none", word("doseOff")], ["lines", word("doseLines")], ["wash", word("doseWash")]], viewer.doseView, (value) => viewer.setDoseView(value));
    this.element.replaceChildren(make("div", { class: "head" }, make("h2", {}, word("dose")), dose ? make("span", { class: "end" }, view) : null),
      viewer.doses.length > 1 ? make("div", { class: "pad doserows" }, make("label", {}, `${word("doseMap")} `, make("select", { class: "field", onchange: (event) => viewer.setDose(event.target.value) },
        ...viewer.doses.map((entry) => make("option", { value: entry.uid, selected: entry === viewer.doseEntry }, (entry.description ?? "").replace("Absorbed dose, ", "") || entry.kind))))) : "",
      dose && viewer.doseView !== "none" ? make("div", { class: "pad doserows" }, make("label", {}, `${word("isodoses")} / Gy `, levels), legend) : "",
      dose ? this.plot : "", dose ? this.list : "",
      dose ? make("label", { class: "pad small alpha" }, "EUD, α / Gy⁻¹ ", alpha) : "",
      this.canCompute ? this.computing() : "", this.messages);
    if (dose) this.figure.show();
  }

  computing() {
    const method = make("select", { class: "field", "aria-label": word("doseMethod") }, ...["kernel", "local"].map((name) => make("option", { value: name }, word("doseMethods")[name])));
    const start = make("button", { class: "btn", type: "button", id: "voxel-dose", disabled: Boolean(this.job), onclick: () => this.compute(method.value) }, word("computeDose"));
    const cancel = make("button", { class: "btn", type: "button", hidden: !this.job, onclick: () => post("/api/cancel", { job: this.job }) }, word("cancelDose"));
    return make("div", { class: "pad actions" }, method, start, cancel, this.job ? make("span", { class: "small", role: "status" }, word("computing")) : null);
  }

  async compute(method) {
    this.messages.replaceChildren();
    try {
      this.job = (await post("/api/voxel-dose", { case: this.viewer.path, method })).job;
      this.fill();
      const end = (act) => (found) => { this.job = null; act(found); this.fill(); };
      follow(this.job, {
        done: end((found) => { this.findings = found.findings.filter((one) => one.severity !== "info"); this.viewer.listAgain(method); }),
        cancelled: end(() => this.messages.replaceChildren(make("p", { class: "small pad" }, word("doseCancelled")))),
        refused: end((found) => this.messages.replaceChildren(refusal(found.reason, found.remedy, severityName("serious")))),
      });
    } catch (error) { this.tell(error); }
  }

  /** The regions whose doses are told: those of the case, those that are shown, those that are drawn. */
  get regions() {
    const { images, shownStructures, regions } = this.viewer;
    const named = images.structures.filter((name) => images.organs[name] || shownStructures.has(name));
    const drawn = regions.isElsewhere ? [] : regions.list.filter((region) => !region.recipe || region.voxels).map((region) => ({ name: region.name, ...(region.recipe ? { voxels: region.voxels } : Regions.shape(region)) }));
    return { structures: named.length ? named : images.structures.slice(0, 12), regions: drawn };
  }

  /** Asks for the histograms when regions, map or α have changed. */
  update() {
    const { viewer } = this;
    if (!viewer.dose || viewer.isClosed) return;
    const question = { case: viewer.path, series: viewer.dose.uid, ...this.regions, ...(this.alpha ? { alpha: this.alpha } : {}), ...(viewer.regions.frame && viewer.regions.list.length ? { frameOfReference: viewer.regions.frame } : {}) };
    const asked = JSON.stringify(question);
    if (asked === this.asked) return;
    this.asked = asked;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        const found = await post("/api/dose-volume", question);
        if (this.asked !== asked) return;
        this.rows = found.regions;
        this.fillList();
        this.figure.show();
      } catch (error) { this.tell(error); }
    }, 250);
  }

  kind(row) { return organClass[this.viewer.images.organs[row.name]] ?? "nu"; }

  fillList() {
    const value = (amount) => significant(amount.value);
    const heads = [["D98", "d98"], ["D50", "d50"], ["D2", "d2"], [word("mean"), "mean"], ...(this.alpha ? [["EUD", "eud"]] : [])];
    this.list.replaceChildren(make("thead", {}, make("tr", {}, make("th", {}, "Gy"), ...heads.map(([head]) => make("th", { class: "n" }, head)))),
      make("tbody", { class: "rows" }, ...this.rows.map((row) => make("tr", { title: row.volume ? `${value(row.volume)} mL` : "" },
        make("th", { scope: "row" }, make("span", { class: `key ${this.kind(row)}` }), term(row.name)),
        ...(row.refused ? [make("td", { colspan: heads.length }, icon("refused", severityName("serious")), " ", row.refused.reason)] : heads.map(([, key]) => make("td", { class: "n" }, value(row[key]))))))));
  }

  sentence() { return `${word("dvh")}: ${this.rows.filter((row) => row.curve).map((row) => `${term(row.name)} D50 ${significant(row.d50.value)} Gy`).join(", ")}`; }

  /** Share of the volume against the dose. */
  draw(width, height) {
    const rows = this.rows.filter((row) => row.curve);
    if (rows.length === 0) return [];
    const [left, right, top, bottom] = [34, 10, 16, 30];
    const most = Math.max(...rows.map((row) => row.maximum.value), 1e-9);
    const [x, y] = [scale(0, most, left, width - right), scale(0, 1, height - bottom, top)];
    return [text(`${word("dvhShare")} / %`, 0, 9, "s"),
      ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [mark("path", { class: "grid", d: `M${left} ${round(y(share))}H${width - right}` }), text(number(100 * share, 0), left - 4, y(share) + 4, "e")]),
      ...ticks(0, most, 4).map((dose) => text(dose ? levelText(dose) : "0", x(dose), height - 16, "m")),
      text("Gy", width - right, height - 2, "s e"),
      ...rows.map((row) => mark("g", { class: this.kind(row) }, mark("path", { class: `fit${this.viewer.images.organs[row.name] ? "" : " dash"}`, d: line(row.curve.map(([dose, share]) => [x(dose), y(share)])) }))),
      mark("path", { class: "axis", d: `M${left} ${height - bottom}H${width - right}` })];
  }
}
