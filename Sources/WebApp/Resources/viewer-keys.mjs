// Everything the viewer does, by keys.
import { stepOf } from "./dom.mjs";
import { centre, resize, shift } from "./viewer-regions.mjs";
import { closePolygon, placeRegion, setTool, tools } from "./viewer-tools.mjs";
import { anatomyWindows, uptakeWindows } from "./viewer-windows.mjs";

const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] };

export function makeKeys(viewer) {
  const change = (alter) => {
    const region = viewer.regions.selected;
    if (!region) return;
    viewer.regions.keep();
    alter(region);
    viewer.regions.touch(region);
  };
  const plain = {
    f: () => { viewer.fusion = viewer.fusion < 0.25 ? 0.5 : viewer.fusion < 0.75 ? 1 : 0; viewer.tools(); viewer.redraw(); },
    g: () => { if (viewer.dose) viewer.setDoseView({ none: "lines", lines: "wash", wash: "none" }[viewer.doseView]); },
    k: () => { viewer.nextMap(); viewer.tools(); }, x: () => viewer.hottest(), o: () => { viewer.isMarked = !viewer.isMarked; viewer.redraw(); },
    i: () => { viewer.isSmooth = !viewer.isSmooth; viewer.redraw(); }, e: () => viewer.saveFigure(), z: () => viewer.regions.undo(), a: () => viewer.toggleOne(),
    m: () => viewer.mip?.toggle(), ",": () => viewer.mip?.turn(-1), ".": () => viewer.mip?.turn(1), "?": () => viewer.toggleHelp(),
    v: () => viewer.setLayout(viewer.layout === "times" || viewer.timeEntries.length < 2 ? "tri" : "times"),
    r: () => { for (const pane of viewer.panes) pane.fit((viewer.base ?? viewer.overlay).bounds); viewer.redraw(); },
    "+": () => { viewer.focused.zoom(1 / 1.2); viewer.redraw(); }, "-": () => { viewer.focused.zoom(1.2); viewer.redraw(); },
    delete: () => { if (viewer.regions.chosen) viewer.regions.remove(viewer.regions.chosen); },
    backspace: () => { if (viewer.polygon) { viewer.polygon.points.pop(); viewer.redraw(); } },
    escape: () => { if (viewer.stage.parentElement.querySelector(".keyhelp")) viewer.toggleHelp(); else { viewer.site = null; setTool(viewer, "cross"); } },
    enter: () => {
      if (viewer.polygon) closePolygon(viewer);
      else if (["sphere", "box", "threshold"].includes(viewer.tool)) placeRegion(viewer, viewer.tool, viewer.cross);
    },
    n: (event) => {
      const { list, chosen } = viewer.regions;
      if (list.length === 0) return;
      const at = list.findIndex((region) => region.name === chosen);
      const next = list[(at + (event.shiftKey ? -1 : 1) + list.length) % list.length];
      viewer.regions.chosen = next.name;
      viewer.goTo(centre(next, viewer.regions.results.get(next.name)));
      viewer.changed();
    },
  };
  for (const tool of tools) if (tool) plain[tool[2].toLowerCase()] = () => setTool(viewer, tool[0]);
  ["1", "2", "3", "4"].forEach((key, n) => { plain[key] = () => { if (viewer.overlay) { viewer.setWindow(0, uptakeWindows(viewer.overlay)[n]); viewer.tools(); } }; });
  ["5", "6", "7", "8"].forEach((key, n) => { plain[key] = () => { if (viewer.base?.quantity === "hounsfield") { viewer.anatomyWindow = anatomyWindows[n].slice(1); viewer.tools(); viewer.changed(); } }; });

  return (event) => {
    const isTyping = event.target.matches?.("input:not([type=range]):not([type=checkbox]), select, textarea");
    const key = event.key.toLowerCase();
    const step = stepOf(event);
    if (step) viewer.regions[step]();
    else if (event.ctrlKey || event.metaKey || isTyping) return;
    else if (event.altKey) {
      const [h, v, n] = viewer.focused.axes;
      const move = (axis, by) => change((region) => shift(region, [0, 1, 2].map((m) => (m === axis ? by : 0))));
      const arrow = arrows[event.key];
      if (arrow) move(arrow[0] ? v : h, arrow[1] * viewer.focused.signs[arrow[0]]);
      else if (event.key === "PageUp") move(n, n === 2 ? 1 : -1);
      else if (event.key === "PageDown") move(n, n === 2 ? -1 : 1);
      else if (key === "+" || key === "=") change((region) => resize(region, 1));
      else if (key === "-") change((region) => resize(region, -1));
      else return;
    } else if (event.target.matches?.("button, a, [type=range], [type=checkbox]") && ["enter", " ", "arrowleft", "arrowright", "arrowup", "arrowdown", "pageup", "pagedown"].includes(key)) return;
    else if (arrows[event.key]) {
      const [which, direction] = arrows[event.key];
      viewer.step(viewer.focused.axes[which], direction * viewer.focused.signs[which]);
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      const n = viewer.focused.axes[2];
      viewer.step(n, (event.key === "PageUp" ? 1 : -1) * (n === 2 ? 1 : -1));
    } else if (plain[key]) plain[key](event);
    else return;
    event.preventDefault();
  };
}
