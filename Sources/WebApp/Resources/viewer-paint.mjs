// Slices through volumes: on the graphics unit where there is WebGL 2, else by the processor with the same arithmetic.

const vertex = `#version 300 es
in vec2 corner;
out vec2 at;
void main() { at = corner * 0.5 + 0.5; gl_Position = vec4(corner, 0.0, 1.0); }`;

const fragment = `#version 300 es
precision highp float;
precision highp sampler3D;
in vec2 at;
out vec4 colour;
uniform sampler3D volumes[2];
uniform sampler2D tables[2];
uniform vec3 origins[2], across[2], down[2];
uniform vec4 scales[2];
uniform int count;
uniform vec2 size;
vec4 layer(sampler3D volume, sampler2D table, vec3 place, vec4 scale) {
  if (any(lessThan(place, vec3(0.0))) || any(greaterThan(place, vec3(1.0)))) return vec4(0.0);
  vec2 bytes = texture(volume, place).rg * 255.0;
  float t = clamp((bytes.r + 256.0 * bytes.g) * scale.x + scale.y, 0.0, 1.0);
  vec3 c = texture(table, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
  return vec4(c, scale.z * (scale.w > 0.5 ? min(1.0, 2.5 * t) : 1.0));
}
void main() {
  vec2 pixel = vec2(at.x * size.x, (1.0 - at.y) * size.y);
  vec3 mixed = vec3(0.0);
  vec4 one = layer(volumes[0], tables[0], origins[0] + pixel.x * across[0] + pixel.y * down[0], scales[0]);
  mixed = mix(mixed, one.rgb, one.a);
  if (count > 1) {
    one = layer(volumes[1], tables[1], origins[1] + pixel.x * across[1] + pixel.y * down[1], scales[1]);
    mixed = mix(mixed, one.rgb, one.a);
  }
  colour = vec4(mixed, 1.0);
}`;

/** How a volume's stored numbers become places in its colour table: t = u · factor + offset. */
const scaling = (layer) => {
  const span = Math.max(1e-12, layer.high - layer.low);
  return [layer.volume.slope / span, (layer.volume.intercept - layer.low) / span];
};

class GraphicsPainter {
  constructor(canvas, gl) {
    Object.assign(this, { canvas, gl, textures: new Map(), tables: new Map() });
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(program, "corner");
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const at = (name) => gl.getUniformLocation(program, name);
    this.at = Object.fromEntries(["volumes", "tables", "origins", "across", "down", "scales", "count", "size"].map((name) => [name, at(name)]));
  }

  /** Binds the texture of a volume, with what has come of it since it was bound before. */
  texture(volume) {
    const { gl } = this;
    const [columns, rows, slices] = volume.size;
    let held = this.textures.get(volume);
    if (!held) {
      held = { texture: gl.createTexture(), slabs: 0 };
      gl.bindTexture(gl.TEXTURE_3D, held.texture);
      gl.texStorage3D(gl.TEXTURE_3D, 1, gl.RG8, columns, rows, slices);
      for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) gl.texParameteri(gl.TEXTURE_3D, axis, gl.CLAMP_TO_EDGE);
      this.textures.set(volume, held);
    } else gl.bindTexture(gl.TEXTURE_3D, held.texture);
    for (; held.slabs < volume.slabs.length; held.slabs += 1) {
      const [first, last] = volume.slabs[held.slabs];
      const bytes = new Uint8Array(volume.data.buffer, 2 * first * columns * rows, 2 * (last - first) * columns * rows);
      gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, first, columns, rows, last - first, gl.RG, gl.UNSIGNED_BYTE, bytes);
    }
  }

  bindTable(bytes) {
    const { gl } = this;
    let texture = this.tables.get(bytes);
    if (!texture) {
      texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      this.tables.set(bytes, texture);
    } else gl.bindTexture(gl.TEXTURE_2D, texture);
  }

  paint(context, plane, layers, isSmooth) {
    const { gl, at } = this;
    const { width, height } = context.canvas;
    if (this.canvas.width < width || this.canvas.height < height) {
      this.canvas.width = Math.max(width, this.canvas.width);
      this.canvas.height = Math.max(height, this.canvas.height);
    }
    gl.viewport(0, this.canvas.height - height, width, height);
    const vectors = { origins: [], across: [], down: [], scales: [] };
    const used = layers.length > 1 ? layers : [layers[0], layers[0]];
    used.forEach((layer, n) => {
      gl.activeTexture(gl.TEXTURE0 + n);
      this.texture(layer.volume);
      const filter = isSmooth ? gl.LINEAR : gl.NEAREST;
      gl.texParameteri(gl.TEXTURE_3D, gl.TEXTURE_MIN_FILTER, filter);
      gl.texParameteri(gl.TEXTURE_3D, gl.TEXTURE_MAG_FILTER, filter);
      gl.activeTexture(gl.TEXTURE2 + n);
      this.bindTable(layer.table);
      const size = layer.volume.size;
      vectors.origins.push(...layer.volume.place(plane.origin).map((value, m) => (value + 0.5) / size[m]));
      vectors.across.push(...layer.volume.placeStep(plane.across).map((value, m) => value / size[m]));
      vectors.down.push(...layer.volume.placeStep(plane.down).map((value, m) => value / size[m]));
      vectors.scales.push(...scaling(layer), layer.opacity, layer.isVeil ? 1 : 0);
    });
    gl.uniform1iv(at.volumes, [0, 1]);
    gl.uniform1iv(at.tables, [2, 3]);
    gl.uniform3fv(at.origins, vectors.origins);
    gl.uniform3fv(at.across, vectors.across);
    gl.uniform3fv(at.down, vectors.down);
    gl.uniform4fv(at.scales, vectors.scales);
    gl.uniform1i(at.count, layers.length);
    gl.uniform2f(at.size, width, height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    context.drawImage(this.canvas, 0, 0, width, height, 0, 0, width, height);
  }

  forget(volume) {
    this.gl.deleteTexture(this.textures.get(volume)?.texture ?? null);
    this.textures.delete(volume);
  }

  close() { this.gl.getExtension("WEBGL_lose_context")?.loseContext(); }
}

