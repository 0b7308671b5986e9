// Planar scans: anterior and posterior side by side, regions and their backgrounds, and the activities they give.
import { answer, get, post } from "./api.mjs";
import { icon, make, refusal, segments, stepOf } from "./dom.mjs";
import { control } from "./form.mjs";
import { isInside, move, outline, resize, rounded } from "./planar-shapes.mjs";
import { table } from "./viewer-colour.mjs";
import { label, labelApart } from "./viewer-overlay.mjs";
import { word as wordOfViewer } from "./viewer-words.mjs";
import { addWords, number, severityName, significant, term, withUncertainty, word as wordOfFrame } from "./words.mjs";

addWords({
  en: { planarWords: {
    planarPage: "Planar scans", anterior: "Anterior", posterior: "Posterior, seen from the front", scan: "Scan", background: "Background",
    planarActivity: "Activity / MBq", brightness: "Darkest at", countsUnit: "counts", planarSaved: "Saved in the case's file of regions", newShape: "Draw anew",
    withBackground: "Region", drawHelp: "Click the corners of the new outline; Enter or a double click closes it, Esc leaves.",
    moveHelp: "Drag inside to move, at a handle to resize. Alt + arrows move by one pixel, Alt + + and − resize.", measuring: "Measuring", frontBack: "net counts/s, anterior and posterior",
    notAbove: "not above background", draw: "Draw", toDraw: "Still to be drawn", drawBackground: "Draw a background", removeRegion: "Remove", noneYet: "Nothing is drawn yet. Choose a region of the case and click its corners on either view.",
    given: "What is known of it",
  } },
  de: { planarWords: {
    planarPage: "Planare Szintigramme", anterior: "Anterior", posterior: "Posterior, von vorn gesehen", scan: "Aufnahme", background: "Untergrund",
    planarActivity: "Aktivität / MBq", brightness: "Schwarz bei", countsUnit: "Impulse", planarSaved: "Gesichert in der Regionendatei des Falls", newShape: "Neu zeichnen",
    withBackground: "Region", drawHelp: "Ecken der neuen Kontur anklicken; Enter oder Doppelklick schließt, Esc bricht ab.",
    moveHelp: "Innen ziehen verschiebt, am Griff ziehen ändert die Größe. Alt + Pfeile bewegen um ein Pixel, Alt + + und − ändern die Größe.", measuring: "Wird gemessen", frontBack: "Netto-Impulse/s, anterior und posterior",
    notAbove: "nicht über dem Untergrund", draw: "Zeichnen:", toDraw: "Noch zu zeichnen", drawBackground: "Untergrund zeichnen", removeRegion: "Entfernen", noneYet: "Noch ist nichts gezeichnet. Eine Region des Falls wählen und ihre Ecken in einer der Ansichten anklicken.",
    given: "Was über sie bekannt ist",
  } },
});

const word = (name) => wordOfFrame("planarWords")[name] ?? wordOfViewer(name);
const copy = (value) => JSON.parse(JSON.stringify(value));
/** Parts of a region that are drawn, or told by its name. */
const shapes = ["name", "polygons", "box", "ellipse", "spills", "background"];

function uncertain(point) {
  const [value, sigma] = withUncertainty({ value: point.activityMBq, standardUncertainty: point.sdMBq });
  return [value, make("span", { class: "pm" }, ` ± ${sigma ?? "–"}`)];
}

class Planar {
  constructor(path, document, kept) {
    Object.assign(this, { path, scans: document.scans, findings: document.findings, names: document.names, schema: document.regionSchema, content: kept.content, digest: kept.digest });
    [this.done, this.undone, this.counts] = [[], [], new Map()];
    this.scan = 0;
    this.chosen = this.content?.regions[0]?.name ?? null;
    this.part = "region";
    this.darkest = Math.max(1, this.scans[0].maximum / 2);
    this.state = "saved";
  }

  get region() { return this.content?.regions.find((one) => one.name === this.chosen); }

  get shape() { return this.part === "background" ? this.region?.background : this.region; }

  /** What is left to draw of what the case wants. */
  get missing() { return this.names.filter((name) => !this.content?.regions.some((one) => one.name === name)); }

  /** A state to come back to; that of no region at all is none, for a drawing holds one. */
  keep() { if (this.content) this.done.push(copy(this.content)); this.undone = []; }

  back(from, to) {
    if (from.length === 0) return;
    to.push(copy(this.content));
    this.content = from.pop();
    this.form = null;
    if (!this.region) this.chosen = this.content.regions[0].name;
    this.touch();
  }

