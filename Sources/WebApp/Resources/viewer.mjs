// The viewer of a case: three planes and a turning projection, or time points side by side, around one crosshair.
import { get } from "./api.mjs";
import { make, refusal, write } from "./dom.mjs";
import { mapNames, table } from "./viewer-colour.mjs";
import { exportFigure } from "./viewer-figure.mjs";
import { bestDose, DosePanel, Isodoses } from "./viewer-dose.mjs";
import { makeKeys } from "./viewer-keys.mjs";
import { Projection } from "./viewer-mip.mjs";
import * as draw from "./viewer-overlay.mjs";
import { makePainter } from "./viewer-paint.mjs";
import { Pane } from "./viewer-pane.mjs";
import { cells, Regions } from "./viewer-regions.mjs";
import { fillSide } from "./viewer-side.mjs";
import { fillTools, listen } from "./viewer-tools.mjs";
import { openVolume } from "./viewer-volume.mjs";
import { uptakeWindows } from "./viewer-windows.mjs";
import { word } from "./viewer-words.mjs";
import { number, term } from "./words.mjs";

const emissionKinds = ["PET", "quantitative SPECT"];

class Viewer {
  constructor(path, images, name) {
    Object.assign(this, { path, name, volumes: new Map(), panes: [], cross: [0, 0, 0], fusion: 0.6, isSmooth: true, isMarked: true });
    this.tool = "cross";
    this.layout = "tri";
    this.timePlane = "coronal";
    this.threshold = "41 %";
    this.diameter = 15;
    this.brush = 12;
    this.shownStructures = new Map();
    const made = makePainter(location.hash.split("?")[1]);
    this.painter = made.painter;
    this.painterName = made.name;
    this.regions = new Regions(path, () => this.changed());
    this.list(images);
    this.windows = new Map();
    this.anatomyWindow = null;
    this.doseView = "none";
    this.isodoses = new Isodoses(this);
    this.dosePanel = new DosePanel(this);
  }

  /** Sorts the series of the case. */
  list(images) {
    this.images = images;
    const all = images.series;
    this.emissions = all.filter((entry) => emissionKinds.includes(entry.kind));
    this.doses = all.filter((entry) => entry.kind === "dose");
    this.anatomies = all.filter((entry) => !emissionKinds.includes(entry.kind) && entry.kind !== "dose");
  }

  /** Shows the dose map that has just been computed. */
  async listAgain(method) {
    this.list(await get("/api/images", { case: this.path }));
    const again = (entry) => this.images.series.find((one) => one.uid === entry?.uid) ?? null;
    [this.anatomy, this.emission] = [again(this.anatomy), again(this.emission)];
    this.doseEntry = this.doses.find((entry) => entry.description?.includes(method)) ?? bestDose(this.doses);
    this.forget(this.doseEntry?.uid);
    if (this.doseView === "none") this.doseView = "lines";
    await this.choose();
    this.tools();
  }

  /** Takes another dose map. */
  async setDose(uid) {
    this.doseEntry = this.doses.find((entry) => entry.uid === uid);
    await this.choose();
    this.tools();
  }

  /** Lines of equal dose, the dose in colours with them, or neither. */
  async setDoseView(view) {
    this.doseView = view;
    await this.choose();
    this.tools();
  }

  /** The volume of a series; it fills while it is shown. */
  async open(uid) {
    if (!uid) return null;
    if (!this.volumes.has(uid)) {
      const entry = this.images.series.find((one) => one.uid === uid);
      this.volumes.set(uid, openVolume(this.path, entry, () => this.redraw(), () => !this.isClosed));
    }
    return this.volumes.get(uid);
  }

  /** Takes a series out of the memory. */
  forget(uid) {
    const waiting = this.volumes.get(uid);
    this.volumes.delete(uid);
    waiting?.then((volume) => this.painter.forget(volume), () => {});
  }

