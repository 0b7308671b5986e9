// Elements made without markup in strings: text from files is text.

/** An element with attributes and children; a child that is text stays text, one that is null is left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null));
  return element;
}

/** Sets a text that is not there already. */
export function write(element, text) { if (element.textContent !== text) element.textContent = text; }

const shapes = {
  serious: "M5 1h6l4 4v6l-4 4H5l-4-4V5Zm2.1 3v5h1.8V4Zm0 6.2V12h1.8v-1.8Z",
  caution: "M8 1.2 15.4 14.6H.6Zm-.9 4.9v4.2h1.8V6.1Zm0 5.3v1.7h1.8v-1.7Z",
  ok: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.3 3.9L7 9.2 4.8 7 3.6 8.2 7 11.6 12.5 6.1Z",
  refused: "M3.4 3.4 12.6 12.6M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z",
  info: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm-.9 5.7v5h1.8v-5Zm0-2.6v1.8h1.8V4.1Z",
};

/** The icon of a severity, with its word for those who do not see it. */
export function icon(severity, label) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `i ${severity}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const path = document.createElementNS(space, "path");
  const isDrawn = severity === "refused";
  path.setAttribute("fill", isDrawn ? "none" : "currentColor");
  if (isDrawn) {
    path.setAttribute("stroke", "currentColor");
    path.setAttribute("stroke-width", "2");
  }
  path.setAttribute("d", shapes[severity] ?? shapes.info);
  svg.append(path);
  return svg;
}

/** The list of findings as the design has it, worst first as it came. */
export function findingList(list, severityName) {
  return list.map((finding) => make("div", { class: `finding ${finding.severity}` },
    icon(finding.severity, severityName(finding.severity)),
    make("p", {}, finding.title ? make("b", {}, `${finding.title} `) : null, finding.subject ? `${finding.subject}: ` : null, finding.text),
    finding.origin ? make("small", {}, finding.origin) : null));
}

/** What was found and what to do, hatched. */
export function refusal(reason, remedy, label) {
  return make("div", { class: "refusal", role: "alert" }, icon("refused", label), " ", make("b", {}, reason), make("div", { class: "do" }, remedy ?? ""));
}

/** What keys ask to be done, `undo` or `redo`; what is typed in a field for text is the field's own. */
export function stepOf(event) {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches?.("textarea, input:not([type=range], [type=checkbox], [type=radio])")) return null;
  const key = event.key.toLowerCase();
  if (key === "y") return "redo";
  return key === "z" ? (event.shiftKey ? "redo" : "undo") : null;
}

/** A row of buttons of which one is pressed. */
export function segments(label, choices, chosen, choose) {
  const buttons = choices.map(([value, text]) => make("button", {
    type: "button", "aria-pressed": String(value === chosen), "data-value": value, onclick: () => choose(value) }, text));
  return make("span", { class: "seg", role: "group", "aria-label": label }, buttons);
}
