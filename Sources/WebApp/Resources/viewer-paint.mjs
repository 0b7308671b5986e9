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
    this.limit = gl.getParameter(gl.MAX_3D_TEXTURE_SIZE);
  }

  takes(volume) { return Math.max(...volume.size) <= this.limit; }

  texture(volume) {
    const { gl } = this;
    const [columns, rows, slices] = volume.size;
    let texture = this.textures.get(volume);
    if (!texture) {
      texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_3D, texture);
      gl.texStorage3D(gl.TEXTURE_3D, 1, gl.RG8, columns, rows, slices);
      for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) gl.texParameteri(gl.TEXTURE_3D, axis, gl.CLAMP_TO_EDGE);
      this.textures.set(volume, texture);
      volume.changed = volume.loaded > 0 ? [0, volume.loaded] : null;
    } else gl.bindTexture(gl.TEXTURE_3D, texture);
    if (volume.changed) {
      const [first, last] = volume.changed;
      const bytes = new Uint8Array(volume.data.buffer, 2 * first * columns * rows, 2 * (last - first) * columns * rows);
      gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, first, columns, rows, last - first, gl.RG, gl.UNSIGNED_BYTE, bytes);
      volume.changed = null;
    }
    return texture;
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
    this.gl.deleteTexture(this.textures.get(volume) ?? null);
    this.textures.delete(volume);
  }

  close() { this.gl.getExtension("WEBGL_lose_context")?.loseContext(); }
}

class ProcessorPainter {
  takes() { return true; }

  paint(context, plane, layers, isSmooth) {
    const { width, height } = context.canvas;
    const picture = context.createImageData(width, height);
    const pixels = picture.data;
    for (let n = 3; n < pixels.length; n += 4) pixels[n] = 255;
    for (const layer of layers) this.lay(layer, plane, pixels, width, height, isSmooth);
    context.putImageData(picture, 0, 0);
  }

  lay(layer, plane, pixels, width, height, isSmooth) {
    const { data, size: [columns, rows, slices] } = layer.volume;
    const start = layer.volume.place(plane.origin);
    const [across, down] = [layer.volume.placeStep(plane.across), layer.volume.placeStep(plane.down)];
    const [factor, offset] = scaling(layer);
    const { table, opacity, isVeil } = layer;
    const [right, below, next] = [columns > 1 ? 1 : 0, rows > 1 ? columns : 0, slices > 1 ? columns * rows : 0];
    const nearest = (i, j, k) => data[(Math.min(slices - 1, Math.max(0, Math.round(k))) * rows + Math.min(rows - 1, Math.max(0, Math.round(j)))) * columns
      + Math.min(columns - 1, Math.max(0, Math.round(i)))];
    const between = (i, j, k) => {
      const x = Math.min(Math.max(i, 0), columns - 1), y = Math.min(Math.max(j, 0), rows - 1), z = Math.min(Math.max(k, 0), slices - 1);
      const a = Math.min(Math.floor(x), Math.max(0, columns - 2)), b = Math.min(Math.floor(y), Math.max(0, rows - 2)), c = Math.min(Math.floor(z), Math.max(0, slices - 2));
      const u = x - a, v = y - b, w = z - c;
      const p = (c * rows + b) * columns + a;
      const line = (q) => data[q] + u * (data[q + right] - data[q]);
      const sheet = (q) => { const top = line(q); return top + v * (line(q + below) - top); };
      const near = sheet(p);
      return near + w * (sheet(p + next) - near);
    };
    const sample = isSmooth ? between : nearest;
    for (let y = 0, n = 0; y < height; y += 1) {
      let i = start[0] + (y + 0.5) * down[0] + 0.5 * across[0];
      let j = start[1] + (y + 0.5) * down[1] + 0.5 * across[1];
      let k = start[2] + (y + 0.5) * down[2] + 0.5 * across[2];
      for (let x = 0; x < width; x += 1, n += 4, i += across[0], j += across[1], k += across[2]) {
        if (i < -0.5 || j < -0.5 || k < -0.5 || i > columns - 0.5 || j > rows - 0.5 || k > slices - 0.5) continue;
        const t = Math.min(1, Math.max(0, sample(i, j, k) * factor + offset));
        const c = 4 * Math.round(255 * t);
        const weight = opacity * (isVeil ? Math.min(1, 2.5 * t) : 1);
        pixels[n] += weight * (table[c] - pixels[n]);
        pixels[n + 1] += weight * (table[c + 1] - pixels[n + 1]);
        pixels[n + 2] += weight * (table[c + 2] - pixels[n + 2]);
      }
    }
  }

  forget() {}

  close() {}
}

/** The painter for this machine; `#canvas` in the address asks for the processor. */
export function makePainter(wantsProcessor) {
  const canvas = document.createElement("canvas");
  const gl = wantsProcessor ? null : canvas.getContext("webgl2", { antialias: false, depth: false, preserveDrawingBuffer: true });
  try {
    if (gl) return { painter: new GraphicsPainter(canvas, gl), name: "WebGL 2" };
  } catch { /* The processor paints the same picture. */ }
  return { painter: new ProcessorPainter(), name: "canvas" };
}