  async start() {
    this.emission = this.emissions.find((entry) => entry.kind === "PET") ?? this.emissions[Math.floor((this.emissions.length - 1) / 2)] ?? null;
    const near = this.emission ?? this.anatomies[0] ?? this.doses[0];
    this.anatomy = this.anatomies.find((entry) => entry.frameOfReference === near.frameOfReference) ?? (this.emission ? null : this.anatomies[0]);
    this.doseEntry = bestDose(this.doses.filter((entry) => entry.frameOfReference === near.frameOfReference));
    this.regionsOpened = this.regions.open();
    await this.choose();
  }

  /** Opens what is chosen and lays the page out anew. */
  async choose() {
    const [base, uptake, dose] = await Promise.all([this.anatomy, this.emission, this.doseEntry].map((entry) => this.open(entry?.uid)));
    const overlay = (this.doseView === "wash" ? dose ?? uptake : uptake ?? (base && this.doseView === "none" ? null : dose)) ?? null;
    Object.assign(this, { base, uptake, dose, overlay });
    this.isodoses.use(dose);
    const wanted = new Set([this.anatomy?.uid, this.emission?.uid, this.doseEntry?.uid, ...(this.layout === "times" ? this.emissions.map((entry) => entry.uid) : [])]);
    for (const uid of [...this.volumes.keys()]) if (!wanted.has(uid)) this.forget(uid);
    const main = overlay ?? base;
    if (!main) return;
    if (!this.hasPlace) {
      this.cross = main.bounds.map(([low, high]) => (low + high) / 2);
      this.snap();
      this.hasPlace = true;
    }
    if (base && this.anatomyOf !== base.quantity) {
      this.anatomyOf = base.quantity;
      this.anatomyWindow = [...base.window];
    }
    this.times = this.layout === "times" ? await Promise.all(this.timeEntries.map((entry) => this.open(entry.uid))) : [];
    const own = base?.frameOfReference === main.frameOfReference ? base?.uid : null;
    this.regions.series = [...new Set([overlay?.uid, own, uptake?.uid, dose?.uid, ...this.times.map((volume) => volume.uid)].filter(Boolean))].slice(0, 12);
    await this.regionsOpened;
    this.regions.shows(main.frameOfReference);
    this.lay();
    for (const region of this.regions.list) this.regions.measure(region);
    for (const region of this.shownStructures.values()) this.regions.measure(region);
    this.dosePanel.fill();
    this.changed();
  }

  /** What is shown of a volume over the anatomy: lowest and highest value, colours; kept for each quantity. */
  windowFor(volume) {
    const { quantity } = volume;
    if (!this.windows.has(quantity)) this.windows.set(quantity, { low: 0, high: quantity === "uptake" ? 10 : uptakeWindows(volume)[3], map: quantity === "dose" ? "tide" : "ember" });
    return this.windows.get(quantity);
  }

  get low() { return this.windowFor(this.overlay).low; }

  get high() { return this.windowFor(this.overlay).high; }

  get map() { return this.windowFor(this.overlay).map; }

  /** Emission series of one kind in one frame of reference, in the order of their times. */
  get timeEntries() {
    return this.emissions.filter((entry) => entry.kind === this.emission?.kind && entry.frameOfReference === this.emission?.frameOfReference).slice(0, 6);
  }

  /** Base and overlay of the three planes. */
  layersFor(overlay) {
    const layers = [];
    const isTogether = !this.base || !overlay || this.base.frameOfReference === overlay.frameOfReference;
    if (this.base && isTogether) {
      layers.push({ volume: this.base, map: "grey", table: table("grey"), low: this.anatomyWindow[0], high: this.anatomyWindow[1], opacity: 1 });
    }
    if (overlay) {
      const isAlone = layers.length === 0;
      const opacity = isAlone ? 1 : this.fusion;
      const { low, high, map } = this.windowFor(overlay);
      if (opacity > 0) layers.push({ volume: overlay, map, table: table(map), low, high, opacity, isVeil: !isAlone && map !== "inverted" });
    }
    return layers;
  }