  touch() {
    this.draw();
    clearTimeout(this.timer);
    this.state = "changed";
    this.timer = setTimeout(() => this.save(), 350);
    this.fill();
  }

  async save() {
    if (this.isBusy) { this.isStale = true; return; }
    this.isBusy = true;
    this.state = "saving";
    this.fill();
    try {
      const measured = this.measure();
      this.digest = (await post("/api/planar/regions", { case: this.path, content: this.content, seen: this.digest ?? undefined })).digest;
      [this.state, this.problem] = ["saved", null];
      await measured;
    } catch (error) { [this.state, this.problem] = ["failed", error]; }
    this.isBusy = false;
    if (this.isStale) { this.isStale = false; this.save(); }
    this.fill();
  }

  async measure() {
    if (!this.content) return;
    this.isMeasuring = true;
    try {
      this.found = await post("/api/planar/measure", { case: this.path, content: this.content });
      this.unmeasured = null;
    } catch (error) { [this.found, this.unmeasured] = [null, error]; } finally { this.isMeasuring = false; }
    this.fill();
  }

  /** Anterior and posterior counts of a scan. */
  async open(scan) {
    this.scan = scan;
    if (!this.counts.has(scan)) {
      const response = await answer(`/api/planar/counts?case=${encodeURIComponent(this.path)}&scan=${scan}`);
      const values = new Float32Array(await response.arrayBuffer());
      this.counts.set(scan, [values.subarray(0, values.length / 2), values.subarray(values.length / 2)]);
    }
    this.draw();
    this.fill();
  }

  draw() {
    const views = this.counts.get(this.scan);
    if (!views || this.isClosed) return;
    this.panes.forEach((pane, n) => this.drawView(pane, views[n], n));
  }

  drawView(pane, values, which) {
    const { columns, rows } = this.scans[this.scan];
    const { clientWidth: width, clientHeight: height } = pane.element;
    const ratio = devicePixelRatio;
    pane.canvas.width = Math.round(width * ratio);
    pane.canvas.height = Math.round(height * ratio);
    const context = pane.canvas.getContext("2d", { alpha: false });
    context.scale(ratio, ratio);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    const picture = new ImageData(columns, rows);
    const [pixels, colours] = [new Uint32Array(picture.data.buffer), new Uint32Array(table("inverted").buffer)];
    for (let n = 0; n < values.length; n += 1) pixels[n] = colours[Math.min(255, Math.round((255 * values[n]) / this.darkest))];
    const scratch = new OffscreenCanvas(columns, rows);
    scratch.getContext("2d").putImageData(picture, 0, 0);
    const scale = Math.min((width - 16) / columns, (height - 16) / rows) * (this.zoom ?? 1);
    const shift = this.offset ?? [0, 0];
    Object.assign(pane, { scale, left: (width - columns * scale) / 2 + shift[0], top: (height - rows * scale) / 2 + shift[1] });
    context.imageSmoothingQuality = "high";
    context.drawImage(scratch, pane.left, pane.top, columns * scale, rows * scale);
    const at = ([x, y]) => [pane.left + (x + 0.5) * scale, pane.top + (y + 0.5) * scale];
    const names = [];
    for (const region of this.content?.regions ?? []) {
      const isChosen = region.name === this.chosen;
      for (const [shape, isBackground] of [[region.background, true], [region, false]]) {
        if (!shape || (isBackground && !isChosen)) continue;
        context.strokeStyle = isChosen ? "#b3261e" : "#0b5f6e";
        context.setLineDash(isBackground ? [5, 4] : []);
        context.lineWidth = isChosen ? 2 : 1.5;
        for (const polygon of outline(shape)) {
          context.beginPath();
          polygon.forEach((point, n) => context[n ? "lineTo" : "moveTo"](...at(point)));
          context.closePath();
          context.stroke();
        }
      }
      context.setLineDash([]);
      const points = outline(region).flat().map(at);
      const [left, right] = [Math.min, Math.max].map((most) => most(...points.map(([x]) => x)));
      const [top, bottom] = [Math.min, Math.max].map((most) => most(...points.map(([, y]) => y)));
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      // Above, below, within, beside: where no other name stands.
      const places = [[x, top - 9, "center"], [x, bottom + 10, "center"], [x, y, "center"], [right + 6, y, "left"], [left - 6, y, "right"]];
      names.push({ text: term(region.name), places, colour: isChosen ? "#8c1d18" : "#14191f" });
    }
    labelApart(context, names, { halo: "#fff" });
    if (this.shape && !this.drawn) {
      const points = outline(this.shape).flat();
      const corner = [Math.max(...points.map((p) => p[0])), Math.max(...points.map((p) => p[1]))];
      const [x, y] = at(corner);
      context.fillStyle = "#8c1d18";
      context.fillRect(x - 4, y - 4, 8, 8);
      pane.handle = [x, y];
    }
    if (this.drawn) {
      context.strokeStyle = "#8c1d18";
      context.lineWidth = 2;
      context.beginPath();
      this.drawn.forEach((point, n) => context[n ? "lineTo" : "moveTo"](...at(point)));
      context.stroke();
      for (const point of this.drawn) { const [x, y] = at(point); context.fillStyle = "#8c1d18"; context.fillRect(x - 3, y - 3, 6, 6); }
    }
    label(context, word(which ? "posterior" : "anterior"), 8, 12, { colour: "#14191f", halo: "#fff", size: 12 });
    label(context, "R", 10, height / 2, { colour: "#333d47", halo: "#fff", size: 12 });
    label(context, "L", width - 10, height / 2, { colour: "#333d47", halo: "#fff", align: "right", size: 12 });
    const bar = (100 / this.scans[this.scan].pixelMm) * scale;
    context.strokeStyle = "#333d47";
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(12, height - 18); context.lineTo(12, height - 14); context.lineTo(12 + bar, height - 14); context.lineTo(12 + bar, height - 18);
    context.stroke();
    label(context, "10 cm", 18 + bar, height - 15, { colour: "#333d47", halo: "#fff", weight: 400 });
  }

