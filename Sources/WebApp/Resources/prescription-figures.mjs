// The figures of the prescription, drawn from the server's numbers.
import { figure, line, mark, organClass, round, scale, text, ticks } from "./plot.mjs";
import { addWords, gigabecquerels, number, probability, significant, term, word } from "./words.mjs";

addWords({
  en: { probabilityAxis: "Probability", activityAxis: "Activity / GBq", accepted: "accepted", daysAxis: "Graft / days after therapy", toComeAxis: "Dose / Gy", largestAxis: "Largest activity / GBq",
    plannedDay: "day", noMarrow: "No limit speaks of the marrow dose after the graft.", settingAside: "setting" },
  de: { probabilityAxis: "Wahrscheinlichkeit", activityAxis: "Aktivität / GBq", accepted: "akzeptiert", daysAxis: "Transplantation / Tage nach Therapie", toComeAxis: "Dosis / Gy", largestAxis: "Größte Aktivität / GBq",
    plannedDay: "Tag", noMarrow: "Kein Grenzwert betrifft die Knochenmarkdosis nach der Transplantation.", settingAside: "Einstellung" },
});

const [left, bottom, top, right] = [40, 32, 20, 12];

export const riskFigure = (box, view) => figure(box, () => {
  const { answer } = view;
  return `${word("riskTitle")}: ${gigabecquerels(answer.activity.value)} GBq, ${probability(answer.probabilityOfExceedingAny)}`;
}, (width, height) => {
  const { answer } = view;
  const end = answer.risk.end.value;
  const x = scale(0, end, left, width - right);
  const y = scale(0, 1, height - bottom, top);
  const marks = [mark("rect", { class: "over", x: left, y: top, width: width - left - right, height: round(y(answer.acceptedRisk) - top) }), text(word("probabilityAxis"), 0, 11, "s")];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    marks.push(mark("path", { class: "grid", d: `M${left} ${round(y(share))}H${width - right}` }), text(`${share * 100}${share === 1 ? " %" : ""}`, left - 5, y(share) + 4, "e"));
  }
  marks.push(mark("path", { class: "limit", d: `M${left} ${round(y(answer.acceptedRisk))}H${width - right}` }));
  const labels = [];
  answer.risk.curves.forEach((curve, index) => {
    const points = curve.probabilities.map((value, at) => [x(end * at / answer.risk.steps), y(value)]);
    const tone = organClass[curve.organ] ?? "ac";
    marks.push(mark("g", { class: tone }, mark("path", { class: `fit${index > 1 ? " dash" : ""}`, d: line(points) })));
    const at = Math.max(1, curve.probabilities.findIndex((value) => value >= 0.85 - 0.2 * index));
    const place = curve.probabilities.at(-1) < 0.85 - 0.2 * index ? points.at(-1) : points[at];
    labels.push(mark("g", { class: tone }, text(term(curve.name), Math.min(width - right, place[0] - 8), Math.max(top + 10, place[1] + 4), "lab e halo")));
  });
  const at = [x(Math.min(answer.activity.value, end)), y(answer.probabilityOfExceedingAny)];
  marks.push(...labels, text(`${word("accepted")} ${number(answer.acceptedRisk * 100, 0)} %`, left + 4, y(answer.acceptedRisk) - 4, "limit-t halo"),
    mark("path", { class: "axis", d: `M${round(at[0])} ${round(y(0))}V${round(at[1])}M${left} ${round(y(0))}H${width - right}` }),
    mark("circle", { class: "chosen", cx: round(at[0]), cy: round(at[1]), r: 5 }),
    at[0] < left + 170 ? text(probability(answer.probabilityOfExceedingAny), at[0] + 9, Math.max(at[1] + 14, top + 12), "b halo")
      : text(probability(answer.probabilityOfExceedingAny), at[0] - 9, Math.max(at[1] - 8, top + 12), "b e halo"));
  for (const tick of ticks(0, end, 5)) marks.push(text(number(tick, tick % 1 ? 1 : 0), x(tick), height - bottom + 15, "m"));
  marks.push(text(word("activityAxis"), width - right, height - 1, "s e"));
  return marks;
});

