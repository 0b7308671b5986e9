// Shapes on planar scans, in pixels: an ellipse, a box or polygons.

export const rounded = (value) => Math.round(value * 100) / 100;

/** The corners of a shape, in pixels. */
export function outline(shape) {
  if (shape.ellipse) {
    const { centre: [x, y], semiaxes: [a, b] } = shape.ellipse;
    return [Array.from({ length: 64 }, (_, n) => [x + a * Math.cos(n * Math.PI / 32), y + b * Math.sin(n * Math.PI / 32)])];
  }
  if (shape.box) {
    const [[left, right], [top, bottom]] = [shape.box.columns, shape.box.rows];
    return [[[left - 0.5, top - 0.5], [right + 0.5, top - 0.5], [right + 0.5, bottom + 0.5], [left - 0.5, bottom + 0.5]]];
  }
  return shape.polygons ?? [];
}

export function isInside(polygons, x, y) {
  let inside = false;
  for (const polygon of polygons) {
    polygon.forEach(([a, b], n) => {
      const [c, d] = polygon[(n + polygon.length - 1) % polygon.length];
      if ((b > y) !== (d > y) && x < ((c - a) * (y - b)) / (d - b) + a) inside = !inside;
    });
  }
  return inside;
}

export function move(shape, dx, dy) {
  if (shape.ellipse) shape.ellipse.centre = [rounded(shape.ellipse.centre[0] + dx), rounded(shape.ellipse.centre[1] + dy)];
  else if (shape.box) {
    shape.box.columns = shape.box.columns.map((value) => Math.round(value + dx));
    shape.box.rows = shape.box.rows.map((value) => Math.round(value + dy));
  } else shape.polygons = shape.polygons.map((polygon) => polygon.map(([x, y]) => [rounded(x + dx), rounded(y + dy)]));
}

export function resize(shape, dx, dy) {
  if (shape.ellipse) shape.ellipse.semiaxes = [Math.max(1, rounded(shape.ellipse.semiaxes[0] + dx)), Math.max(1, rounded(shape.ellipse.semiaxes[1] + dy))];
  else if (shape.box) {
    shape.box.columns[1] = Math.max(shape.box.columns[0], Math.round(shape.box.columns[1] + dx));
    shape.box.rows[1] = Math.max(shape.box.rows[0], Math.round(shape.box.rows[1] + dy));
  } else {
    const points = shape.polygons.flat();
    const middle = [0, 1].map((n) => points.reduce((sum, point) => sum + point[n], 0) / points.length);
    const reach = [0, 1].map((n) => Math.max(1, ...points.map((point) => Math.abs(point[n] - middle[n]))));
    const factor = [Math.max(0.1, 1 + dx / reach[0]), Math.max(0.1, 1 + dy / reach[1])];
    shape.polygons = shape.polygons.map((polygon) => polygon.map((point) => point.map((value, n) => rounded(middle[n] + factor[n] * (value - middle[n])))));
  }
}
