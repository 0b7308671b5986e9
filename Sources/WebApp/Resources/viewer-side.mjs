// Beside the pictures: values at the crosshair, sites of a template, regions with what they hold.
import { icon, make, write } from "./dom.mjs";
import { centre } from "./viewer-regions.mjs";
import { setTool } from "./viewer-tools.mjs";
import { word } from "./viewer-words.mjs";
import { number, severityName, significant, term, withUncertainty } from "./words.mjs";

function readings(viewer) {
  const list = make("dl", { class: "ro", "aria-live": "polite" });
  const where = make("p", { class: "where" });
  const fill = () => {
    const volumes = [...new Set([...viewer.times, viewer.overlay, viewer.uptake, viewer.dose, viewer.base])].filter(Boolean);
    const rows = [];
    for (const volume of volumes) {
      const value = volume.value(viewer.cross);
      const entry = volume.entry;
      for (const reading of volume.readings) {
        const name = reading.name === "SUVbw" ? "SUVbw" : reading.unit || reading.name;
        const time = entry.hours != null && volumes.filter((other) => other.quantity === volume.quantity).length > 1 ? ` ${number(entry.hours, 1)} ${word("hours")}` : "";
        const shown = value == null ? "–" : reading.name === "SUVbw" ? number(value * reading.factor, 2) : volume.quantity === "hounsfield" ? number(value, 0) : significant(value * reading.factor);
        rows.push([`${name}${time}`, shown]);
      }
    }
    const shown = [...list.querySelectorAll("dt")].map((one) => one.textContent).join();
    if (shown === rows.map(([name]) => name).join()) rows.forEach(([, value], n) => write(list.children[n].lastChild, value));
    else list.replaceChildren(...rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
    const main = viewer.overlay ?? viewer.base;
    const place = main.place(viewer.cross).map((value) => Math.round(value));
    write(where, `x ${number(viewer.cross[0], 0)}, y ${number(viewer.cross[1], 0)}, z ${number(viewer.cross[2], 0)} mm · Voxel ${place.join(", ")}`);
  };
  viewer.readings = fill;
  fill();
  return make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("at"))), list, where);
}

const sphereOf = (viewer, name, point) => viewer.regions.add({ name, site: name, sphere: { centreMm: point.map((value) => Math.round(value * 100) / 100), diameterMm: viewer.diameter } });

function sites(viewer) {
  const { regions, images } = viewer;
  if (viewer.overlay?.quantity !== "uptake" && !regions.template) return null;
  const template = images.templates.find((one) => one.name === regions.template);
  const choose = make("select", { class: "field", "aria-label": word("template"), onchange: (event) => {
    regions.keep();
    regions.template = event.target.value || null;
    viewer.site = null;
    regions.touch();
  } }, make("option", { value: "" }, word("noTemplate")),
    ...images.templates.map((one) => make("option", { value: one.name, selected: one.name === regions.template }, one.source)));
  const card = make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("sites")), make("span", { class: "end" }, choose)));
  if (!template) return card;
  const placed = (site) => regions.list.find((region) => region.site === site);
  viewer.advanceSite = () => {
    if (!viewer.site) return;
    const rest = template.sites.map((site) => site.name);
    const order = [...rest.slice(rest.indexOf(viewer.site) + 1), ...rest];
    viewer.site = order.find((name) => !placed(name)) ?? null;
    if (!viewer.site) setTool(viewer, "cross");
    viewer.changed();
  };
  const rows = template.sites.map(({ name, structure }) => {
    const region = placed(name);
    const result = region ? regions.results.get(region.name)?.[0] : null;
    const hasOutline = structure && images.structures.includes(structure);
    const act = region ? make("button", { class: "btn quiet", type: "button", onclick: () => { regions.chosen = region.name; viewer.goTo(centre(region)); viewer.changed(); } }, word("show"))
      : make("button", { class: `btn quiet${viewer.site === name ? " primary" : ""}`, type: "button", "aria-pressed": String(viewer.site === name), onclick: () => { viewer.site = name; setTool(viewer, "sphere"); } }, word("place"));
    const outline = hasOutline && !region ? make("button", { class: "btn quiet", type: "button", onclick: async () => {
      const found = await viewer.measureStructure(structure);
      if (found?.centreMm) { viewer.goTo(found.centreMm); sphereOf(viewer, name, found.centreMm); viewer.advanceSite(); }
    } }, word("useOutline")) : null;
    const statistics = result?.statistics;
    return make("tr", { class: viewer.site === name || (region && regions.chosen === region.name) ? "on" : "" }, make("th", { scope: "row" }, word("siteNames")[name] ?? name),
      make("td", { class: "n" }, statistics ? number(statistics.max, 2) : "–"), make("td", { class: "n" }, statistics?.peak != null ? number(statistics.peak, 2) : "–"),
      make("td", { class: "act" }, outline, act));
  });
  const values = template.sites.map((site) => placed(site.name)).map((region) => (region ? regions.results.get(region.name)?.[0]?.statistics?.max : null)).filter((value) => value != null);
  card.append(make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, word("sites")), make("th", { class: "n" }, `SUV ${word("max")}`), make("th", { class: "n" }, word("peak")), make("th", {}, ""))),
    make("tbody", { class: "rows" }, ...rows, values.length >= 3 ? make("tr", { class: "sumr" }, make("td", {}, `${word("mean")}, n ${values.length}`), make("td", { class: "n" }, number(values.reduce((a, b) => a + b, 0) / values.length, 2)), make("td"), make("td")) : null)));
  if (viewer.site) {
    card.append(make("div", { class: "guide", role: "status" }, make("b", {}, word("siteNames")[viewer.site] ?? viewer.site), " ", word("guide")[viewer.site] ?? "", make("br"), make("span", { class: "small" }, `${word("guideRule")} ${word("placeHelp")}`)));
  }
  return card;
}