class ProcessorPainter {
  constructor() { [this.pictures, this.shades] = [new WeakMap(), new WeakMap()]; }

  paint(context, plane, layers, isSmooth) {
    const { width, height } = context.canvas;
    let picture = this.pictures.get(context);
    if (picture?.width !== width || picture?.height !== height) {
      picture = context.createImageData(width, height);
      this.pictures.set(context, picture);
    }
    const words = new Uint32Array(picture.data.buffer);
    words.fill(0xff000000);
    for (const layer of layers) this.lay(layer, plane, words, width, height, isSmooth);
    context.putImageData(picture, 0, 0);
  }

  lay(layer, plane, words, width, height, isSmooth) {
    const { volume, table, opacity, isVeil } = layer;
    const start = volume.place(plane.origin);
    const [across, down] = [volume.placeStep(plane.across), volume.placeStep(plane.down)];
    const alone = (step) => { const axes = [0, 1, 2].filter((n) => Math.abs(step[n]) > 1e-9); return axes.length === 1 ? axes[0] : null; };
    const [h, v] = [alone(across), alone(down)];
    const isStraight = h !== null && v !== null && h !== v;
    const fill = isStraight ? straightRows(volume, start, across, down, h, v, width, height, isSmooth) : obliqueRows(volume, start, across, down, isSmooth);
    const shades = this.shadesOf(layer);
    const colours = new Uint32Array(table.buffer, table.byteOffset, 256);
    const isOpaque = opacity === 1 && !isVeil;
    // How much of 256 parts the layer takes, for each of its colours.
    const weights = Array.from({ length: 256 }, (_, c) => Math.round(256 * opacity * (isVeil ? Math.min(1, 2.5 * c / 255) : 1)));
    const values = new Float32Array(width);
    for (let y = 0; y < height; y += 1) {
      if (!fill(y, values)) continue;
      for (let x = 0, n = y * width; x < width; x += 1, n += 1) {
        const value = values[x];
        if (value < 0) continue;
        const shade = shades[(value + 0.5) | 0];
        if (isOpaque) { words[n] = colours[shade]; continue; }
        const under = words[n], over = colours[shade], weight = weights[shade], rest = 256 - weight;
        const outer = (((under & 0xff00ff) * rest + (over & 0xff00ff) * weight) / 256) & 0xff00ff;
        const inner = (((under & 0xff00) * rest + (over & 0xff00) * weight) / 256) & 0xff00;
        words[n] = 0xff000000 | outer | inner;
      }
    }
  }

  /** Of each stored number its place in the colour table, 0 to 255. */
  shadesOf(layer) {
    const [factor, offset] = scaling(layer);
    let found = this.shades.get(layer.volume);
    if (found?.factor !== factor || found.offset !== offset) {
      const places = new Uint8Array(65536);
      for (let n = 0; n < 65536; n += 1) places[n] = Math.round(255 * Math.min(1, Math.max(0, n * factor + offset)));
      found = { factor, offset, places };
      this.shades.set(layer.volume, found);
    }
    return found.places;
  }

  forget() {}

  close() {}
}

