// A pane: a plane of the patient on two canvases, the picture below and the drawing above.
import { make } from "./dom.mjs";

/** Horizontal, vertical and normal axis of the patient, and their directions on the screen. */
export const planes = {
  axial: { axes: [0, 1, 2], signs: [1, 1], letters: ["A", "P", "R", "L"] },
  coronal: { axes: [0, 2, 1], signs: [1, -1], letters: ["S", "I", "R", "L"] },
  sagittal: { axes: [1, 2, 0], signs: [1, -1], letters: ["S", "I", "A", "P"] },
};

export class Pane {
  /** @param layers what is shown: a function that gives base and overlay of this pane. */
  constructor(plane, title, layers) {
    Object.assign(this, { plane, title, layers, ...planes[plane] });
    this.picture = make("canvas");
    this.drawing = make("canvas", { class: "over" });
    this.name = make("b", {}, title);
    this.note = make("span");
    this.corner = make("span");
    this.element = make("div", { class: `pane ${plane}`, tabindex: 0, role: "group", "aria-label": title },
      this.picture, this.drawing, make("div", { class: "tl" }, this.name, make("br"), this.note), make("div", { class: "tr" }, this.corner));
    this.centre = [0, 0, 0];
    this.mmPerPixel = 1;
    this.context = this.picture.getContext("2d", { alpha: false });
    this.over = this.drawing.getContext("2d");
  }

  /** Takes the size of its place on the page. */
  fitSize(ratio) {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (this.width === width && this.height === height && this.ratio === ratio) return;
    Object.assign(this, { width, height, ratio });
    for (const canvas of [this.picture, this.drawing]) {
      canvas.width = Math.max(1, Math.round(width * ratio));
      canvas.height = Math.max(1, Math.round(height * ratio));
    }
    this.over.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.painted = null;
    if (this.bounds) this.fit(this.bounds);
  }

  /** Shows all of a block of the patient. */
  fit(bounds) {
    this.bounds = bounds;
    const [h, v] = this.axes;
    this.centre = bounds.map(([low, high]) => (low + high) / 2);
    const span = (n) => bounds[n][1] - bounds[n][0];
    this.mmPerPixel = Math.max(span(h) / Math.max(1, this.width - 8), span(v) / Math.max(1, this.height - 8), 0.05);
  }

  /** Where a point of the patient lies in the pane, in CSS pixels. */
  toScreen(point) {
    const [h, v] = this.axes;
    return [
      this.width / 2 + this.signs[0] * (point[h] - this.centre[h]) / this.mmPerPixel,
      this.height / 2 + this.signs[1] * (point[v] - this.centre[v]) / this.mmPerPixel,
    ];
  }

  /** The point of the patient under a place of the pane, in the plane through `through`. */
  toPatient(x, y, through) {
    const [h, v] = this.axes;
    const point = [...through];
    point[h] = this.centre[h] + this.signs[0] * (x - this.width / 2) * this.mmPerPixel;
    point[v] = this.centre[v] + this.signs[1] * (y - this.height / 2) * this.mmPerPixel;
    return point;
  }

  /** The plane as the painter takes it, in pixels of the canvas. */
  geometry(through) {
    const step = this.mmPerPixel / this.ratio;
    const vector = (axis, sign) => [0, 1, 2].map((n) => (n === axis ? sign * step : 0));
    return { origin: this.toPatient(0, 0, through), across: vector(this.axes[0], this.signs[0]), down: vector(this.axes[1], this.signs[1]) };
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const before = this.toPatient(x, y, this.centre);
    this.mmPerPixel = Math.min(20, Math.max(0.02, this.mmPerPixel * factor));
    const after = this.toPatient(x, y, this.centre);
    this.centre = this.centre.map((value, n) => value + before[n] - after[n]);
  }

  pan(dx, dy) {
    const [h, v] = this.axes;
    this.centre[h] -= this.signs[0] * dx * this.mmPerPixel;
    this.centre[v] -= this.signs[1] * dy * this.mmPerPixel;
  }
}
