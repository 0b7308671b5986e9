// What is drawn over the pictures: crosshair, letters, scale, colour bar, regions.
import { cells } from "./viewer-regions.mjs";
import { Lattice } from "./viewer-volume.mjs";

const font = (weight, size) => `${weight} ${size}px system-ui, sans-serif`;

/** Text with a halo, legible on any picture. */
export function label(context, text, x, y, { colour = "#e9eef2", halo = "#000", align = "left", size = 11, weight = 600 } = {}) {
  context.font = font(weight, size);
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = halo;
  context.globalAlpha = 0.75;
  context.strokeText(text, x, y);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** Writes each of `{text, places, colour}` at the first of its places `[x, y, align]` where it meets none before it. */
export function labelApart(context, names, { halo = "#000", size = 11, weight = 600 } = {}) {
  const taken = [];
  context.font = font(weight, size);
  for (const { text, places, colour } of names) {
    const width = context.measureText(text).width + 4;
    const boxes = places.map(([x, y, align]) => {
      const left = align === "center" ? x - width / 2 : align === "left" ? x : x - width;
      return [left, y - size * 0.65, left + width, y + size * 0.65];
    });
    const isFree = (box) => taken.every((other) => box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1]);
    const n = Math.max(0, boxes.findIndex(isFree));
    taken.push(boxes[n]);
    const [x, y, align] = places[n];
    label(context, text, x, y, { colour, halo, align, size, weight });
  }
}

