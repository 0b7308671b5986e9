// A figure that the server drew: its marks have classes, so that light and dark follow the page.
import { make } from "./dom.mjs";

/** Puts an SVG text of the server in place at its own size, no wider than its box. */
export function drawn(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (parsed.nodeName !== "svg") throw new Error("The figure cannot be read.");
  const svg = document.importNode(parsed, true);
  const [, , width] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("width", Math.round(width * 1.15));
  return make("div", { class: "drawn" }, svg);
}
