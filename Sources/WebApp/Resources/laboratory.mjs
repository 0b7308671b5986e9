// The laboratory of a case: CXCR4 against the isotype control, and the gates on plots of their events.
import * as api from "./api.mjs";
import { findingList, make, refusal, stepOf } from "./dom.mjs";
import { GateEditor } from "./gating.mjs";
import { figure, line, mark, round, text } from "./plot.mjs";
import { addWords, number, severityName, significant, word } from "./words.mjs";

addWords({
  en: { noTubes: "The case has no FCS files. Put the tube with the antibody and the isotype control (with isotype in its name) into its folder laboratory.", gatesTitle: "Gates", receptorTitle: "CXCR4 against isotype", population: "Population", events: "Events",
    stainedMedian: "Median", isotypeMedian: "Isotype", ratioTitle: "Ratio", positive: "Positive", ofParent: "of", proposed: "proposed, to be confirmed by eye", given: "drawn by a person", stained: "stained", isotype: "isotype" },
  de: { noTubes: "Der Fall hat keine FCS-Dateien. Das Röhrchen mit dem Antikörper und die Isotypkontrolle (mit isotype im Namen) gehören in seinen Ordner laboratory.", gatesTitle: "Gates", receptorTitle: "CXCR4 gegen Isotyp", population: "Population", events: "Ereignisse",
    stainedMedian: "Median", isotypeMedian: "Isotyp", ratioTitle: "Verhältnis", positive: "Positiv", ofParent: "von", proposed: "vorgeschlagen, mit dem Auge zu bestätigen", given: "von einer Person gezeichnet", stained: "gefärbt", isotype: "Isotyp" },
});

export async function show(page, path) {
  const found = await api.get("/api/laboratory", { case: path });
  if (found.files.length === 0) {
    page.replaceChildren(make("p", { class: "empty" }, word("noTubes")));
    return {};
  }
  const rest = make("div", { class: "cohort" });
  let shown = [];
  const fill = (document) => {
    shown.forEach((one) => one.end());
    const figures = [];
    rest.replaceChildren(...parts(document, figures).flat(Infinity).filter(Boolean));
    shown = figures.map((start) => start());
  };
  const editor = new GateEditor(path, async () => fill(await api.get("/api/laboratory", { case: path })));
  page.replaceChildren(make("div", { class: "cohort" }, make("p", { class: "small" }, found.files.join(", ")), editor.card, rest));
  const end = editor.start();
  await editor.load();
  fill(found);
  const keys = (event) => {
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    editor.post(`/api/gates/${step}`, {});
  };
  return { keys, leave: () => { end(); shown.forEach((one) => one.end()); } };
}

/** The table, the plots and the findings; `figures` gets what draws each plot once it is in the page. */
function parts(found, figures) {
  const gates = found.plots.map((plot) => {
    const box = make("div", { class: "gate" });
    const card = make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, plot.gate), make("span", { class: "end small" }, `${number(plot.percentOfParent ?? 0, 1)} % ${word("ofParent")} ${plot.parent ?? "–"}`)), box);
    figures.push(() => figure(box, () => `${plot.gate}: ${plot.count} / ${plot.of}, ${plot.x}, ${plot.y}`, (width, height) => drawGate(plot, width, height)));
    return card;
  });
  const histograms = found.histograms.filter((one) => /^(blast|lymph)/i.test(one.gate)).map((one) => {
    const box = make("div", { class: "gate low" });
    figures.push(() => figure(box, () => `${one.gate}: ${one.channel}, ${word("stained")} / ${word("isotype")}`, (width, height) => drawHistogram(one, width, height)));
    return make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, `${one.channel}: ${one.gate}`)), box);
  });
  const receptor = found.receptor;
  return [
    receptor ? make("p", { class: "small" }, `${word("gatesTitle")}: ${word(receptor.gates)}`) : null,
    found.refused ? refusal(found.refused.reason, found.refused.remedy, severityName("serious")) : null,
    receptor ? table(receptor) : null,
    make("div", { class: "gallery" }, histograms, gates),
    receptor ? make("div", {}, findingList(receptor.findings, severityName)) : null];
}

