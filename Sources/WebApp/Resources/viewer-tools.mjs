// The tools of the viewer: buttons, and what the pointer does in a pane.
import { make, segments } from "./dom.mjs";
import { mapNames, table } from "./viewer-colour.mjs";
import { label } from "./viewer-overlay.mjs";
import { cells, runs, shift } from "./viewer-regions.mjs";
import { anatomyWindows, uptakeWindows } from "./viewer-windows.mjs";
import { word } from "./viewer-words.mjs";
import { number } from "./words.mjs";

/** Name, key and glyph of each tool. */
export const tools = [
  ["cross", "toolCross", "C", "M8 1.5v13M1.5 8h13"], ["window", "toolWindow", "W", "M8 2a6 6 0 1 0 0 12ZM8 2a6 6 0 0 1 0 12"],
  ["pan", "toolPan", "H", "M8 1v14M1 8h14M8 1 6 3m2-2 2 2M8 15l-2-2m2 2 2-2M1 8l2-2M1 8l2 2m12-2-2-2m2 2-2 2"], null,
  ["sphere", "toolSphere", "S", "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM2.5 8c3 2 8 2 11 0"], ["box", "toolBox", "B", "M3 3h10v10H3Z"],
  ["polygon", "toolPolygon", "P", "M3 12 5 4l7-1 1.500 6L9 13.500Z"], ["brush", "toolBrush", "D", "m9 7 4.500-4.500M3 13c0-3 1.500-4.500 3-4.500S8.500 10 7.500 11.500 5 13 3 13Z"],
  ["threshold", "toolThreshold", "T", "M2 13.500h12M3 11l3-5 2 3 2-6 3 8"], null,
  ["distance", "toolDistance", "L", "M2 11 11 2l3 3-9 9ZM5 8l1.500 1.500M8 5l1.500 1.500"],
];

