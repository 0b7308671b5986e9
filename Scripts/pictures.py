"""What regions of a page look like, told in numbers that no font changes: ground, ink, edges, colours, where ink is."""
import base64

MEASURE = r"""
const [png, wanted] = arguments;
const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
return createImageBitmap(new Blob([bytes], { type: "image/png" })).then((bitmap) => {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (name) => {
    const element = document.createElement("i");
    element.style.color = name.startsWith("--") ? `var(${name})` : name;
    document.body.append(element);
    probe.fillStyle = getComputedStyle(element).color;
    element.remove();
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const apart = (a, b) => Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));
  return wanted.map(({ selector, ground, colours }) => {
    const element = document.querySelector(selector);
    if (!element) return null;
    const box = element.getBoundingClientRect();
    const [x0, y0] = [Math.max(0, Math.round(box.left)), Math.max(0, Math.round(box.top))];
    const [width, height] = [Math.min(bitmap.width, Math.round(box.right)) - x0, Math.min(bitmap.height, Math.round(box.bottom)) - y0];
    if (width < 4 || height < 4) return null;
    const { data } = context.getImageData(x0, y0, width, height);
    const pixel = (n) => [data[4 * n], data[4 * n + 1], data[4 * n + 2]];
    const counts = new Map();
    for (let n = 0; n < width * height; n += 1) { const key = (data[4 * n] << 16) | (data[4 * n + 1] << 8) | data[4 * n + 2]; counts.set(key, (counts.get(key) ?? 0) + 1); }
    const [most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    const common = [most >> 16, (most >> 8) & 255, most & 255];
    const inks = colours.map(rgb);
    const near = colours.map(() => 0);
    const [columns, rows] = [24, 16];
    const cells = new Array(columns * rows).fill(0);
    let [ink, edges] = [0, 0];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const here = pixel(y * width + x);
        inks.forEach((one, n) => { if (apart(here, one) < 20) near[n] += 1; });
        if (apart(here, common) > 16) { ink += 1; cells[Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width)] += 1; }
        if (x + 1 < width && apart(here, pixel(y * width + x + 1)) > 24) edges += 1;
      }
    }
    const area = width * height;
    return { width, height, common, ground: ground ? rgb(ground) : null, ink: ink / area, edges: edges / area, near,
      cells: cells.map((n) => n > 2) };
  });
});
"""


def measure(browser, wanted):
    """Regions of what the browser shows now: a list as long as `wanted`, of None where there is no such region."""
    png = base64.b64encode(browser.picture()).decode()
    return browser.js(MEASURE, png, wanted)


def likeness(a, b):
    """The share of the cells of two regions that both hold ink or both do not."""
    return sum(x == y for x, y in zip(a["cells"], b["cells"])) / len(a["cells"])