export const graftFigure = (box, view) => figure(box, () => {
  const { answer } = view;
  return answer.earliestGraft ? `${word("graftTitle")}: ${word("earliest")} ${number(Math.ceil(answer.earliestGraft.value * 10) / 10, 1)} ${word("days")}` : word("noMarrow");
}, (width, height) => {
  const { answer } = view;
  if (!answer.graft) return [text(word("noMarrow"), 0, 20, "s")];
  const points = answer.graft.points;
  const limit = answer.graft.limit.value;
  const low = 10 ** Math.floor(Math.log10(Math.min(limit / 3, ...points.map((point) => point.interval95[0]).filter((value) => value > limit / 50))));
  const high = 10 ** Math.ceil(Math.log10(Math.max(limit * 2, points[0].interval95[1])));
  const x = scale(0, points.at(-1).day, left, width - right);
  const y = scale(low, high, height - bottom, top, true);
  const within = (value) => y(Math.min(high, Math.max(low, value)));
  const marks = [mark("rect", { class: "over", x: left, y: top, width: width - left - right, height: round(y(limit) - top) }), text(word("toComeAxis"), 0, 11, "s")];
  for (let decade = low; decade <= high * 1.001; decade *= 10) {
    marks.push(mark("path", { class: "grid", d: `M${left} ${round(y(decade))}H${width - right}` }), text(number(decade, Math.max(0, -Math.round(Math.log10(decade)))), left - 5, y(decade) + 4, "e"));
  }
  const upper = points.map((point) => [x(point.day), within(point.interval95[1])]);
  const lower = points.map((point) => [x(point.day), within(point.interval95[0])]).reverse();
  const day = answer.graftDay.value;
  const marrow = answer.limits.find((one) => one.organ === "marrow");
  const left0 = points.findLast((point) => point.day <= day) ?? points[0];
  const next = points.find((point) => point.day > day) ?? left0;
  const share = next === left0 ? 0 : (day - left0.day) / (next.day - left0.day);
  const remaining = marrow?.reading.includes("after") ? marrow.dose.value : Math.exp(Math.log(left0.dose) * (1 - share) + Math.log(next.dose) * share);
  marks.push(mark("g", { class: "ma" }, mark("path", { class: "band", d: `${line([...upper, ...lower])}Z` }),
    mark("path", { class: "fit", d: line(points.map((point) => [x(point.day), within(point.dose)])) })),
  mark("path", { class: "limit", d: `M${left} ${round(y(limit))}H${width - right}` }), text(`${significant(limit, 2)} Gy`, width - right, y(limit) - 4, "limit-t e halo"));
  if (answer.earliestGraft && answer.earliestGraft.value > 0) {
    const place = x(answer.earliestGraft.value);
    marks.push(mark("g", { class: "ma" }, mark("circle", { class: "pt open", cx: round(place), cy: round(y(limit)), r: 5 })));
  }
  marks.push(mark("path", { class: "ref", d: `M${round(x(day))} ${top}V${height - bottom}` }), mark("circle", { class: "chosen", cx: round(x(day)), cy: round(within(remaining)), r: 5 }),
    text(`${significant(remaining)} Gy`, x(day) + 9, within(remaining) - 7, "b halo"), text(`${word("plannedDay")} ${number(day, 0)}`, x(day) + 4, height - bottom - 5, "s halo"),
    mark("path", { class: "axis", d: `M${left} ${height - bottom}H${width - right}` }));
  for (let at = 0; at <= points.at(-1).day; at += 7) marks.push(text(`${at}`, x(at), height - bottom + 15, "m"));
  marks.push(text(word("daysAxis"), width - right, height - 1, "s e"));
  return marks;
});

/** Inputs of the chosen label, and what another setting would change of the plan. */
function rows(view) {
  const inputs = view.answer.sensitivity.slice(0, 6).map((one) => ({ name: one.input, aside: `u ${number(one.relativeUncertainty * 100, 1)} %`, least: one.least.value, most: one.most.value, open: false }));
  if (view.choice.label !== view.base.measured || view.choice.reading !== view.kept.reading) return inputs;
  const base = view.base.prescription.activity.value;
  const settings = view.base.settings.filter((one) => one.usedByPlan).map((one) => {
    const changes = one.effects.filter((effect) => effect).map((effect) => effect.value);
    return { name: one.question, aside: one.id.startsWith("A") ? one.id : word("settingAside"), least: base + Math.min(0, ...changes), most: base + Math.max(0, ...changes), open: true };
  }).filter((one) => one.most - one.least >= 0.01);
  return [...inputs, ...settings];
}

export const tornadoFigure = (box, view) => figure(box, () => {
  const first = rows(view)[0];
  return first ? `${word("tornadoTitle")}: ${term(first.name)}, ${gigabecquerels(first.least)}–${gigabecquerels(first.most)} GBq` : word("tornadoTitle");
}, (width, height) => {
  const all = rows(view);
  if (all.length === 0) return [];
  const shown = all.slice(0, Math.max(3, Math.floor((height - 30) / 14)));
  const base = view.choice.label === view.base.measured && view.choice.reading === view.kept.reading ? view.base.prescription.activity.value : (shown[0].least + shown[0].most) / 2;
  const low = Math.min(base, ...shown.map((row) => row.least));
  const high = Math.max(base, ...shown.map((row) => row.most));
  const start = Math.min(280, width * 0.42);
  const longest = Math.floor((start - 70) / 5.6);
  const x = scale(low - (high - low) * 0.03, high + (high - low) * 0.02, start, width - 58);
  const step = (height - 30) / shown.length;
  const marks = [];
  for (const tick of ticks(low, high, 6)) {
    marks.push(mark("path", { class: "grid", d: `M${round(x(tick))} 0V${height - 30}` }), text(number(tick, high - low < 3 ? 1 : 0), x(tick), height - 15, "m"));
  }
  shown.forEach((row, index) => {
    const middle = index * step + step / 2;
    const full = term(row.name);
    const name = full.length > longest ? `${full.slice(0, longest - 1)}…` : full;
    const change = row.most > base + 0.005 ? `+${number(row.most - base, 2)}` : `−${number(base - row.least, 2)}`;
    marks.push(mark("g", {}, mark("title", {}, `${full}: ${gigabecquerels(row.least)}–${gigabecquerels(row.most)} GBq`), text(name, 0, middle + 4), text(row.aside, start - 10, middle + 4, "s e"),
      mark("rect", { class: row.open ? "ac open-bar" : "ac bar", x: round(x(row.least)), y: round(middle - step * 0.32), width: Math.max(1, round(x(row.most) - x(row.least))), height: round(step * 0.64), rx: 1 }),
      text(change, x(row.most) + 6, middle + 4, "s halo")));
  });
  marks.push(mark("path", { class: "axis", d: `M${round(x(base))} 0V${height - 30}` }), text(word("largestAxis"), width - 56, height - 1, "s e"));
  return marks;
});