function toolHelp(viewer) {
  const texts = { sphere: "placeHelp", box: "placeHelp", polygon: "points", brush: "brushHelp", threshold: "thresholdHelp", distance: "distanceHelp" };
  if (!texts[viewer.tool] || viewer.site) return null;
  const field = (name, key, isText) => make("label", {}, word(name), " ", make("input", { class: "field bound", type: isText ? "text" : "number", min: 1, max: 300, value: viewer[key], onchange: (event) => {
    const value = isText ? event.target.value.trim() : event.target.valueAsNumber;
    if (isText ? value : value >= 1 && value <= 300) viewer[key] = value;
    const region = viewer.regions.selected;
    if (isText && region?.recipe) { viewer.regions.keep(); region.recipe.threshold = value; viewer.regions.touch(region); }
  } }));
  return make("div", { class: "guide", role: "status" }, word(texts[viewer.tool]), make("div", {},
    ["sphere", "box"].includes(viewer.tool) ? field("diameter", "diameter") : null, viewer.tool === "brush" ? field("brushSize", "brush") : null, viewer.tool === "threshold" ? field("thresholdText", "threshold", true) : null));
}

function cellText(viewer, statistics, key) {
  const value = statistics?.[key];
  if (value == null) return "–";
  return viewer.overlay?.quantity === "uptake" ? number(value, 2) : significant(value);
}

const columns = () => make("thead", {}, make("tr", {}, make("th", {}, word("region")), ...["mean", "max", "volume"].map((name) => make("th", { class: "n" }, word(name)))));

function regionRows(viewer) {
  const { regions } = viewer;
  return regions.list.flatMap((region) => {
    const result = regions.results.get(region.name)?.[0];
    const statistics = result?.statistics;
    const isChosen = region.name === regions.chosen;
    const select = () => { regions.chosen = region.name; viewer.goTo(centre(region, regions.results.get(region.name))); viewer.changed(); };
    const row = make("tr", { class: isChosen ? "on" : "", onclick: select },
      make("th", { scope: "row" }, make("button", { class: "name", type: "button", "aria-pressed": String(isChosen), onclick: select }, term(region.name))),
      ...["mean", "max"].map((key) => make("td", { class: "n" }, cellText(viewer, statistics, key))), make("td", { class: "n" }, statistics ? significant(statistics.volumeMl) : "–"));
    if (result?.refused) return [row, make("tr", {}, make("td", { colspan: 4 }, make("div", { class: "refusal" }, make("b", {}, result.refused.reason), make("div", { class: "do" }, result.refused.remedy))))];
    return isChosen ? [row, make("tr", { class: "on detail" }, make("td", { colspan: 4 }, detail(viewer, region, statistics)))] : [row];
  });
}

function detail(viewer, region, statistics) {
  const { regions } = viewer;
  const facts = [["sd", statistics?.sd], ["peak", statistics?.peak], ["median", statistics?.median], ["total", statistics?.total]].filter(([, value]) => value != null)
    .map(([name, value]) => `${word(name)} ${significant(value)}${name === "total" && viewer.overlay?.quantity === "uptake" ? " SUV · mL" : ""}`);
  if (statistics?.activityMBq != null) facts.push(`${word("activityIn")} ${significant(statistics.activityMBq)} MBq`);
  const sphere = region.recipe?.sphere ?? region.sphere;
  if (sphere) facts.push(`⌀ ${number(sphere.diameterMm, 1)} mm`);
  if (region.recipe?.threshold) facts.push(`> ${region.recipe.threshold}`);
  if (statistics) facts.push(`${statistics.voxels} ${word("voxels")}`);
  const rename = make("input", { class: "field", type: "text", value: region.name, maxlength: 80, "aria-label": word("rename"), onclick: (event) => event.stopPropagation(), onchange: (event) => regions.rename(region, event.target.value.trim()) });
  const times = viewer.times.length > 1 ? (regions.results.get(region.name) ?? []).filter((one) => viewer.times.some((volume) => volume.uid === one.series)) : [];
  const seen = new Set();
  const rows = times.filter((one) => !seen.has(one.series) && seen.add(one.series)).map((one) => {
    const volume = viewer.times.find((other) => other.uid === one.series);
    return { hours: volume.entry.hours, text: one.statistics ? withUncertainty({ value: one.statistics.mean, standardUncertainty: one.statistics.sd }).join(" ± ") : "–" };
  }).sort((a, b) => a.hours - b.hours);
  return make("div", { class: "detail" }, make("p", { class: "small" }, facts.join(" · ")),
    rows.length ? make("dl", { class: "kv" }, make("dt", {}, word("perTime")), make("dd", {}, viewer.overlayTitle), ...rows.flatMap((row) => [make("dt", {}, `${number(row.hours, 1)} ${word("hours")}`), make("dd", {}, row.text)])) : null,
    make("div", { class: "acts" }, rename, make("button", { class: "btn", type: "button", onclick: (event) => { event.stopPropagation(); regions.remove(region.name); } }, word("remove"))));
}

