// Gates drawn on the density of two channels: by mouse or by keys, counted by the server as they are drawn.
import * as api from "./api.mjs";
import { make, refusal, segments } from "./dom.mjs";
import { figure, line, mark, round, text } from "./plot.mjs";
import { addWords, number, severityName, significant, word } from "./words.mjs";

addWords({
  en: { gating: { title: "Draw gates", x: "Across", y: "Up", parent: "Events of", all: "all events", polygon: "Polygon", rectangle: "Rectangle", quadrants: "Quadrants", name: "Name", keep: "Keep", clear: "Clear", confirm: "Confirm the proposed gates", undo: "Undo", redo: "Redo", remove: "Remove",
    proposed: "These gates are proposed. Look at each, then confirm them or draw your own.", kept: "Drawn or confirmed by a person; kept as gates.xml.", none: "There are no gates yet.", drawn: "drawn", of: "of", gate: "Gate", events: "Events", outside: "events lie outside the plot",
    help: "Click to set points. Keys on the plot: arrows move the cross (with Shift further), Enter sets a point, Backspace takes the last back, Esc clears." } },
  de: { gating: { title: "Gates zeichnen", x: "Waagerecht", y: "Senkrecht", parent: "Ereignisse von", all: "alle Ereignisse", polygon: "Polygon", rectangle: "Rechteck", quadrants: "Quadranten", name: "Name", keep: "Behalten", clear: "Leeren", confirm: "Vorgeschlagene Gates bestätigen", undo: "Rückgängig", redo: "Wiederholen", remove: "Entfernen",
    proposed: "Diese Gates sind vorgeschlagen. Jedes ansehen, dann bestätigen oder eigene zeichnen.", kept: "Von einer Person gezeichnet oder bestätigt; liegen als gates.xml im Fall.", none: "Es gibt noch keine Gates.", drawn: "gezeichnet", of: "von", gate: "Gate", events: "Ereignisse", outside: "Ereignisse liegen außerhalb der Darstellung",
    help: "Klicken setzt Punkte. Tasten auf der Darstellung: Pfeile bewegen das Kreuz (mit Umschalt weiter), Enter setzt einen Punkt, Rücktaste nimmt den letzten zurück, Esc leert." } },
});

const words = () => word("gating");
const [left, bottom, top, right] = [46, 34, 8, 8];
const enough = { polygon: 3, rectangle: 2, quadrants: 1 };

/** The editor of a case's gates; `changed` is called when the gates' file has changed. */
export class GateEditor {
  constructor(path, changed) {
    Object.assign(this, { path, changed, plane: {}, kind: "polygon", points: [], cross: [0.5, 0.5], name: "", drag: -1, isFocused: false, asked: 0, gates: null });
    this.card = make("section", { class: "card gating", id: "gating", "aria-label": words().title });
    this.problem = make("div", { "aria-live": "assertive" });
    this.live = make("output", { class: "live", id: "counted", "aria-live": "polite" });
    this.box = make("div", { class: "draw" });
  }

  async load() {
    this.base = await api.get("/api/gates", { case: this.path, ...this.plane });
    this.plane = { x: this.base.x.name, y: this.base.y.name, parent: this.base.parent };
    this.build();
    if (this.points.length) this.measure();
  }

  async go(plane) {
    Object.assign(this.plane, plane);
    this.clear();
    await this.attempt(() => this.load());
  }

