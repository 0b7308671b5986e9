// The panes as one picture, with what is needed to read it: case, series, window, scale, time.
import { label } from "./viewer-overlay.mjs";
import { word } from "./viewer-words.mjs";

/** The figure as a canvas: the panes as they are laid out, at twice the size of the screen at least. */
export function figure(viewer) {
  const ratio = Math.max(2, devicePixelRatio);
  const head = 34;
  const frame = viewer.stage.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(frame.width * ratio);
  canvas.height = Math.round((frame.height + head) * ratio);
  const context = canvas.getContext("2d", { alpha: false });
  context.scale(ratio, ratio);
  context.fillStyle = "#000";
  context.fillRect(0, 0, frame.width, frame.height + head);
  for (const pane of [...viewer.panes, ...(viewer.mip?.picture ? [viewer.mip] : [])]) {
    const place = pane.element.getBoundingClientRect();
    if (place.width < 2) continue;
    const part = document.createElement("canvas");
    part.width = Math.round(place.width * ratio);
    part.height = Math.round(place.height * ratio);
    const own = part.getContext("2d", { alpha: false });
    if (pane === viewer.mip) pane.render(own, ratio, true);
    else {
      const kept = pane.ratio;
      pane.ratio = ratio;
      viewer.painter.paint(own, pane.geometry(viewer.cross), pane.layers(), viewer.isSmooth);
      pane.ratio = kept;
      const over = document.createElement("canvas");
      [over.width, over.height] = [part.width, part.height];
      const drawing = over.getContext("2d");
      drawing.scale(ratio, ratio);
      viewer.drawOver(pane, drawing, true);
      label(drawing, pane.title, 8, 12, { size: 12 });
      own.drawImage(over, 0, 0);
    }
    context.drawImage(part, place.left - frame.left, place.top - frame.top + head, place.width, place.height);
  }
  const series = [viewer.base, viewer.overlay].filter(Boolean).map((volume) => `${volume.entry.kind} ${volume.entry.acquired ?? ""}`.trim()).join(" · ");
  label(context, `${viewer.name} · ${series}`, 8, 12, { size: 12 });
  label(context, [viewer.windowText().replace("\n", " · "), viewer.isodoses.text, word("disclaimer")].filter(Boolean).join(" · "), 8, 26, { size: 10, weight: 400 });
  return canvas;
}

/** Saves the figure as a PNG. */
export async function exportFigure(viewer) {
  await viewer.mip?.ready;
  viewer.mip?.draw();
  const blob = await new Promise((done) => figure(viewer).toBlob(done, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${viewer.name.replaceAll(/[^A-Za-z0-9_-]+/g, "-")}-${word("figureName")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