export function crosshair(context, pane, point, colour) {
  const [x, y] = pane.toScreen(point);
  const { width, height } = pane;
  const gap = 8;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.globalAlpha = 0.85;
  context.beginPath();
  for (const [a, b, c, d] of [[0, y, x - gap, y], [x + gap, y, width, y], [x, 0, x, y - gap], [x, y + gap, x, height]]) {
    context.moveTo(Math.round(a) + 0.5, Math.round(b) + 0.5);
    context.lineTo(Math.round(c) + 0.5, Math.round(d) + 0.5);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** A bar of 1, 2 or 5 times a power of ten mm, as long as fits a quarter of the pane. */
export function scaleBar(context, pane, ink, halo) {
  const most = (pane.width / 4) * pane.mmPerPixel;
  const power = 10 ** Math.floor(Math.log10(most));
  const size = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power;
  const length = size / pane.mmPerPixel;
  const [x, y] = [12, pane.height - 14];
  for (const [width, colour] of [[3.5, halo], [1.5, ink]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x, y - 4); context.lineTo(x, y); context.lineTo(x + length, y); context.lineTo(x + length, y - 4);
    context.stroke();
  }
  label(context, size >= 10 ? `${size / 10} cm` : `${size} mm`, x + length + 7, y - 1, { colour: ink, halo, weight: 400 });
}

const strips = new WeakMap();

/** The colours of a table from the last above to the first below, one pixel each. */
function strip(table) {
  if (!strips.has(table)) {
    const canvas = new OffscreenCanvas(1, 256);
    const picture = new ImageData(1, 256);
    for (let n = 0; n < 256; n += 1) picture.data.set(table.subarray(4 * (255 - n), 4 * (256 - n)), 4 * n);
    canvas.getContext("2d").putImageData(picture, 0, 0);
    strips.set(table, canvas);
  }
  return strips.get(table);
}

/** The colours of a map with the values of its window, at the middle of the right side or, beside a whole body, at its foot. */
export function colourBar(context, pane, table, low, high, title, text, { isAtFoot = false, ...ink } = {}) {
  const height = Math.min(isAtFoot ? 96 : 160, pane.height - 96);
  if (height < 60) return;
  const [x, y] = [pane.width - 40, isAtFoot ? pane.height - height - 20 : (pane.height - height) / 2];
  context.drawImage(strip(table), x, y, 9, height);
  context.strokeStyle = "#8b97a3";
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, 10, height + 1);
  for (const t of [0, 0.5, 1]) label(context, text(low + t * (high - low)), x - 5, y + height * (1 - t), { ...ink, align: "right", weight: 400 });
  label(context, title, x + 10, y - 12, { ...ink, align: "right", weight: 400 });
}

/** The outline of voxels in the plane of a pane, on the grid on which they were found. */
function voxelOutline(context, pane, mask, point) {
  const volume = mask.lattice;
  const sizes = volume.size;
  const [h, v, n] = pane.axes.map((axis) => volume.axis(axis));
  const plane = Math.round(volume.place(point)[n]);
  mask.cells ??= cells(mask.runs);
  const at = (a, b) => {
    if (a < 0 || b < 0 || a >= sizes[h] || b >= sizes[v]) return false;
    const index = [0, 0, 0];
    index[h] = a; index[v] = b; index[n] = plane;
    return mask.cells.has((index[2] * sizes[1] + index[1]) * sizes[0] + index[0]);
  };
  mask.layers ??= new Map();
  const key = `${n} ${plane}`;
  let inside = mask.layers.get(key);
  if (!inside) {
    inside = [];
    for (const cell of mask.cells) {
      const index = [cell % sizes[0], Math.floor(cell / sizes[0]) % sizes[1], Math.floor(cell / sizes[0] / sizes[1])];
      if (index[n] === plane) inside.push([index[h], index[v]]);
    }
    mask.layers.set(key, inside);
  }
  context.beginPath();
  const corner = (a, b) => {
    const place = [0, 0, 0];
    place[h] = a; place[v] = b; place[n] = plane;
    return pane.toScreen(volume.point(place));
  };
  const edge = (a, b, c, d) => {
    const [p, q] = [corner(a, b), corner(c, d)];
    context.moveTo(...p);
    context.lineTo(...q);
  };
  for (const [a, b] of inside) {
    if (!at(a - 1, b)) edge(a - 0.5, b - 0.5, a - 0.5, b + 0.5);
    if (!at(a + 1, b)) edge(a + 0.5, b - 0.5, a + 0.5, b + 0.5);
    if (!at(a, b - 1)) edge(a - 0.5, b - 0.5, a + 0.5, b - 0.5);
    if (!at(a, b + 1)) edge(a - 0.5, b + 0.5, a + 0.5, b + 0.5);
  }
  context.stroke();
  return inside.length > 0;
}

/** A region in a pane; returns where its name can stand, the best place first, or nothing where the plane does not meet it. */
export function region(context, pane, one, { point, colour, isChosen, voxels, volume }) {
  const [h, v, n] = pane.axes;
  context.strokeStyle = colour;
  context.lineWidth = isChosen ? 2 : 1.25;
  context.setLineDash([]);
  const sphere = one.sphere ?? one.recipe?.sphere;
  let anchor = null;
  if (sphere) {
    const offset = sphere.centreMm[n] - point[n];
    const square = (sphere.diameterMm / 2) ** 2 - offset ** 2;
    if (square > 0) {
      const [x, y] = pane.toScreen(sphere.centreMm);
      const radius = Math.sqrt(square) / pane.mmPerPixel;
      if (one.recipe) context.setLineDash([4, 3]);
      context.beginPath();
      context.arc(x, y, radius, 0, 7);
      context.stroke();
      context.setLineDash([]);
      if (isChosen) handle(context, x + radius, y, colour);
      anchor = [x + radius * 0.75 + 4, y - radius * 0.75 - 6];
    }
  }
  if (one.box) {
    const { centreMm, sizeMm } = one.box;
    if (Math.abs(centreMm[n] - point[n]) <= sizeMm[n] / 2) {
      const [x, y] = pane.toScreen(centreMm);
      const [a, b] = [sizeMm[h] / 2 / pane.mmPerPixel, sizeMm[v] / 2 / pane.mmPerPixel];
      context.strokeRect(x - a, y - b, 2 * a, 2 * b);
      if (isChosen) handle(context, x + a, y + b, colour);
      anchor = [x + a + 4, y - b - 4];
    }
  }
  if (one.contours && n === 2) {
    for (const polygon of one.contours) {
      if (Math.abs(polygon[0][2] - point[2]) > (volume?.spacing[2] ?? 1) / 2) continue;
      context.beginPath();
      polygon.forEach((p, m) => context[m ? "lineTo" : "moveTo"](...pane.toScreen(p)));
      context.closePath();
      context.stroke();
      if (isChosen) for (const p of polygon) handle(context, ...pane.toScreen(p), colour);
      anchor = pane.toScreen(polygon[0]).map((value, m) => value + (m ? -8 : 6));
    }
  }
  if (voxels && !(one.sphere || one.box || (one.contours && n === 2))) {
    const lattice = voxels.lattice ??= new Lattice(voxels.grid);
    const isThere = voxelOutline(context, pane, voxels, point);
    if (isThere && !anchor) {
      const place = [0, 0, 0];
      place[lattice.axis(n)] = Math.round(lattice.place(point)[lattice.axis(n)]);
      const layer = voxels.layers.get(`${lattice.axis(n)} ${place[lattice.axis(n)]}`);
      [place[lattice.axis(h)], place[lattice.axis(v)]] = layer.reduce((a, b) => (b[0] > a[0] ? b : a));
      const [x, y] = pane.toScreen(lattice.point(place));
      anchor = [x + 8, y - 8];
    }
  }
  if (!anchor) return null;
  const [x, y] = anchor;
  return [[x, y, "left"], [x, y + 14, "left"], [x, y - 14, "left"], [x, y + 28, "left"], [x - 16, y, "right"], [x - 16, y + 14, "right"]];
}

function handle(context, x, y, colour) {
  context.fillStyle = "#000";
  context.fillRect(x - 3.5, y - 3.5, 7, 7);
  context.fillStyle = colour;
  context.fillRect(x - 2.5, y - 2.5, 5, 5);
}