function structures(viewer) {
  const names = viewer.images.structures;
  if (names.length === 0) return null;
  viewer.measureStructure = async (name) => {
    const region = { name: `\u0000${name}`, structure: name };
    viewer.regions.results.delete(region.name);
    await viewer.regions.measure(region);
    return viewer.regions.results.get(region.name)?.[0];
  };
  const rows = names.map((name) => {
    const shown = viewer.shownStructures.get(name);
    const result = shown ? viewer.regions.results.get(shown.name)?.[0] : null;
    const toggle = (event) => {
      if (event.target.checked) {
        const region = { name: `\u0000${name}`, structure: name, site: name };
        viewer.shownStructures.set(name, region);
        viewer.regions.measure(region).then(() => { const found = viewer.regions.results.get(region.name)?.[0]; if (found?.centreMm) viewer.goTo(found.centreMm); });
      } else viewer.shownStructures.delete(name);
      viewer.changed();
    };
    return make("tr", {}, make("th", { scope: "row" }, make("label", {}, make("input", { type: "checkbox", checked: Boolean(shown), onchange: toggle }), " ", term(name))),
      make("td", { class: "n" }, cellText(viewer, result?.statistics, "mean")), make("td", { class: "n" }, cellText(viewer, result?.statistics, "max")), make("td", { class: "n" }, result?.statistics ? significant(result.statistics.volumeMl) : result?.refused ? "–" : ""));
  });
  return make("details", { class: "card", open: viewer.areStructuresOpen ?? names.length <= 12, ontoggle: (event) => { viewer.areStructuresOpen = event.target.open; } },
    make("summary", { class: "head" }, make("h2", {}, word("structures"))), make("table", {}, columns(), make("tbody", { class: "rows" }, ...rows)));
}

/** Fills the side; the field in which someone types keeps its focus. */
export function fillSide(viewer) {
  const active = document.activeElement;
  if (viewer.side.contains(active) && active.matches("input[type=text], input[type=number]")) { viewer.readings?.(); viewer.isSideStale = false; return; }
  const kept = viewer.side.contains(active) ? [...viewer.side.querySelectorAll("button, input, select, summary")].indexOf(active) : -1;
  const scroll = viewer.side.scrollTop;
  const { regions, overlay } = viewer;
  const state = { saved: "saved", changed: "changedState", saving: "saving", failed: "failed" }[regions.state];
  const notes = [...(viewer.images.findings ?? []), ...(overlay?.findings ?? [])];
  viewer.side.replaceChildren(...[
    readings(viewer), sites(viewer),
    make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("regions")), make("span", { class: "end small", "aria-live": "polite", "data-state": regions.state }, regions.list.length || regions.digest ? word(state) : "")),
      regions.problem ? make("div", { class: "refusal", role: "alert" }, make("b", {}, regions.problem.message), make("div", { class: "do" }, regions.problem.remedy ?? "")) : null,
      regions.isElsewhere ? make("div", { class: "refusal" }, make("b", {}, word("elsewhere")), make("div", { class: "do" }, word("elsewhereDo"))) : null,
      toolHelp(viewer),
      regions.list.length ? make("table", {}, columns(),
        make("tbody", { class: "rows" }, ...regionRows(viewer))) : make("p", { class: "small pad" }, word("emptyRegions"))),
    viewer.dosePanel.element, structures(viewer),
    viewer.registrationText ? make("p", { class: "card pad small" }, viewer.registrationText) : null,
    overlay?.withoutUptake ? make("div", { class: "refusal" }, make("b", {}, `${word("withoutUptake")}: ${overlay.withoutUptake.reason}`), make("div", { class: "do" }, overlay.withoutUptake.remedy)) : null,
    overlay?.rule ? make("p", { class: "pv small" }, overlay.rule) : null,
    ...notes.slice(0, 12).map((finding) => make("div", { class: `finding ${finding.severity}` }, icon(finding.severity, severityName(finding.severity)), make("p", {}, finding.title ? make("b", {}, `${finding.title} `) : null, finding.text))),
  ].filter(Boolean));
  viewer.dosePanel.update();
  viewer.side.scrollTop = scroll;
  if (kept >= 0) viewer.side.querySelectorAll("button, input, select, summary")[kept]?.focus();
}
