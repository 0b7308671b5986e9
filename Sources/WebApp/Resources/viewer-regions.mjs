// Regions as a person draws them: what there is, undo and redo, measured and saved by the server as they change.
import { get, post } from "./api.mjs";

const shapeKeys = ["sphere", "box", "contours", "voxels"];
const copy = (value) => JSON.parse(JSON.stringify(value));

/** The regions of a case. `changed` is called when anything of them is to be drawn again. */
export class Regions {
  constructor(path, changed) {
    Object.assign(this, { path, changed, list: [], template: null, chosen: null, undone: [], done: [], results: new Map() });
    this.state = "saved";
    this.shapes = new Map();
    this.waiting = new Set();
  }

  async open() {
    const kept = await get("/api/regions", { case: this.path });
    this.digest = kept.digest;
    this.list = kept.content?.regions ?? [];
    this.template = kept.content?.template ?? null;
    this.frame = kept.content?.frameOfReference ?? null;
  }

  get(name) { return this.list.find((region) => region.name === name); }

  get selected() { return this.get(this.chosen); }

  /** A name that no region has yet. */
  freeName(stem) {
    for (let n = 1; ; n += 1) if (!this.get(`${stem} ${n}`)) return `${stem} ${n}`;
  }

  /** Keeps what is there, to come back to it, before a change. */
  keep() {
    this.done.push(copy({ list: this.list, template: this.template }));
    if (this.done.length > 100) this.done.shift();
    this.undone = [];
  }

  step(from, to) {
    const before = from.pop();
    if (!before) return;
    to.push(copy({ list: this.list, template: this.template }));
    Object.assign(this, before);
    if (!this.get(this.chosen)) this.chosen = null;
    this.touch();
  }

  undo() { this.step(this.done, this.undone); }

  redo() { this.step(this.undone, this.done); }

  /** Whether what is drawn belongs to the frame of reference that is shown; without regions it is that. */
  shows(frame) {
    if (!this.frame || this.list.length === 0) this.frame = frame;
    this.isElsewhere = this.frame !== frame;
  }

  add(region) {
    if (this.isElsewhere) return;
    this.keep();
    const { site, name } = region;
    this.list = this.list.filter((one) => one.name !== name && (!site || one.site !== site));
    this.list.push(region);
    this.chosen = name;
    this.touch(region);
  }

  remove(name) {
    this.keep();
    this.list = this.list.filter((region) => region.name !== name);
    if (this.chosen === name) this.chosen = null;
    this.touch();
  }

  rename(region, name) {
    if (!name || this.get(name)) return;
    this.keep();
    if (this.chosen === region.name) this.chosen = name;
    region.name = name;
    this.touch(region);
  }

  /** After a change: measures again and saves a little later. */
  touch(region) {
    if (region) this.measure(region);
    else for (const one of this.list) this.measure(one);
    this.changed();
    this.save();
  }

  save() {
    this.state = "changed";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), 500);
  }

  async write() {
    clearTimeout(this.timer);
    if (this.isWriting) { this.isStale = true; return; }
    this.isWriting = true;
    this.state = "saving";
    this.changed();
    try {
      const content = { format: "endora-regions-1", regions: this.list };
      if (this.frame) content.frameOfReference = this.frame;
      if (this.template) content.template = this.template;
      const answer = await post("/api/regions", { case: this.path, content, ...(this.digest ? { seen: this.digest } : {}) });
      this.digest = answer.digest;
      this.state = "saved";
      this.problem = null;
    } catch (error) {
      this.state = "failed";
      this.problem = error;
    }
    this.isWriting = false;
    if (this.isStale) { this.isStale = false; this.save(); }
    this.changed();
  }

  /** What the server measures of a shape: the first series gives the voxels. */
  static shape(region) {
    if (region.recipe?.threshold) return { sphere: region.recipe.sphere, threshold: region.recipe.threshold, parts: region.recipe.parts ?? "hottest" };
    const key = shapeKeys.find((one) => region[one]);
    return region.structure ? { structure: region.structure } : { [key]: region[key] };
  }

  /** Measures a region in the series that are shown; of requests that come fast, the last one counts. */
  async measure(region) {
    if (!this.series?.length || (this.isElsewhere && !region.structure)) return;
    const name = region.name;
    if (this.waiting.has(name)) { this.again ??= new Set(); this.again.add(name); return; }
    this.waiting.add(name);
    const shape = Regions.shape(region);
    const { series } = this;
    // A threshold stays with the series on which it was set, whatever is shown.
    const first = region.recipe?.series ?? series[0];
    try {
      const { measurements } = await post("/api/measure", {
        case: this.path, series: [first, ...series.filter((uid) => uid !== first)].slice(0, 12), region: shape, withVoxels: true,
      });
      const found = measurements[0];
      if (region.recipe?.threshold && !found.refused) {
        const hasChanged = JSON.stringify(region.voxels) !== JSON.stringify(found.voxels);
        region.voxels = found.voxels;
        if (hasChanged) this.save();
      }
      const place = (one) => (series.includes(one.series) ? series.indexOf(one.series) : series.length);
      this.results.set(name, [...measurements].sort((a, b) => place(a) - place(b)));
      // A copy: what drawing notes on it is not saved.
      this.shapes.set(name, found.voxels ? { ...found.voxels } : null);
    } catch (error) {
      this.results.set(name, [{ refused: { reason: error.message, remedy: error.remedy ?? "" } }]);
    }
    this.waiting.delete(name);
    if (this.again?.delete(name)) {
      const current = this.get(name) ?? (region.structure ? region : null);
      if (current) this.measure(current);
    }
    this.changed();
  }
}

/** Moves a region by a vector in mm; voxels move by whole voxels. */
export function shift(region, by) {
  const moved = (point) => point.map((value, n) => Math.round((value + by[n]) * 100) / 100);
  if (region.sphere) region.sphere.centreMm = moved(region.sphere.centreMm);
  if (region.box) region.box.centreMm = moved(region.box.centreMm);
  if (region.contours) region.contours = region.contours.map((polygon) => polygon.map(moved));
  if (region.recipe?.sphere) region.recipe.sphere.centreMm = moved(region.recipe.sphere.centreMm);
}

/** Makes a sphere, the sphere of a threshold, or a box larger or smaller by mm. */
export function resize(region, by) {
  const sized = (size) => Math.min(600, Math.max(1, Math.round((size + by) * 10) / 10));
  const sphere = region.recipe?.sphere ?? region.sphere;
  if (sphere) sphere.diameterMm = sized(sphere.diameterMm);
  else if (region.box) region.box.sizeMm = region.box.sizeMm.map(sized);
}

/** Where a region lies, for the crosshair. */
export function centre(region, results) {
  return region.recipe?.sphere?.centreMm ?? region.sphere?.centreMm ?? region.box?.centreMm ?? results?.[0]?.centreMm ?? region.contours?.[0]?.[0] ?? null;
}

/** Voxels under a brush, as runs; `cells` is a Set of places on the grid. */
export function runs(cells, columns) {
  const sorted = [...cells].sort((a, b) => a - b);
  const list = [];
  for (const cell of sorted) {
    const last = list.length - 2;
    if (last >= 0 && list[last] + list[last + 1] === cell && cell % columns !== 0) list[last + 1] += 1;
    else list.push(cell, 1);
  }
  return list;
}

/** The places that runs cover. */
export function cells(list) {
  const set = new Set();
  for (let n = 0; n + 1 < list.length; n += 2) for (let m = 0; m < list[n + 1]; m += 1) set.add(list[n] + m);
  return set;
}