/** Fills rows of the pane with stored numbers where they run along axes of the grid; -1 outside. */
function straightRows({ data, size }, start, across, down, h, v, width, height, isSmooth) {
  const strides = [1, size[0], size[0] * size[1]];
  // Of each place along an axis the voxel before it, -1 outside, and the share of the next one.
  const along = (axis, count, from, step) => {
    const [near, share] = [new Int32Array(count), new Float32Array(count)];
    for (let n = 0; n < count; n += 1) {
      const at = from + (n + 0.5) * step;
      if (at < -0.5 || at > size[axis] - 0.5) { near[n] = -1; continue; }
      const inside = Math.min(Math.max(at, 0), size[axis] - 1);
      near[n] = isSmooth ? Math.min(Math.floor(inside), Math.max(0, size[axis] - 2)) : Math.round(inside);
      share[n] = isSmooth ? inside - near[n] : 0;
    }
    return { near, share };
  };
  const normal = 3 - h - v;
  const [columns, rows, depth] = [along(h, width, start[h], across[h]), along(v, height, start[v], down[v]), along(normal, 1, start[normal], 0)];
  const [xs, us] = [columns.near, columns.share];
  const seen = xs.filter((x) => x >= 0);
  const [low, high] = [Math.min(...seen), Math.min(size[h] - 1, Math.max(...seen) + 1)];
  const w = depth.share[0];
  // The numbers between two rows of voxels and between two slices, as far as the pane needs them.
  const line = new Float32Array(size[h] + 1);
  return (y, values) => {
    if (rows.near[y] < 0 || depth.near[0] < 0 || seen.length === 0) return false;
    const s = rows.share[y];
    const [dy, dz] = [s > 0 ? strides[v] : 0, w > 0 ? strides[normal] : 0];
    let p = depth.near[0] * strides[normal] + rows.near[y] * strides[v] + low * strides[h];
    for (let k = low; k <= high; k += 1, p += strides[h]) {
      const near = data[p] + s * (data[p + dy] - data[p]);
      line[k] = dz === 0 ? near : near + w * (data[p + dz] + s * (data[p + dz + dy] - data[p + dz]) - near);
    }
    for (let x = 0; x < values.length; x += 1) {
      const k = xs[x];
      values[x] = k < 0 ? -1 : line[k] + us[x] * (line[k + 1] - line[k]);
    }
    return true;
  };
}

/** Fills rows of the pane with stored numbers in any plane; -1 outside. */
function obliqueRows({ data, size: [columns, rows, slices] }, start, across, down, isSmooth) {
  const [right, below, next] = [columns > 1 ? 1 : 0, rows > 1 ? columns : 0, slices > 1 ? columns * rows : 0];
  const sample = (x, y) => {
    const i = start[0] + (y + 0.5) * down[0] + (x + 0.5) * across[0];
    const j = start[1] + (y + 0.5) * down[1] + (x + 0.5) * across[1];
    const k = start[2] + (y + 0.5) * down[2] + (x + 0.5) * across[2];
    if (i < -0.5 || j < -0.5 || k < -0.5 || i > columns - 0.5 || j > rows - 0.5 || k > slices - 0.5) return -1;
    const a = Math.min(Math.max(i, 0), columns - 1), b = Math.min(Math.max(j, 0), rows - 1), c = Math.min(Math.max(k, 0), slices - 1);
    if (!isSmooth) return data[(Math.round(c) * rows + Math.round(b)) * columns + Math.round(a)];
    const p0 = Math.min(Math.floor(a), Math.max(0, columns - 2)), q0 = Math.min(Math.floor(b), Math.max(0, rows - 2)), r0 = Math.min(Math.floor(c), Math.max(0, slices - 2));
    const u = a - p0, v = b - q0, w = c - r0;
    const line = (q) => data[q] + u * (data[q + right] - data[q]);
    const sheet = (q) => { const top = line(q); return top + v * (line(q + below) - top); };
    const p = (r0 * rows + q0) * columns + p0;
    const near = sheet(p);
    return near + w * (sheet(p + next) - near);
  };
  return (y, values) => {
    for (let x = 0; x < values.length; x += 1) values[x] = sample(x, y);
    return true;
  };
}

/** Whether WebGL is computed by the processor. */
function isSoftware(gl) {
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}

/**
 * The painter for this machine. Where WebGL itself is computed by the processor the page is quicker by itself: `?webgl`
 * in the address asks for WebGL all the same, `?canvas` for the processor.
 */
export function makePainter(wish) {
  const canvas = document.createElement("canvas");
  const gl = wish === "canvas" ? null : canvas.getContext("webgl2", { antialias: false, depth: false, preserveDrawingBuffer: true });
  try {
    if (gl && (wish === "webgl" || !isSoftware(gl))) return { painter: new GraphicsPainter(canvas, gl), name: "WebGL 2" };
  } catch { /* The processor paints the same picture. */ }
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return { painter: new ProcessorPainter(), name: "canvas" };
}
