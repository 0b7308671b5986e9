// Colour maps: the stops of tokens.css, interpolated in OKLab so that equal steps of value look equal.

const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const gamma = (c) => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);

function toLab([r, g, b]) {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function fromLab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
}

function perceptual(name) {
  const style = getComputedStyle(document.documentElement);
  const stops = Array.from({ length: 9 }, (_, n) => {
    const hex = style.getPropertyValue(`--${name}-${n}`).trim();
    return toLab([1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)));
  });
  return (t) => {
    const at = Math.min(t * 8, 7.9999);
    const [k, u] = [Math.floor(at), at % 1];
    return fromLab(stops[k].map((value, n) => value * (1 - u) + stops[k + 1][n] * u)).map((c) => 255 * gamma(Math.min(1, Math.max(0, c))));
  };
}

const hotIron = (t) => [Math.min(255, 510 * t), Math.max(0, Math.min(255, 510 * (t - 0.5))), Math.max(0, Math.min(255, 1020 * (t - 0.75)))];
const maps = {
  ember: () => perceptual("ember"), tide: () => perceptual("tide"), inverted: () => (t) => [255 - 255 * t, 255 - 255 * t, 255 - 255 * t],
  grey: () => (t) => [255 * t, 255 * t, 255 * t], hotiron: () => hotIron,
};
const made = new Map();

/** The names of the maps for uptake, concentration and dose. */
export const mapNames = ["ember", "tide", "inverted", "hotiron"];

/** 256 colours of a map, four bytes each. */
export function table(name) {
  if (!made.has(name)) {
    const colour = maps[name]();
    const bytes = new Uint8Array(1024);
    for (let n = 0; n < 256; n += 1) bytes.set([...colour(n / 255).map(Math.round), 255], 4 * n);
    made.set(name, bytes);
  }
  return made.get(name);
}