function glyph(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const shape = document.createElementNS(space, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": "1.4", "stroke-linejoin": "round", "aria-hidden": "true" })) svg.setAttribute(key, value);
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export function setTool(viewer, tool) {
  viewer.tool = tool;
  viewer.polygon = null;
  viewer.ruler = tool === "distance" ? viewer.ruler : null;
  for (const button of viewer.toolbar.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
  viewer.stage.dataset.tool = tool;
  viewer.changed();
}

/** Fills the toolbar and the bar below the pictures. */
export function fillTools(viewer) {
  const button = ([name, text, key, path]) => make("button", {
    type: "button", title: `${word(text)} (${key})`, "aria-label": word(text), "aria-keyshortcuts": key, "data-tool": name, "aria-pressed": String(viewer.tool === name),
    onclick: () => setTool(viewer, name) }, glyph(path));
  viewer.toolbar.replaceChildren(...tools.map((tool) => (tool ? button(tool) : make("hr"))),
    make("button", { type: "button", title: `${word("undo")} (Ctrl Z)`, "aria-label": word("undo"), onclick: () => viewer.regions.undo() }, glyph("M3 6h6.500a3.500 3.500 0 1 1 0 7H6M3 6l3-3M3 6l3 3")),
    make("button", { type: "button", title: `${word("redo")} (Ctrl Shift Z)`, "aria-label": word("redo"), onclick: () => viewer.regions.redo() }, glyph("M13 6H6.500a3.500 3.500 0 1 0 0 7H10M13 6l-3-3m3 3-3 3")),
    make("button", { type: "button", title: `${word("figure")} (E)`, "aria-label": word("figure"), "data-act": "figure", onclick: () => viewer.saveFigure() }, glyph("M2 5h3l1-1.500h4L11 5h3v8H2ZM8 7a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z")),
    make("button", { type: "button", title: `${word("help")} (?)`, "aria-label": word("help"), onclick: () => viewer.toggleHelp() }, glyph("M6 6a2 2 0 1 1 2.500 2c-.5.300-.5.700-.5 1.500M8 12v.5")));
  viewer.toggleHelp = () => help(viewer);
  viewer.tools = () => fillBar(viewer);
  viewer.drawTool = (context, pane) => drawTool(viewer, context, pane);
  fillBar(viewer);
}

function title(entry) {
  const time = entry.hours != null ? `${number(entry.hours, 1)} ${word("hours")}` : (entry.acquired ?? "").replace("T", " ").slice(0, 16);
  const kind = entry.kind === "quantitative SPECT" ? "SPECT" : entry.kind;
  return [kind, entry.description !== kind ? entry.description : null, time].filter(Boolean).join(" · ");
}

function fillBar(viewer) {
  const list = (name, entries, chosen, choose) => make("label", {}, word(name), " ", make("select", {
    class: "field", "aria-label": word(name), onchange: (event) => choose(entries.find((entry) => entry.uid === event.target.value) ?? null) },
    make("option", { value: "" }, word("noSeries")),
    ...entries.map((entry) => make("option", { value: entry.uid, selected: entry === chosen }, title(entry)))));
  const again = (key) => async (entry) => {
    if (!entry && !(key === "anatomy" ? viewer.emission : viewer.anatomy) && !viewer.doseEntry) return;
    viewer[key] = entry;
    await viewer.choose();
    fillBar(viewer);
  };
  const parts = [segments(word("layout"), [["tri", word("tri")], ...(viewer.timeEntries.length > 1 ? [["times", word("times")]] : [])], viewer.layout, (value) => viewer.setLayout(value))];
  if (viewer.layout === "times") {
    parts.push(segments(word("layout"), ["axial", "coronal", "sagittal"].map((plane) => [plane, word(plane)]), viewer.timePlane, (plane) => { viewer.timePlane = plane; viewer.setLayout("times"); }));
    parts.push(make("label", { title: word("registerHelp") }, make("input", { type: "checkbox", checked: Boolean(viewer.isRegistered), onchange: (event) => viewer.register(event.target.checked) }), " ", word("registered")));
  }
  if (viewer.anatomies.length > 0) parts.push(list("anatomy", viewer.anatomies, viewer.anatomy, again("anatomy")));
  if (viewer.emissions.length > 0) parts.push(list("uptake", viewer.emissions, viewer.emission, again("emission")));
  if (viewer.overlay) {
    const windows = uptakeWindows(viewer.overlay);
    parts.push(segments(`${word("window")} ${viewer.overlayTitle}`, windows.map((high) => [high, `0–${viewer.shown(high)}`]), viewer.high, (high) => { viewer.setWindow(0, high); fillBar(viewer); }));
    const bound = (name, key) => make("input", { class: "field bound", type: "number", step: "any", "aria-label": word(name), title: word(name),
      value: Number((viewer[key] * viewer.overlay.readings[0].factor).toPrecision(4)), onchange: (event) => {
        const value = event.target.valueAsNumber / viewer.overlay.readings[0].factor;
        if (Number.isFinite(value)) viewer.setWindow(key === "low" ? value : viewer.low, key === "high" ? value : viewer.high);
      } });
    parts.push(make("span", { class: "bounds" }, bound("lowest", "low"), "–", bound("highest", "high"), " ", viewer.overlayTitle));
    parts.push(make("label", {}, word("map"), " ", make("select", { class: "field", "aria-label": word("map"), onchange: (event) => viewer.setMap(event.target.value) },
      ...mapNames.map((name) => make("option", { value: name, selected: name === viewer.map }, word(name))))));
    if (viewer.base) parts.push(make("label", { class: "fusion" }, word("fusion"), " ", make("input", { type: "range", min: 0, max: 100, value: Math.round(100 * viewer.fusion), "aria-label": word("fusion"),
      oninput: (event) => { viewer.fusion = event.target.value / 100; viewer.redraw(); } })));
  }
  if (viewer.base?.quantity === "hounsfield") {
    parts.push(make("label", {}, "CT ", make("select", { class: "field", "aria-label": `CT ${word("window")}`, onchange: (event) => {
      const [, low, high] = anatomyWindows[event.target.value];
      viewer.anatomyWindow = [low, high];
      viewer.changed();
    } }, ...anatomyWindows.map(([name, low, high], n) => make("option", { value: n, selected: viewer.anatomyWindow[0] === low && viewer.anatomyWindow[1] === high }, word(name))))));
  }
  viewer.bar.replaceChildren(...parts);
}

function help(viewer) {
  const old = viewer.stage.parentElement.querySelector(".keyhelp");
  if (old) { old.remove(); return; }
  const close = make("button", { class: "btn", type: "button", onclick: () => help(viewer) }, word("close"));
  viewer.stage.parentElement.append(make("div", { class: "card keyhelp", role: "dialog", "aria-label": word("help") },
    make("div", { class: "head" }, make("h2", {}, word("help")), make("span", { class: "end" }, close)),
    make("dl", { class: "pad" }, ...word("keyRows").map(([key, text]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)))),
    make("p", { class: "small pad" }, `${word("painter")} ${viewer.painterName}`)));
  close.focus();
}

/** Drawn while a tool is at work. */
function drawTool(viewer, context, pane) {
  if (viewer.polygon?.pane === pane) {
    context.strokeStyle = "#ffd75e";
    context.lineWidth = 1.5;
    context.beginPath();
    viewer.polygon.points.forEach((point, n) => context[n ? "lineTo" : "moveTo"](...pane.toScreen(point)));
    context.stroke();
    for (const point of viewer.polygon.points) { const [x, y] = pane.toScreen(point); context.fillStyle = "#ffd75e"; context.fillRect(x - 2.5, y - 2.5, 5, 5); }
  }
  if (viewer.ruler?.pane === pane) {
    const [a, b] = [viewer.ruler.from, viewer.ruler.to].map((point) => pane.toScreen(point));
    context.strokeStyle = "#ffd75e";
    context.lineWidth = 1.5;
    context.beginPath(); context.moveTo(...a); context.lineTo(...b); context.stroke();
    const length = Math.hypot(...viewer.ruler.from.map((value, n) => value - viewer.ruler.to[n]));
    label(context, `${number(length, 1)} mm`, (a[0] + b[0]) / 2 + 8, (a[1] + b[1]) / 2 - 8, { colour: "#ffd75e" });
  }
  if (viewer.stroke?.pane === pane && viewer.tool === "brush") {
    context.strokeStyle = "#ffd75e";
    context.beginPath();
    context.arc(...viewer.stroke.at, viewer.brush / 2 / pane.mmPerPixel, 0, 7);
    context.stroke();
  }
}

/** Makes a region of a tool at a point. */
export function placeRegion(viewer, tool, point) {
  const centreMm = point.map((value) => Math.round(value * 100) / 100);
  const { regions } = viewer;
  const site = viewer.site;
  const base = site ? { name: site, site } : { name: regions.freeName(word(`tool${tool[0].toUpperCase()}${tool.slice(1)}`)) };
  if (tool === "sphere") regions.add({ ...base, sphere: { centreMm, diameterMm: viewer.diameter } });
  else if (tool === "box") regions.add({ ...base, box: { centreMm, sizeMm: [viewer.diameter, viewer.diameter, viewer.diameter] } });
  else if (tool === "threshold") {
    const volume = viewer.overlay ?? viewer.base;
    const recipe = { sphere: { centreMm, diameterMm: Math.max(30, viewer.diameter) }, threshold: viewer.threshold, parts: "hottest", series: volume.uid };
    const place = volume.place(point).map((value, n) => Math.min(volume.size[n] - 1, Math.max(0, Math.round(value))));
    const cell = (place[2] * volume.size[1] + place[1]) * volume.size[0] + place[0];
    regions.add({ ...base, voxels: { grid: volume.grid, runs: [cell, 1] }, recipe });
  }
  viewer.advanceSite?.();
}

/** Closes the polygon and adds it to the chosen region when that is one of contours. */
export function closePolygon(viewer) {
  const { polygon, regions } = viewer;
  viewer.polygon = null;
  if (!polygon || polygon.points.length < 3) { viewer.redraw(); return; }
  const contour = polygon.points.map((point) => point.map((value) => Math.round(value * 100) / 100));
  const chosen = regions.selected;
  if (chosen?.contours) {
    regions.keep();
    chosen.contours = [...chosen.contours, contour];
    regions.touch(chosen);
  } else regions.add({ name: regions.freeName(word("toolPolygon")), contours: [contour] });
}

/** Voxels under the brush between two points of a stroke, in the plane of the pane. */
function paintVoxels(viewer, pane, from, to) {
  const volume = viewer.overlay ?? viewer.base;
  const reach = viewer.brush / 2;
  const { stroke } = viewer;
  const normal = volume.axis(pane.axes[2]);
  const across = pane.axes.slice(0, 2).map((axis) => volume.axis(axis));
  const length = Math.hypot(...from.map((value, n) => value - to[n]));
  for (let d = 0; d <= length + 1e-9; d += Math.max(0.5, reach / 3)) {
    const point = from.map((value, n) => value + (length ? d / length : 0) * (to[n] - value));
    const middle = volume.place(point);
    const plane = Math.round(middle[normal]);
    if (plane < 0 || plane >= volume.size[normal]) continue;
    const [h, v] = across;
    const [a, b] = across.map((axis) => reach / volume.spacing[axis]);
    for (let i = Math.ceil(middle[h] - a); i <= middle[h] + a; i += 1) {
      for (let j = Math.ceil(middle[v] - b); j <= middle[v] + b; j += 1) {
        if (((i - middle[h]) / a) ** 2 + ((j - middle[v]) / b) ** 2 > 1) continue;
        if (i < 0 || j < 0 || i >= volume.size[h] || j >= volume.size[v]) continue;
        const place = [0, 0, 0];
        place[h] = i; place[v] = j; place[normal] = plane;
        const cell = (place[2] * volume.size[1] + place[1]) * volume.size[0] + place[0];
        if (stroke.isErasing) stroke.cells.delete(cell); else stroke.cells.add(cell);
      }
    }
    if (length === 0) break;
  }
  const region = viewer.regions.get(stroke.name);
  region.voxels = { grid: volume.grid, runs: runs(stroke.cells, volume.size[0]) };
  viewer.regions.shapes.set(stroke.name, { ...region.voxels });
}

function beginStroke(viewer, pane, point, event) {
  const { regions } = viewer;
  if (regions.isElsewhere) return;
  const volume = viewer.overlay ?? viewer.base;
  let region = regions.selected;
  if (!region?.voxels || region.recipe || JSON.stringify(region.voxels.grid) !== JSON.stringify(volume.grid)) {
    if (event.shiftKey) return;
    regions.keep();
    region = { name: regions.freeName(word("toolBrush")), voxels: { grid: volume.grid, runs: [] } };
    regions.list.push(region);
    regions.chosen = region.name;
  } else regions.keep();
  viewer.stroke = { pane, name: region.name, cells: cells(region.voxels.runs), isErasing: event.shiftKey, last: point, at: [event.offsetX, event.offsetY] };
  paintVoxels(viewer, pane, point, point);
}

/** The region under a place: its edge to resize, its inside to move. */
function grab(viewer, pane, x, y) {
  if (!viewer.isMarked || viewer.regions.isElsewhere) return null;
  const [h, v, n] = pane.axes;
  for (const region of [...viewer.regions.list].reverse()) {
    const sphere = region.recipe?.sphere ?? region.sphere;
    if (sphere) {
      const square = (sphere.diameterMm / 2) ** 2 - (sphere.centreMm[n] - viewer.cross[n]) ** 2;
      if (square <= 0) continue;
      const [a, b] = pane.toScreen(sphere.centreMm);
      const distance = Math.hypot(x - a, y - b);
      const radius = Math.sqrt(square) / pane.mmPerPixel;
      if (Math.abs(distance - radius) < 6 && distance > radius * 0.7 && region.name === viewer.regions.chosen) return { region, isEdge: true };
      if (distance < Math.max(radius, 5)) return { region };
    } else if (region.box) {
      const { centreMm, sizeMm } = region.box;
      if (Math.abs(centreMm[n] - viewer.cross[n]) > sizeMm[n] / 2) continue;
      const [a, b] = pane.toScreen(centreMm);
      const [p, q] = [sizeMm[h] / 2 / pane.mmPerPixel, sizeMm[v] / 2 / pane.mmPerPixel];
      const isCorner = Math.abs(Math.abs(x - a) - p) < 6 && Math.abs(y - b) < q + 6 || Math.abs(Math.abs(y - b) - q) < 6 && Math.abs(x - a) < p + 6;
      if (isCorner && region.name === viewer.regions.chosen) return { region, isEdge: true };
      if (Math.abs(x - a) < p && Math.abs(y - b) < q) return { region };
    } else if (region.contours && n === 2) {
      const volume = viewer.overlay ?? viewer.base;
      for (const polygon of region.contours) {
        if (Math.abs(polygon[0][2] - viewer.cross[2]) > volume.spacing[2] / 2) continue;
        const corner = polygon.findIndex((point) => { const [a, b] = pane.toScreen(point); return Math.hypot(x - a, y - b) < 7; });
        if (corner >= 0 && region.name === viewer.regions.chosen) return { region, point: polygon[corner] };
        let isInside = false;
        for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
          const [[a, b], [c, d]] = [pane.toScreen(polygon[i]), pane.toScreen(polygon[j])];
          if ((b > y) !== (d > y) && x < ((c - a) * (y - b)) / (d - b) + a) isInside = !isInside;
        }
        if (isInside) return { region };
      }
    }
  }
  return null;
}

/** What pointer and wheel do in a pane. */
export function listen(viewer, pane) {
  const element = pane.drawing;
  const at = (event) => pane.toPatient(event.offsetX, event.offsetY, viewer.cross);
  let drag = null;
  pane.element.addEventListener("focus", () => { viewer.focused = pane; viewer.redraw(); });
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    viewer.focused = pane;
    if (event.ctrlKey) { pane.zoom(event.deltaY > 0 ? 1.1 : 1 / 1.1, event.offsetX, event.offsetY); viewer.redraw(); } else viewer.step(pane.axes[2], Math.sign(event.deltaY) * (pane.axes[2] === 2 ? -1 : 1));
  }, { passive: false });
  element.addEventListener("dblclick", () => { if (viewer.polygon) closePolygon(viewer); else if (viewer.tool === "cross") viewer.toggleOne(pane); });
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  element.addEventListener("pointerdown", (event) => {
    viewer.focused = pane;
    element.setPointerCapture(event.pointerId);
    const point = at(event);
    const start = [event.offsetX, event.offsetY];
    if (event.button === 1 || viewer.tool === "pan") drag = { kind: "pan", last: start };
    else if (event.button === 2 || viewer.tool === "window") drag = { kind: "window", last: start };
    else if (viewer.tool === "distance") { viewer.ruler = { pane, from: point, to: point }; drag = { kind: "distance" }; } else if (viewer.tool === "brush") { beginStroke(viewer, pane, point, event); if (viewer.stroke) drag = { kind: "brush" }; } else if (viewer.tool === "polygon" && pane.axes[2] === 2) {
      const volume = viewer.overlay ?? viewer.base;
      const place = volume.place(point);
      place[2] = Math.round(place[2]);
      point[2] = volume.point(place)[2];
      if (!viewer.polygon) viewer.polygon = { pane, points: [] };
      viewer.polygon.points.push(point);
    } else {
      const found = grab(viewer, pane, ...start);
      if (found && (viewer.tool === "cross" || found.region.name === viewer.regions.chosen)) {
        viewer.regions.chosen = found.region.name;
        drag = { kind: "region", ...found, last: point, isFirst: true };
        viewer.changed();
      } else if (["sphere", "box", "threshold"].includes(viewer.tool)) {
        viewer.cross = point;
        placeRegion(viewer, viewer.tool, point);
        drag = { kind: "region", region: viewer.regions.selected, isEdge: true, last: point, isFirst: false, isNew: true };
      } else { viewer.cross = point; drag = { kind: "cross" }; }
    }
    viewer.redraw();
  });
  element.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const point = at(event);
    const here = [event.offsetX, event.offsetY];
    if (drag.kind === "cross") viewer.cross = point;
    else if (drag.kind === "pan") { pane.pan(here[0] - drag.last[0], here[1] - drag.last[1]); drag.last = here; } else if (drag.kind === "window") dragWindow(viewer, here[0] - drag.last[0], here[1] - drag.last[1], drag, here);
    else if (drag.kind === "distance") viewer.ruler.to = point;
    else if (drag.kind === "brush") { viewer.stroke.at = here; paintVoxels(viewer, pane, viewer.stroke.last, point); viewer.stroke.last = point; } else if (drag.kind === "region") dragRegion(viewer, pane, drag, point, event);
    viewer.redraw();
  });
  const end = () => {
    if (drag?.kind === "brush") {
      const region = viewer.regions.get(viewer.stroke.name);
      viewer.stroke = null;
      if (region.voxels.runs.length === 0) viewer.regions.list = viewer.regions.list.filter((one) => one !== region);
      viewer.regions.touch(region.voxels.runs.length ? region : undefined);
    }
    if (drag?.kind === "window") viewer.tools();
    drag = null;
    viewer.redraw();
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}