  async attempt(work) {
    this.problem.replaceChildren();
    try { await work(); } catch (error) { this.problem.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); }
  }

  /** Asks for a change of the file and shows what came of it. */
  post(address, body) {
    return this.attempt(async () => {
      await api.post(address, { case: this.path, digest: this.base.digest, ...body });
      this.clear();
      await this.load();
      await this.changed();
    });
  }

  keep() {
    if (this.points.length < enough[this.kind]) return;
    this.post("/api/gates", { change: { kind: "add", ...this.plane, drawing: { kind: this.kind, points: this.points, name: this.name.trim() } } });
  }

  clear() { [this.points, this.gates] = [[], null]; this.tell(); }

  build() {
    this.shown?.end();
    const { base } = this;
    const w = words();
    const select = (id, label, choices, chosen, choose) => [make("label", { for: id }, label), make("select", { class: "field", id, onchange: (event) => choose(event.target.value) }, choices.map(([value, name]) => make("option", { value, selected: value === (chosen ?? "") }, name)))];
    const channels = base.channels.map((one) => [one.name, one.title === one.name ? one.name : `${one.title} (${one.name})`]);
    const name = make("input", { class: "field", id: "gateName", maxlength: 40, value: this.name, autocomplete: "off", spellcheck: "false", oninput: (event) => { this.name = event.target.value; this.tell(); } });
    this.keeping = make("button", { class: "btn primary", id: "keepGate", disabled: true, onclick: () => this.keep() }, w.keep);
    const tool = (kind) => { this.kind = kind; this.clear(); this.build(); };
    this.card.replaceChildren(
      make("div", { class: "head" }, make("h2", {}, w.title), make("span", { class: "end" },
        make("button", { class: "btn", id: "undoGate", disabled: !base.history.undo, title: base.history.undo ?? "", onclick: () => this.post("/api/gates/undo", {}) }, w.undo), " ",
        make("button", { class: "btn", id: "redoGate", disabled: !base.history.redo, title: base.history.redo ?? "", onclick: () => this.post("/api/gates/redo", {}) }, w.redo))),
      make("div", { class: "tools" }, select("gateX", w.x, channels, this.plane.x, (x) => this.go({ x })), select("gateY", w.y, channels, this.plane.y, (y) => this.go({ y })),
        select("gateParent", w.parent, [["", w.all], ...base.gates.map((gate) => [gate.name, gate.name])], this.plane.parent, (parent) => this.go({ parent })),
        segments(w.title, ["polygon", "rectangle", "quadrants"].map((kind) => [kind, w[kind]]), this.kind, tool)),
      make("div", { class: "gating-parts" },
        make("div", {}, this.box, make("p", { class: "small pad" }, w.help, base.outside ? ` ${base.outside} ${w.outside}.` : "")),
        make("aside", {},
          make("p", { class: "small" }, base.refused ? `${base.refused.reason} ${base.refused.remedy}` : base.proposed ? w.proposed : base.gates.length ? w.kept : w.none),
          base.proposed ? make("button", { class: "btn primary", id: "confirmGates", onclick: () => this.post("/api/gates", { change: { kind: "confirm" } }) }, w.confirm) : null,
          make("div", { class: "row" }, make("label", { for: "gateName" }, w.name), name, this.keeping, make("button", { class: "btn", onclick: () => { this.clear(); this.redraw(); } }, w.clear)),
          this.live, this.problem,
          base.gates.length ? make("table", { id: "gateCounts" }, make("thead", {}, make("tr", {}, make("th", {}, w.gate), make("th", { class: "n" }, w.events), make("th", { class: "n" }, "%"), make("th", {}, ""))),
            make("tbody", { class: "rows" }, base.gates.map((gate) => make("tr", {}, make("th", { scope: "row" }, gate.name, make("span", { class: "pm" }, ` ${gate.parent ?? ""}`)), make("td", { class: "n" }, `${gate.count}`),
              make("td", { class: "n" }, gate.percentOfParent == null ? "–" : number(gate.percentOfParent, 1)),
              make("td", {}, base.proposed ? null : make("button", { class: "btn quiet", "aria-label": `${w.remove}: ${gate.name}`, onclick: () => this.post("/api/gates", { change: { kind: "remove", name: gate.name } }) }, "×")))))) : null)));
    this.shown = figure(this.box, () => `${this.base.x.title}, ${this.base.y.title}: ${this.base.of} ${w.events}`, (width, height) => this.draw(width, height));
    this.tell();
  }

  /** What the drawing counts; only the newest answer is shown. */
  async measure() {
    if (this.points.length < enough[this.kind]) { this.gates = null; return this.tell(); }
    const number = ++this.asked;
    await this.attempt(async () => {
      const found = await api.post("/api/gates/measure", { case: this.path, ...this.plane, drawing: { kind: this.kind, points: this.points } });
      if (number === this.asked) { this.gates = found.gates; this.tell(); }
    });
  }

  tell() {
    const w = words();
    this.live.textContent = (this.gates ?? []).map((gate) => `${this.gates.length > 1 ? gate.name.slice(-2) : w.drawn}: ${gate.count} ${w.of} ${gate.of} (${number(gate.percentOfParent ?? 0, 1)} %)`).join(" · ");
    if (this.keeping) this.keeping.disabled = !this.gates || this.name.trim() === "";
  }

  set(points) {
    this.points = points;
    this.redraw();
    this.measure();
  }

  /** Draws anew; the plot keeps the focus. */
  redraw() {
    this.isDrawing = true;
    this.shown.show();
    this.listen();
    if (this.isFocused) this.box.querySelector("svg").focus({ preventScroll: true });
    this.isDrawing = false;
  }

  add(point) {
    const most = this.kind === "polygon" ? 200 : enough[this.kind];
    this.set(this.points.length >= most ? [point] : [...this.points, point]);
  }

  press(event) {
    const step = event.shiftKey ? 0.05 : 0.01;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) {
      this.cross = this.cross.map((value, axis) => Math.max(0, Math.min(1, value + moves[event.key][axis])));
      this.redraw();
    } else if (event.key === "Enter" || event.key === " ") this.add([...this.cross]);
    else if (event.key === "Backspace") this.set(this.points.slice(0, -1));
    else if (event.key === "Escape") this.set([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  draw(width, height) {
    const { base } = this;
    const [w, h] = [width - left - right, height - top - bottom];
    const x = (u) => left + Math.max(-0.01, Math.min(1.01, u)) * w;
    const y = (v) => top + h - Math.max(-0.01, Math.min(1.01, v)) * h;
    const most = Math.sqrt(Math.max(1, ...base.counts));
    const cells = [];
    base.counts.forEach((count, index) => {
      if (!count) return;
      const [row, column] = [Math.floor(index / base.bins), index % base.bins];
      cells.push(mark("rect", { class: `tide-${1 + Math.min(7, Math.floor(Math.sqrt(count) / most * 7))}`, x: round(x(column / base.bins)), y: round(y((row + 1) / base.bins)), width: round(w / base.bins + 0.4), height: round(h / base.bins + 0.4) }));
    });
    const marks = [mark("rect", { class: "ground", x: left, y: top, width: w, height: h }), ...cells];
    for (const gate of base.gates) {
      if (!gate.outline) continue;
      const points = gate.outline.map(([u, v]) => [x(u), y(v)]);
      marks.push(mark("path", { class: "gate-line", d: `${line(points)}Z` }), text(gate.name, Math.min(...points.map((point) => point[0])) + 4, Math.max(top + 12, Math.min(...points.map((point) => point[1])) - 4), "s halo"));
    }
    marks.push(...this.drawing(x, y, w, h));
    marks.push(mark("path", { class: "axis", d: `M${left} ${top}V${top + h}H${left + w}` }));
    const short = (value) => (value >= 1000 ? `${number(value / 1000, value % 1000 ? 1 : 0)}k` : value ? significant(value, 2) : "0");
    for (const tick of base.x.ticks) marks.push(text(short(tick.value), x(tick.place), height - bottom + 14, "m"));
    for (const tick of base.y.ticks) marks.push(text(short(tick.value), left - 5, y(tick.place) + 4, "e"));
    marks.push(text(base.x.title, left + w, height - 4, "s e"), text(base.y.title, left + 4, top + 12, "s halo"));
    this.size = [w, h];
    queueMicrotask(() => this.listen());
    return marks;
  }

  /** What is being drawn, its corners, and the cross of the keys. */
  drawing(x, y, w, h) {
    const marks = [];
    const places = this.points.map(([u, v]) => [x(u), y(v)]);
    if (this.kind === "polygon" && places.length > 1) marks.push(mark("path", { class: "gate-line drawn-line", d: line(places) + (places.length > 2 ? "Z" : "") }));
    if (this.kind === "rectangle" && places.length === 2) {
      const [[a, b], [c, d]] = places;
      marks.push(mark("path", { class: "gate-line drawn-line", d: `${line([[a, b], [c, b], [c, d], [a, d]])}Z` }));
    }
    if (this.kind === "quadrants" && places.length) marks.push(mark("path", { class: "gate-line drawn-line", d: `M${round(places[0][0])} ${top}V${top + h}M${left} ${round(places[0][1])}H${left + w}` }));
    for (const [a, b] of places) marks.push(mark("circle", { class: "corner", cx: round(a), cy: round(b), r: 4 }));
    if (this.isFocused) { const [a, b] = [x(this.cross[0]), y(this.cross[1])]; marks.push(mark("path", { class: "cross", d: `M${round(a - 8)} ${round(b)}h16M${round(a)} ${round(b - 8)}v16` })); }
    return marks;
  }

  /** The events of the plot, once it is in the page. */
  listen() {
    const svg = this.box.querySelector("svg");
    if (!svg || svg.dataset.listens) return;
    const [w, h] = this.size;
    svg.dataset.listens = "yes";
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "application");
    const place = (event) => { const box = svg.getBoundingClientRect(); return [(event.clientX - box.left - left) / w, 1 - (event.clientY - box.top - top) / h]; };
    const clamp = (pair) => pair.map((value) => Math.max(-0.02, Math.min(1.02, value)));
    svg.addEventListener("pointerdown", (event) => {
      const [u, v] = place(event);
      if (u < -0.05 || u > 1.05 || v < -0.05 || v > 1.05) return;
      event.preventDefault();
      this.drag = this.points.findIndex(([a, b]) => Math.hypot((a - u) * w, (b - v) * h) < 8);
      if (this.drag < 0) { this.add(clamp([u, v])); this.drag = this.points.length - 1; }
    });
    svg.addEventListener("focus", () => { if (!this.isFocused) { this.isFocused = true; this.redraw(); } });
    svg.addEventListener("blur", () => { if (!this.isDrawing) { this.isFocused = false; this.redraw(); } });
    svg.addEventListener("keydown", (event) => this.press(event));
    this.move = (event) => { if (this.drag >= 0) this.set(this.points.map((point, index) => index === this.drag ? clamp(place(event)) : point)); };
  }

  /** Begins to follow the pointer; gives what ends that. */
  start() {
    const move = (event) => this.drag >= 0 && event.buttons && this.move?.(event);
    const up = () => { this.drag = -1; };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    return () => { removeEventListener("pointermove", move); removeEventListener("pointerup", up); this.shown?.end(); };
  }
}