  /** Makes the panes of the layout; those that would be the same stay, with their places and sizes. */
  lay() {
    const main = this.base ?? this.overlay;
    const key = JSON.stringify([this.layout, this.timePlane, this.times.map((volume) => volume.uid), main.uid]);
    const hasMip = this.layout === "tri" && Boolean(this.uptake);
    if (key === this.laid && hasMip === Boolean(this.mip) && (!hasMip || this.mip.volume === this.uptake)) return;
    const isNew = key !== this.laid;
    this.laid = key;
    const focus = this.focused?.plane;
    let panes;
    if (!isNew) panes = this.panes;
    else if (this.layout === "times") {
      panes = this.times.map((volume, n) => {
        const title = volume.entry.hours != null ? `${number(volume.entry.hours, 1)} ${word("hours")}` : volume.entry.acquired ?? `${n + 1}`;
        const pane = new Pane(this.timePlane, title, () => this.layersFor(volume));
        pane.volume = volume;
        return pane;
      });
    } else panes = ["axial", "coronal", "sagittal"].map((plane) => new Pane(plane, word(plane), () => this.layersFor(this.overlay)));
    this.panes = panes;
    this.stage.className = `stage ${this.layout === "times" ? `times n${panes.length}` : "three"}`;
    const elements = panes.map((pane) => pane.element);
    if (this.mip && (!hasMip || this.mip.volume !== this.uptake)) {
      this.mip.stop();
      this.mip = null;
    }
    if (hasMip) {
      this.mip ??= new Projection(this);
      elements.push(this.mip.element);
    } else if (this.layout === "tri") this.stage.classList.add("noMip");
    for (const element of elements) element.classList.remove("away");
    this.stage.replaceChildren(...elements);
    if (!isNew) return;
    for (const pane of panes) listen(this, pane);
    this.focused = panes.find((pane) => pane.plane === focus) ?? panes[0];
    for (const pane of panes) { pane.fitSize(devicePixelRatio); pane.fit(main.bounds); }
  }

  /** The volume whose voxels are stepped through and counted. */
  reference(pane) { return pane?.volume ?? this.overlay ?? this.base; }

  /** Puts the crosshair on the centre of a voxel. */
  snap() {
    const volume = this.overlay ?? this.base;
    const place = volume.place(this.cross).map((value, n) => Math.min(volume.size[n] - 1, Math.max(0, Math.round(value))));
    this.cross = volume.point(place);
  }

  /** Moves the crosshair by voxels along an axis of the patient. */
  step(axis, count) {
    const volume = this.overlay ?? this.base;
    const finest = this.base && axis === 2 && this.base.frameOfReference === volume.frameOfReference ? this.base : volume;
    this.cross = this.cross.map((value, n) => (n === axis ? value + count * finest.spacing[finest.axis(axis)] : value));
    const bounds = (this.base ?? volume).bounds;
    this.cross = this.cross.map((value, n) => Math.min(bounds[n][1], Math.max(bounds[n][0], value)));
    this.redraw();
  }

  goTo(point) {
    if (!point) return;
    this.cross = [...point];
    for (const pane of this.panes) {
      const [x, y] = pane.toScreen(point);
      if (x < 0 || y < 0 || x > pane.width || y > pane.height) pane.centre = [...point];
    }
    this.redraw();
  }

  /** What a pane tells of its window. */
  windowText() {
    const lines = [];
    if (this.base) lines.push(`${this.base.entry.kind} ${number(this.anatomyWindow[0], 0)} – ${number(this.anatomyWindow[1], 0)} ${this.base.readings[0].unit}`);
    if (this.overlay) lines.push(`${this.overlayTitle} ${this.shown(this.low)} – ${this.shown(this.high)}`);
    return lines.join("\n");
  }

  get overlayTitle() { return this.titleOf(this.overlay); }

  titleOf(volume) {
    const reading = volume.readings[0];
    return reading.name === "SUVbw" ? "SUVbw" : reading.unit;
  }

  /** A value of a volume in its unit. */
  shown(value, volume = this.overlay) {
    const scaled = value * volume.readings[0].factor;
    return number(scaled, Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 || scaled % 1 === 0 ? (scaled % 1 === 0 ? 0 : 1) : 2);
  }

  redraw() {
    if (this.isPending || this.isClosed) return;
    this.isPending = true;
    requestAnimationFrame(() => { this.isPending = false; this.paint(); });
  }

  /** Something beside the pictures has changed: the side is filled anew as well. */
  changed() {
    this.isSideStale = true;
    this.redraw();
  }

