// A figure that the server drew: its marks have classes, so that light and dark follow the page.
import { make } from "./dom.mjs";

const scale = 1.15;

/** The width of a figure that fills a place of so many pixels. */
export const room = (pixels) => Math.round(Math.min(2400, Math.max(480, pixels / scale)));

/** The pixels across an element without its padding. */
export function inside(element) {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

/** Puts an SVG text of the server in place at its own size, no wider than its box. */
export function drawn(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (parsed.nodeName !== "svg") throw new Error("The figure cannot be read.");
  const svg = document.importNode(parsed, true);
  const [, , width] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("width", Math.round(width * scale));
  return make("div", { class: "drawn" }, svg);
}