function table(receptor) {
  const head = ["population", "events", "stainedMedian", "isotypeMedian", "ratioTitle", "positive"];
  return make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("receptorTitle")), make("span", { class: "end u" }, receptor.label ?? receptor.channel)),
    make("table", {}, make("thead", {}, make("tr", {}, head.map((name, index) => make("th", { class: index ? "n" : "" }, word(name))))),
      make("tbody", { class: "rows" }, receptor.populations.map((one) => make("tr", {}, make("th", { scope: "row" }, one.name), make("td", { class: "n" }, `${one.stained.count}`),
        make("td", { class: "n" }, significant(one.stained.median)), make("td", { class: "n" }, significant(one.isotype.median)),
        make("td", { class: "n" }, one.ratio.median == null ? "–" : make("b", {}, significant(one.ratio.median)), one.ratio.interval95 ? make("span", { class: "pm" }, ` (95 %: ${significant(one.ratio.interval95[0])}–${significant(one.ratio.interval95[1])})`) : null),
        make("td", { class: "n" }, `${number(one.percentPositive, 1)} %`))))));
}

// Density by the square root of the count, so that rare events stay visible.
function drawGate(plot, width, height) {
  const [left, bottom, top] = [20, 22, 14];
  const [w, h] = [width - left - 8, height - top - bottom];
  const most = Math.sqrt(Math.max(1, ...plot.counts));
  const cells = [];
  plot.counts.forEach((count, index) => {
    if (!count) return;
    const [row, column] = [Math.floor(index / plot.bins), index % plot.bins];
    const level = 1 + Math.min(7, Math.floor(Math.sqrt(count) / most * 7));
    cells.push(mark("rect", { class: `tide-${level}`, x: round(left + column / plot.bins * w), y: round(top + h - (row + 1) / plot.bins * h), width: round(w / plot.bins + 0.4), height: round(h / plot.bins + 0.4) }));
  });
  const clip = (value) => Math.max(0, Math.min(1, value));
  const outline = plot.outline.map(([x, y]) => [left + clip(x) * w, top + h - clip(y) * h]);
  return [mark("rect", { class: "ground", x: left, y: top, width: w, height: h }), ...cells, mark("path", { class: "gate-line", d: `${line(outline)}Z` }),
    mark("path", { class: "axis", d: `M${left} ${top}V${top + h}H${left + w}` }), text(plot.y, 0, 10, "s"), text(plot.x, left + w, height - 5, "s e"),
    text(`${number(plot.percentOfParent ?? 0, 1)} %`, Math.min(left + w - 4, Math.max(...outline.map((point) => point[0]))) - 4, Math.max(top + 14, Math.min(...outline.map((point) => point[1])) + 14), "b e halo")];
}

function drawHistogram(one, width, height) {
  const [left, bottom, top] = [12, 34, 18];
  const count = one.stained.length;
  const smooth = (values) => values.map((_, index) => [-2, -1, 0, 1, 2].reduce((sum, shift) => sum + (values[index + shift] ?? 0) * [1, 4, 6, 4, 1][shift + 2] / 16, 0));
  const shapes = [["isotype", "nu"], ["stained", "ac"]].map(([name, tone]) => {
    const values = smooth(one[name]);
    const most = Math.max(1e-9, ...values);
    return [name, tone, values.map((value, index) => [left + (index + 0.5) / count * (width - left - 8), height - bottom - value / most * (height - bottom - top)]), values.indexOf(Math.max(...values))];
  });
  const marks = [];
  for (const [name, tone, points, peak] of shapes) {
    marks.push(mark("g", { class: tone }, mark("path", { class: "band", d: `${line([[points[0][0], height - bottom], ...points, [points.at(-1)[0], height - bottom]])}Z` }), mark("path", { class: `fit${name === "isotype" ? " dash" : ""}`, d: line(points) }),
      text(word(name), Math.max(40, Math.min(width - 40, points[peak][0])), top - 6, "lab m halo")));
  }
  marks.push(mark("path", { class: "axis", d: `M${left} ${height - bottom}H${width - 8}` }));
  for (const tick of one.ticks) marks.push(text(tick.value >= 1000 ? `10${["³", "⁴", "⁵"][Math.round(Math.log10(tick.value)) - 3]}` : `${tick.value}`, left + tick.place * (width - left - 8), height - bottom + 14, "m"));
  marks.push(text(one.channel, width - 8, height - 4, "s e"));
  return marks;
}