  paint() {
    if (this.isClosed || !this.stage.isConnected) return;
    const started = performance.now();
    // Sizes are read before anything is written, so that the page is laid out once.
    for (const pane of this.panes) pane.fitSize(devicePixelRatio);
    for (const pane of this.panes) this.paintPane(pane);
    this.mip?.draw();
    // For tests in a browser: what drawing takes, in ms.
    this.stage.parentElement.parentElement.dataset.drawn = performance.now() - started;
    this.readings?.();
    if (this.isSideStale) { this.isSideStale = false; fillSide(this); }
  }

  paintPane(pane) {
    if (pane.width < 2 || pane.height < 2) return;
    const layers = pane.layers();
    const geometry = pane.geometry(this.cross);
    // A picture that stays as it is, as those of the other planes do while slices are turned, is not painted again.
    const state = JSON.stringify([geometry, pane.picture.width, pane.picture.height, this.isSmooth,
      ...layers.map(({ volume, map, low, high, opacity, isVeil }) => [volume.uid, volume.loaded, volume.origin, map, low, high, opacity, isVeil])]);
    if (layers.length > 0 && pane.painted !== state) {
      this.painter.paint(pane.context, geometry, layers, this.isSmooth);
      pane.painted = state;
    }
    this.drawOver(pane, pane.over);
    pane.element.classList.toggle("on", pane === this.focused);
    const volume = this.reference(pane);
    const axis = volume.axis(pane.axes[2]);
    const slice = Math.round(volume.place(this.cross)[axis]) + 1;
    write(pane.corner, `${word("slice")} ${Math.min(volume.size[axis], Math.max(1, slice))} ${word("of")} ${volume.size[axis]}`);
    const text = pane === this.panes[0] || pane.volume ? this.windowText() : "";
    const share = volume.loaded < volume.size[2] ? `${word("loading")} ${Math.round(100 * volume.loaded / volume.size[2])} %` : "";
    write(pane.note, [text, share].filter(Boolean).join("\n"));
  }

  /** The drawing over a pane. */
  drawOver(pane, context, isFigure = false) {
    context.clearRect(0, 0, pane.width, pane.height);
    if (this.isMarked) {
      if (this.dose && this.doseView !== "none" && this.dose.frameOfReference === (this.overlay ?? this.base).frameOfReference) this.isodoses.draw(context, pane);
      const names = [];
      for (const region of [...this.shownStructures.values(), ...(this.regions.isElsewhere ? [] : this.regions.list)]) {
        const volume = this.overlay ?? this.base;
        const colour = region.structure ? "#9fd3ff" : region.name === this.regions.chosen ? "#ffd75e" : "#ffffff";
        const places = draw.region(context, pane, region, {
          point: this.cross, colour, isChosen: !isFigure && region.name === this.regions.chosen, voxels: this.regions.shapes.get(region.name), volume,
        });
        if (places) names.push({ text: region.site ? word("siteNames")[region.site] ?? term(region.site) : term(region.name), places, colour });
      }
      draw.labelApart(context, names, { size: 10 });
      this.drawTool?.(context, pane);
      if (!isFigure) draw.crosshair(context, pane, this.cross, "#7fe3f2");
    }
    const [top, bottom, left, right] = pane.letters;
    draw.label(context, top, pane.width / 2, 12, { align: "center", size: 12 });
    draw.label(context, bottom, pane.width / 2, pane.height - 12, { align: "center", size: 12 });
    draw.label(context, left, 12, pane.height / 2, { align: "center", size: 12 });
    draw.label(context, right, pane.width - 12, pane.height / 2, { align: "center", size: 12 });
    draw.scaleBar(context, pane, "#e9eef2", "#000");
    if (pane !== this.panes[0]) return;
    if (this.overlay) this.colourBar(context, pane, this.overlay, this.map);
    else draw.colourBar(context, pane, table("grey"), ...this.anatomyWindow, this.base.readings[0].unit || word("signal"), (value) => number(value, 0));
  }

  /** The colours of a volume's window with its unit. */
  colourBar(context, pane, volume, map, ink) {
    const { low, high } = this.windowFor(volume);
    draw.colourBar(context, pane, table(map), low, high, this.titleOf(volume), (value) => this.shown(value, volume), ink);
  }