  listen(pane) {
    let drag = null;
    const at = (event) => [(event.offsetX - pane.left) / pane.scale - 0.5, (event.offsetY - pane.top) / pane.scale - 0.5];
    pane.canvas.addEventListener("pointerdown", (event) => {
      pane.canvas.setPointerCapture(event.pointerId);
      const point = at(event);
      if (this.drawn) { this.drawn.push(point.map(rounded)); this.draw(); return; }
      if (pane.handle && Math.hypot(event.offsetX - pane.handle[0], event.offsetY - pane.handle[1]) < 10) { this.keep(); drag = { point, isSize: true }; return; }
      const hit = this.shape && isInside(outline(this.shape), ...point) ? this.region : this.content?.regions.find((region) => isInside(outline(region), ...point));
      if (hit) {
        if (hit.name !== this.chosen) { this.chosen = hit.name; this.part = "region"; }
        this.keep();
        drag = { point };
        this.draw();
        this.fill();
      } else drag = { pan: [event.offsetX, event.offsetY] };
    });
    pane.canvas.addEventListener("pointermove", (event) => {
      if (!drag) return;
      if (drag.pan) {
        this.offset = [0, 1].map((n) => (this.offset ?? [0, 0])[n] + (n ? event.offsetY : event.offsetX) - drag.pan[n]);
        drag.pan = [event.offsetX, event.offsetY];
        this.draw();
        return;
      }
      const point = at(event);
      (drag.isSize ? resize : move)(this.shape, point[0] - drag.point[0], point[1] - drag.point[1]);
      if (!this.shape.box || Math.hypot(point[0] - drag.point[0], point[1] - drag.point[1]) >= 1) drag.point = point;
      this.touch();
    });
    pane.canvas.addEventListener("pointerup", () => { drag = null; });
    pane.canvas.addEventListener("dblclick", () => this.close());
    pane.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom = Math.min(8, Math.max(1, (this.zoom ?? 1) * (event.deltaY < 0 ? 1.1 : 1 / 1.1)));
      if (this.zoom === 1) this.offset = [0, 0];
      this.draw();
    }, { passive: false });
  }

  /** Puts what was drawn in the place of the chosen shape. */
  close() {
    const { drawn: points, added } = this;
    [this.drawn, this.added] = [null, null];
    if (points?.length >= 3 && (added || this.region)) {
      this.keep();
      if (added) {
        this.content ??= { format: "endora-planar-regions-1", regions: [] };
        this.content.regions.push({ name: added, attenuation: "thickness" });
        [this.chosen, this.part] = [added, "region"];
      } else if (this.part === "background") this.region.background ??= { scaling: "thickness" };
      const target = this.shape;
      delete target.ellipse;
      delete target.box;
      target.polygons = [points];
      this.touch();
    } else this.draw();
    this.fill();
  }

  keys(event) {
    const isTyping = event.target.matches?.("input, select");
    const key = event.key.toLowerCase();
    const arrow = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] }[key];
    const step = stepOf(event);
    if (step === "redo") this.back(this.undone, this.done); else if (step) this.back(this.done, this.undone); else if (isTyping || event.ctrlKey || event.metaKey) return;
    else if (event.altKey && arrow && this.shape) { this.keep(); move(this.shape, ...arrow); this.touch(); } else if (event.altKey && ["+", "=", "-"].includes(key) && this.shape) { this.keep(); const by = key === "-" ? -1 : 1; resize(this.shape, by, by); this.touch(); } else if (/^[1-9]$/.test(key) && this.scans[key - 1]) this.open(key - 1);
    else if (key === "n" && this.content) {
      const { regions } = this.content;
      this.chosen = regions[(regions.findIndex((one) => one.name === this.chosen) + (event.shiftKey ? -1 : 1) + regions.length) % regions.length].name;
      this.part = "region";
      this.draw();
      this.fill();
    } else if (key === "enter" && this.drawn) this.close();
    else if (key === "escape") { [this.drawn, this.added] = [null, null]; if (!this.shape) this.part = "region"; this.draw(); this.fill(); } else return;
    event.preventDefault();
  }

  /** Begins an outline: of a region that is not drawn yet, of a background, or anew. */
  begin(part, added) {
    Object.assign(this, { drawn: [], added: added ?? null, part });
    this.draw();
    this.fill();
  }

  remove() {
    this.keep();
    this.content.regions = this.content.regions.filter((one) => one.name !== this.chosen);
    [this.chosen, this.part] = [this.content.regions[0].name, "region"];
    this.touch();
  }

  /** Attenuation, thicknesses and the rule of the background of the chosen region; kept while another part of the page changes. */
  given() {
    const { region } = this;
    const state = `${region.name} ${Boolean(region.background)}`;
    if (this.form?.state === state) return this.form.element;
    const problem = make("div", { class: "problem", role: "status" });
    const scaling = this.schema.properties.background.properties.scaling;
    const parts = { ...this.schema, required: ["attenuation"], properties: { ...this.schema.properties, ...(region.background ? { scaling } : {}) } };
    const input = control(parts, { ...region, scaling: region.background?.scaling }, { label: term(region.name), without: shapes, shows: ["bodyThickness_cm", "organThickness_cm", "scaling"], changed: () => {
      let found;
      try { found = input.read(); } catch (error) { problem.textContent = error.message; return; }
      problem.replaceChildren();
      this.keep();
      const target = this.region;
      for (const name of Object.keys(this.schema.properties)) if (!shapes.includes(name)) { if (found[name] === undefined) delete target[name]; else target[name] = found[name]; }
      if (target.background) { if (found.scaling === undefined) delete target.background.scaling; else target.background.scaling = found.scaling; }
      this.touch();
    } });
    this.form = { state, element: make("div", { class: "pad", id: "given" }, make("h3", {}, word("given")), input.element, problem) };
    return this.form.element;
  }

  fill() {
    if (this.isClosed) return;
    const focused = document.activeElement;
    const regions = this.content?.regions ?? [];
    const state = { saved: "planarSaved", changed: "changedState", saving: "saving", failed: "failed" }[this.state];
    const rows = regions.map((region) => {
      const point = this.found?.regions.find((one) => one.name === region.name)?.measurements[this.scan];
      const choose = () => { Object.assign(this, { chosen: region.name, part: "region", drawn: null, added: null }); this.draw(); this.fill(); };
      return make("tr", { class: region.name === this.chosen ? "on" : "", onclick: choose },
        make("th", { scope: "row" }, make("button", { class: "name", type: "button", "aria-pressed": String(region.name === this.chosen), onclick: choose }, term(region.name))),
        make("td", { class: "n" }, point ? (point.activityMBq == null ? word("notAbove") : uncertain(point)) : this.isMeasuring ? "…" : "–"),
        make("td", { class: "n pm" }, point ? `${significant(point.frontCps)} / ${significant(point.backCps)}` : "–"));
    });
    const chosen = this.region;
    this.side.replaceChildren(...[
      make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("regions")), make("span", { class: "end small", "aria-live": "polite", "data-state": this.state }, this.content ? word(state) : "")),
        this.problem ? refusal(this.problem.message, this.problem.remedy, word("failed")) : null,
        this.unmeasured ? refusal(this.unmeasured.message, this.unmeasured.remedy, severityName("caution")) : null,
        regions.length === 0 ? make("p", { class: "small pad" }, word("noneYet")) : null,
        regions.length && make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, word("region")), make("th", { class: "n" }, word("planarActivity")), make("th", { class: "n", title: word("frontBack") }, "A / P s⁻¹"))), make("tbody", { class: "rows" }, ...rows)) || null,
        regions.length ? make("p", { class: "small pad" }, word("frontBack")) : null,
        this.missing.length ? make("div", { class: "pad acts", id: "missing", role: "group", "aria-label": word("toDraw") }, this.missing.map((name) => make("button", { class: "btn", type: "button", "data-name": name, "aria-pressed": String(this.added === name), onclick: () => this.begin("region", name) }, `${word("draw")} ${term(name)}`))) : null,
        this.added ? make("p", { class: "small pad", role: "status" }, word("drawHelp")) : null),
      chosen && !this.added ? make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, term(chosen.name))),
        make("div", { class: "pad acts" }, segments(term(chosen.name), [["region", word("withBackground")], ...(chosen.background ? [["background", word("background")]] : [])], this.part, (part) => { this.part = part; this.draw(); this.fill(); }), " ",
          make("button", { class: "btn", type: "button", "aria-pressed": String(Boolean(this.drawn)), onclick: () => this.begin(this.part) }, word("newShape")), " ",
          chosen.background ? null : make("button", { class: "btn", type: "button", id: "drawBackground", onclick: () => this.begin("background") }, word("drawBackground")), " ",
          regions.length > 1 ? make("button", { class: "btn quiet", type: "button", onclick: () => this.remove() }, word("removeRegion")) : null),
        make("p", { class: "small pad", role: "status" }, word(this.drawn ? "drawHelp" : "moveHelp")), this.given()) : null,
      ...[...(this.findings ?? []), ...(this.found?.findings ?? [])].slice(0, 8).map((finding) => make("div", { class: `finding ${finding.severity}` }, icon(finding.severity, severityName(finding.severity)), make("p", {}, finding.title ? make("b", {}, `${finding.title} `) : null, finding.text))),
    ].filter(Boolean));
    if (this.form?.element.contains(focused)) focused.focus();
    this.bar.replaceChildren(
      segments(word("scan"), this.scans.map((scan, n) => [n, `${number(scan.hours, 1)} ${word("hours")}`]), this.scan, (scan) => this.open(scan)),
      make("label", { class: "fusion" }, word("brightness"), " ", make("input", { type: "range", min: 1, max: Math.max(2, Math.ceil(this.scans[this.scan].maximum)), step: "any", value: this.darkest, "aria-label": word("brightness"),
        oninput: (event) => { this.darkest = event.target.valueAsNumber; this.draw(); this.note.textContent = this.darkText; } }), " ", this.note = make("span", {}, this.darkText)),
      make("span", { class: "small" }, make("kbd", {}, "1"), "–", make("kbd", {}, String(this.scans.length)), " ", make("kbd", {}, "N"), " ", make("kbd", {}, "Ctrl Z")));
  }

  get darkText() { return `${number(this.darkest, 1)} ${word("countsUnit")}`; }
}

export async function show(page, path) {
  await get("/api/images", { case: path });
  const [document, kept] = await Promise.all([get("/api/planar", { case: path }), get("/api/planar/regions", { case: path })]);
  const planar = new Planar(path, document, kept);
  planar.panes = [0, 1].map((n) => {
    const canvas = make("canvas", { role: "img", "aria-label": word(n ? "posterior" : "anterior") });
    return { canvas, element: make("div", { class: "pane mip" }, canvas) };
  });
  planar.side = make("aside", { class: "side" });
  planar.bar = make("div", { class: "bar2" });
  const stage = make("div", { class: "stage planar" }, ...planar.panes.map((pane) => pane.element));
  page.replaceChildren(make("div", { class: "vw flat" }, make("div", { class: "center" }, stage, planar.bar), planar.side));
  for (const pane of planar.panes) planar.listen(pane);
  const observer = new ResizeObserver(() => planar.draw());
  observer.observe(stage);
  planar.open(0).then(() => planar.measure()).catch((error) => { planar.problem = error; planar.fill(); });
  return { keys: (event) => planar.keys(event), leave: () => { planar.isClosed = true; observer.disconnect(); } };
}
