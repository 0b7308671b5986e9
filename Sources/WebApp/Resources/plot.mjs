// SVG drawn to the size of its box, so that text keeps its size; drawn again when the box changes.
const space = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function mark(name, attributes = {}, ...children) {
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
  element.append(...children.flat(Infinity).filter((child) => child != null));
  return element;
}

export const text = (content, x, y, className = "") => mark("text", { x: round(x), y: round(y), class: className }, content);
export const round = (value) => Math.round(value * 10) / 10;
export const line = (points) => points.map(([x, y], index) => `${index ? "L" : "M"}${round(x)} ${round(y)}`).join("");

/** From values to places. */
export function scale(low, high, start, end, isLogarithmic = false) {
  const of = isLogarithmic ? Math.log10 : (value) => value;
  const [a, b] = [of(low), of(high)];
  return (value) => start + (of(value) - a) / (b - a) * (end - start);
}

/** Round values from low to high, about as many as asked for. */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough * 0.999);
  const found = [];
  for (let index = Math.ceil(low / step - 1e-9) + 0; index * step <= high + step * 1e-9; index += 1) found.push(index * step + 0);
  return found;
}

/** A figure in a box: `draw(width, height)` gives its marks; `label` is the sentence for those who do not see it. */
export function figure(box, label, draw) {
  const show = () => {
    const width = Math.max(160, box.clientWidth - 24);
    const height = Math.max(120, box.clientHeight - 12);
    box.replaceChildren(mark("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label() },
      ...draw(width, height)));
  };
  const observer = new ResizeObserver(show);
  observer.observe(box);
  return { show, end: () => observer.disconnect() };
}

export const organClass = { kidneys: "kl", "kidney-left": "kl", "kidney-right": "kr", liver: "li", spleen: "sp", marrow: "ma",
  "marrow-l2-l4": "ma", "marrow-L2-L4": "ma", "whole-body": "wb", blood: "bl", lesion: "le" };