  /** The crosshair goes to the hottest voxel of the chosen region, or of all. */
  hottest() {
    const volume = this.overlay ?? this.base;
    const mask = this.regions.selected && this.regions.shapes.get(this.regions.chosen);
    const isOwn = mask && JSON.stringify(mask.grid) === JSON.stringify(volume.grid);
    let best = 0;
    if (isOwn) {
      best = mask.runs[0];
      for (const cell of cells(mask.runs)) if (volume.data[cell] > volume.data[best]) best = cell;
    } else for (let cell = 0; cell < volume.data.length; cell += 1) if (volume.data[cell] > volume.data[best]) best = cell;
    const [columns, rows] = volume.size;
    this.goTo(volume.point([best % columns, Math.floor(best / columns) % rows, Math.floor(best / columns / rows)]));
  }

  setWindow(low, high) {
    if (!(high > low)) return;
    Object.assign(this.windowFor(this.overlay), { low, high });
    this.changed();
  }

  setMap(name) { this.windowFor(this.overlay).map = name; this.changed(); }

  nextMap() { this.setMap(mapNames[(mapNames.indexOf(this.map) + 1) % mapNames.length]); }

  async setLayout(layout) {
    this.layout = layout;
    this.tools?.();
    await this.choose();
    this.tools?.();
  }

  /** Lays later time points on the first, or back. */
  async register(isOn) {
    this.isRegistered = isOn;
    const [first, ...later] = this.times;
    this.registrationText = isOn ? word("registering") : "";
    this.changed();
    const notes = [];
    for (const volume of later) {
      const found = isOn ? await get("/api/registration", { case: this.path, series: volume.uid, to: first.uid }) : null;
      if (found) notes.push(`${number(found.shiftMm, 1)} mm, ${number(found.turnDegrees, 1)}°, ${word("correlation")} ${number(found.correlation, 2)}`);
      volume.register(found);
      this.redraw();
    }
    this.registrationText = notes.join(" · ");
    this.changed();
  }

  toggleOne(pane = this.focused) {
    const isOne = this.stage.classList.toggle("one");
    for (const one of [...this.panes, ...(this.mip ? [this.mip] : [])]) one.element.classList.toggle("away", isOne && one !== pane);
    this.redraw();
  }

  saveFigure() { return exportFigure(this); }

  close() {
    this.isClosed = true;
    this.mip?.stop();
    this.dosePanel.end();
    this.observer.disconnect();
    if (this.regions.state === "changed") this.regions.write();
    this.painter.close();
  }
}

export async function show(page, path) {
  const name = path.split("?")[0];
  const images = await get("/api/images", { case: name });
  if (images.series.length === 0) {
    page.replaceChildren(refusal(word("noImages"), "", word("failed")));
    return null;
  }
  const viewer = new Viewer(name, images, name);
  viewer.stage = make("div", { class: "stage three" });
  viewer.toolbar = make("div", { class: "card toolbar", role: "toolbar", "aria-label": word("tools"), "aria-orientation": "vertical" });
  viewer.bar = make("div", { class: "bar2" });
  viewer.side = make("aside", { class: "side", "aria-label": word("regions") });
  page.replaceChildren(make("div", { class: "vw" }, viewer.toolbar, make("div", { class: "center" }, viewer.stage, viewer.bar), viewer.side));
  viewer.observer = new ResizeObserver(() => viewer.redraw());
  viewer.observer.observe(viewer.stage);
  viewer.side.replaceChildren(make("p", { class: "card pad", role: "status" }, word("loading")));
  viewer.start().then(() => {
    fillTools(viewer);
    viewer.changed();
    // For tests in a browser: by what the pictures are painted, once they are.
    viewer.stage.parentElement.parentElement.dataset.painter = viewer.painterName;
  }).catch((error) => viewer.side.replaceChildren(refusal(error.message, error.remedy ?? "", word("failed"))));
  const keys = makeKeys(viewer);
  return { keys: (event) => viewer.focused && viewer.toggleHelp && keys(event), leave: () => viewer.close() };
}
