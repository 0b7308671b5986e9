// Volumes in the page: 16-bit numbers fetched in slabs, and where the patient's coordinates lie among their voxels.
import { answer, get } from "./api.mjs";

const slabBytes = 4 << 20;

/** The inverse of the matrix whose columns are three vectors, as rows. */
function inverse(a, b, c) {
  const cross = (u, v) => [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const [bc, ca, ab] = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  return [bc, ca, ab].map((row) => row.map((value) => value / determinant));
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a) => Math.hypot(...a);

/** Where the voxels of a grid lie. */
export class Lattice {
  constructor(grid) {
    this.grid = grid;
    this.size = [grid.columns, grid.rows, grid.slices];
    this.steps = [grid.columnStepMm, grid.rowStepMm, grid.sliceStepMm];
    this.spacing = this.steps.map(length);
    this.register(null);
  }

  /** Lays the volume on another by `{origin, x, y, z}`, where its points go; null for as it is. */
  register(registration) {
    this.registration = registration;
    let [origin, steps] = [this.grid.originMm, this.steps];
    if (registration) {
      const turned = (v) => [0, 1, 2].map((n) => registration.x[n] * v[0] + registration.y[n] * v[1] + registration.z[n] * v[2]);
      steps = steps.map(turned);
      origin = turned(origin).map((value, n) => value + registration.origin[n]);
    }
    this.origin = origin;
    this.shown = steps;
    this.rowsOfInverse = inverse(...steps);
  }

  /** Column, row and slice of a point, 0 at the centre of the first voxel. */
  place(point) {
    const offset = point.map((value, n) => value - this.origin[n]);
    return this.rowsOfInverse.map((row) => dot(row, offset));
  }

  /** The change of place along a vector in mm. */
  placeStep(vector) { return this.rowsOfInverse.map((row) => dot(row, vector)); }

  /** The centre of a voxel in mm. */
  point(place) {
    return [0, 1, 2].map((n) => this.origin[n] + place[0] * this.shown[0][n] + place[1] * this.shown[1][n] + place[2] * this.shown[2][n]);
  }

  /** Which axis of the grid runs along an axis of the patient. */
  axis(n) {
    const sizes = this.shown.map((step, m) => Math.abs(step[n]) / length(this.shown[m]));
    return sizes.indexOf(Math.max(...sizes));
  }

  /** The least and the largest coordinates of the voxels' edges. */
  get bounds() {
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => this.point([0, 1, 2].map((m) => (n >> m & 1 ? this.size[m] - 0.5 : -0.5))));
    return [0, 1, 2].map((n) => [Math.min(...corners.map((c) => c[n])), Math.max(...corners.map((c) => c[n]))]);
  }
}

/** A volume of one series; `data` fills while `slabs` of slices come. */
export class Volume extends Lattice {
  constructor(header, entry) {
    super(header.grid);
    Object.assign(this, header);
    this.entry = entry;
    this.data = new Uint16Array(this.size[0] * this.size[1] * this.size[2]);
    this.slabs = [];
  }

  /** How many slices are there. */
  get loaded() { return this.slabs.reduce((count, [first, last]) => count + last - first, 0); }

  /** The value of the voxel that holds a point; null outside. */
  value(point) {
    const place = this.place(point).map(Math.round);
    if (place.some((value, n) => value < 0 || value >= this.size[n])) return null;
    return this.data[(place[2] * this.size[1] + place[1]) * this.size[0] + place[0]] * this.slope + this.intercept;
  }
}

/** Opens a series: its description at once, its voxels slab by slab from the middle outwards; `progress` is called after each. */
export async function openVolume(path, entry, progress, wanted = () => true) {
  const query = `case=${encodeURIComponent(path)}&series=${entry.uid}`;
  const volume = new Volume(await get("/api/volume", { case: path, series: entry.uid }), entry);
  const size = volume.size[0] * volume.size[1];
  const count = Math.max(1, Math.floor(slabBytes / (2 * size)));
  const load = async () => {
    const starts = Array.from({ length: Math.ceil(volume.size[2] / count) }, (_, n) => n * count);
    const aside = (first) => Math.abs(2 * first + count - volume.size[2]);
    for (const first of starts.sort((a, b) => aside(a) - aside(b))) {
      if (!wanted()) return;
      const last = Math.min(volume.size[2], first + count);
      const response = await answer(`/api/slices?${query}&first=${first}&count=${last - first}`);
      const bytes = await response.arrayBuffer();
      volume.data.set(new Uint16Array(bytes), first * size);
      volume.slabs.push([first, last]);
      progress(volume);
    }
  };
  volume.complete = load();
  return volume;
}

/** The frames of a rotating projection: `{columns, rows, pixelMm, frames: [Uint16Array]}`. */
export async function openProjection(path, uid, frames = 36) {
  const response = await answer(`/api/projection?case=${encodeURIComponent(path)}&series=${uid}&frames=${frames}`);
  const picture = JSON.parse(response.headers.get("Endora-Picture"));
  const data = new Uint16Array(await response.arrayBuffer());
  const size = picture.columns * picture.rows;
  return { ...picture, frames: Array.from({ length: picture.frames }, (_, n) => data.subarray(n * size, (n + 1) * size)) };
}
