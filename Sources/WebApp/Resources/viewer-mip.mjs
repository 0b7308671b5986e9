// The turning projection: frames of the server, shown with the uptake's window; a click finds the hottest voxel of its ray.
import { make, write } from "./dom.mjs";
import { table } from "./viewer-colour.mjs";
import { crosshair, label, labelApart, scaleBar } from "./viewer-overlay.mjs";
import { openProjection } from "./viewer-volume.mjs";
import { word } from "./viewer-words.mjs";
import { number, term } from "./words.mjs";

export class Projection {
  constructor(viewer) {
    this.viewer = viewer;
    this.volume = viewer.uptake;
    this.canvas = make("canvas", { role: "img", "aria-label": word("mip") });
    this.note = make("span");
    this.button = make("button", { class: "btn small", type: "button", onclick: () => this.toggle() }, word("play"));
    this.element = make("div", { class: "pane mip", tabindex: 0 }, this.canvas, make("div", { class: "tl" }, make("b", {}, word("mip")), " ", this.note), make("div", { class: "br" }, this.button));
    this.frame = 0;
    this.canvas.addEventListener("pointerdown", (event) => this.pick(event));
    this.canvas.addEventListener("wheel", (event) => { event.preventDefault(); this.turn(Math.sign(event.deltaY)); }, { passive: false });
    /** Settled when the frames are there, or are not to be had. */
    this.ready = openProjection(viewer.path, this.volume.uid).then((picture) => {
      this.picture = picture;
      this.scratch = new OffscreenCanvas(picture.columns, picture.rows);
      viewer.redraw();
    }, (error) => { this.note.textContent = error.message; });
  }

  turn(by) {
    if (!this.picture) return;
    const count = this.picture.frames.length;
    this.frame = (this.frame + by + count) % count;
    this.draw();
  }

  /** Turns at ten frames a second; a reader who wants no motion turns by hand. */
  toggle() {
    if (this.timer) { this.stop(); return; }
    this.timer = setInterval(() => this.turn(1), 100);
    this.button.textContent = word("stop");
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.button.textContent = word("play");
  }

  get angle() { return (2 * Math.PI * this.frame) / this.picture.frames.length; }

  /** The middle of the volume, about which it turns. */
  get middle() { return this.volume.bounds.map(([low, high]) => (low + high) / 2); }

  /** Where a point is seen, in CSS pixels. */
  toScreen(point) {
    const [x, y] = [point[0] - this.middle[0], point[1] - this.middle[1]];
    const u = x * Math.cos(this.angle) + y * Math.sin(this.angle);
    return [this.width / 2 + u / this.mmPerPixel, this.height / 2 - (point[2] - this.middle[2]) / this.mmPerPixel];
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.picture || width < 2) return;
    const ratio = devicePixelRatio;
    if (this.width !== width || this.height !== height || this.ratio !== ratio) {
      Object.assign(this, { width, height, ratio });
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    this.render(this.canvas.getContext("2d", { alpha: false }), ratio);
    write(this.note, `${Math.round((this.angle * 180) / Math.PI)}°`);
  }

  /** Gives the frame its colours, where they are not those already there. */
  shade() {
    const { low, high } = this.viewer.windowFor(this.volume);
    const state = `${this.frame} ${low} ${high}`;
    if (state === this.shaded) return;
    this.shaded = state;
    const { columns, rows, frames } = this.picture;
    const picture = new ImageData(columns, rows);
    const words = new Uint32Array(picture.data.buffer);
    const colours = new Uint32Array(table("inverted").buffer);
    const span = Math.max(1e-12, high - low);
    const [factor, offset] = [255 * this.volume.slope / span, 255 * (this.volume.intercept - low) / span];
    const frame = frames[this.frame];
    for (let n = 0; n < frame.length; n += 1) words[n] = colours[Math.min(255, Math.max(0, Math.round(frame[n] * factor + offset)))];
    this.scratch.getContext("2d").putImageData(picture, 0, 0);
  }

  render(context, ratio, isFigure = false) {
    const { columns, rows, pixelMm, frames } = this.picture;
    const { viewer } = this;
    this.shade();
    this.mmPerPixel = Math.max((columns * pixelMm) / this.width, (rows * pixelMm) / (this.height - 8));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, this.width, this.height);
    context.imageSmoothingQuality = "high";
    const [w, h] = [(columns * pixelMm) / this.mmPerPixel, (rows * pixelMm) / this.mmPerPixel];
    context.drawImage(this.scratch, (this.width - w) / 2, (this.height - h) / 2, w, h);
    if (viewer.isMarked) {
      const names = [];
      for (const region of viewer.regions.isElsewhere ? [] : viewer.regions.list) {
        const sphere = region.sphere ?? region.recipe?.sphere;
        if (!sphere) continue;
        const [x, y] = this.toScreen(sphere.centreMm);
        context.strokeStyle = region.name === viewer.regions.chosen ? "#b3541e" : "#0b5f6e";
        context.lineWidth = region.name === viewer.regions.chosen ? 2 : 1.5;
        context.beginPath();
        context.arc(x, y, Math.max(4, sphere.diameterMm / 2 / this.mmPerPixel), 0, 7);
        context.stroke();
        const result = viewer.regions.results.get(region.name)?.find((one) => one.series === this.volume.uid)?.statistics;
        const title = region.site ? word("siteNames")[region.site] ?? region.site : term(region.name);
        if (!region.site && region.name !== viewer.regions.chosen) continue;
        const [at, align] = x > this.width / 2 ? [x - 10, "right"] : [x + 10, "left"];
        names.push({ text: result ? `${title} ${number(result.max, 1)}` : title, places: [0, 14, -14, 28].map((dy) => [at, y + dy, align]), colour: "#14191f" });
      }
      labelApart(context, names, { halo: "#fff", size: 10.5 });
      if (!isFigure) crosshair(context, this, viewer.cross, "#0b5f6e");
    }
    if (isFigure) viewer.colourBar(context, this, this.volume, "inverted", { colour: "#333d47", halo: "#fff", isAtFoot: true });
    const sides = Math.round((4 * this.frame) / frames.length) % 4;
    const letters = [["R", "L"], ["A", "P"], ["L", "R"], ["P", "A"]][sides];
    label(context, letters[0], 12, this.height / 2, { colour: "#333d47", halo: "#fff", align: "center", size: 12 });
    label(context, letters[1], this.width - 12, this.height / 2, { colour: "#333d47", halo: "#fff", align: "center", size: 12 });
    scaleBar(context, this, "#333d47", "#fff");
  }

  /** The hottest voxel on the ray under the pointer takes the crosshair. */
  pick(event) {
    if (!this.picture) return;
    const u = (event.offsetX - this.width / 2) * this.mmPerPixel;
    const z = this.middle[2] - (event.offsetY - this.height / 2) * this.mmPerPixel;
    const [across, along] = [[Math.cos(this.angle), Math.sin(this.angle)], [-Math.sin(this.angle), Math.cos(this.angle)]];
    const reach = Math.hypot(...this.volume.bounds.slice(0, 2).map(([low, high]) => high - low)) / 2;
    const step = Math.min(...this.volume.spacing) / 2;
    let [best, hottest] = [null, -Infinity];
    for (let d = -reach; d <= reach; d += step) {
      const point = [this.middle[0] + u * across[0] + d * along[0], this.middle[1] + u * across[1] + d * along[1], z];
      const value = this.volume.value(point);
      if (value != null && value > hottest) [best, hottest] = [point, value];
    }
    if (best) this.viewer.goTo(best);
  }
}