function dragWindow(viewer, dx, dy, drag, here) {
  drag.last = here;
  if (viewer.overlay) {
    const span = (viewer.high - viewer.low) * Math.exp(dx / 200);
    const middle = (viewer.high + viewer.low) / 2 - (dy / 300) * (viewer.high - viewer.low);
    viewer.setWindow(Math.max(0, middle - span / 2), Math.max(0, middle - span / 2) + span);
  } else {
    const [low, high] = viewer.anatomyWindow;
    const span = Math.max(1, (high - low) * Math.exp(dx / 200));
    const middle = (high + low) / 2 + (dy / 300) * (high - low);
    viewer.anatomyWindow = [middle - span / 2, middle + span / 2];
    viewer.changed();
  }
}

function dragRegion(viewer, pane, drag, point, event) {
  const { regions } = viewer;
  const region = regions.get(drag.region?.name);
  if (!region || (drag.isNew && Math.hypot(...point.map((value, n) => value - drag.last[n])) < 4)) return;
  if (drag.isFirst) { regions.keep(); drag.isFirst = false; }
  drag.isNew = false;
  const sphere = region.recipe?.sphere ?? region.sphere;
  if (drag.point) drag.point.splice(0, 2, ...point.slice(0, 2).map((value) => Math.round(value * 100) / 100));
  else if (drag.isEdge && sphere) sphere.diameterMm = Math.min(600, Math.max(2, Math.round(20 * Math.hypot(...sphere.centreMm.map((value, n) => value - point[n]))) / 10));
  else if (drag.isEdge && region.box) for (const n of pane.axes.slice(0, 2)) region.box.sizeMm[n] = Math.min(600, Math.max(2, Math.round(20 * Math.abs(point[n] - region.box.centreMm[n])) / 10));
  else { shift(region, point.map((value, n) => value - drag.last[n])); drag.last = point; }
  regions.touch(region);
}
