// The course about the graft: schedule, marrow dose, counts and checks on one axis of days.
import * as api from "./api.mjs";
import { findingList, icon, make, refusal } from "./dom.mjs";
import { drawn, inside, room } from "./drawn.mjs";
import { addWords, number, severityName, significant, word } from "./words.mjs";

addWords({
  en: { course: "Course", day0: "day 0", checks: "Checks", toConfirm: "To confirm", outcome: "Outcome", noCourse: "The case has neither a schedule.json nor a followup.json.", followUp: "Follow-up", confirmReason: "Reason",
    doneCheck: "holds", failedCheck: "does not hold", openCheck: "open", neutrophils: "Neutrophils", platelets: "Platelets", failureWord: "Primary graft failure", chimerism: "Donor chimerism, day", response: "Response, day", worst: "Worst grade,", reviewDay: "Lay out",
    dayWord: "day", stepsTable: "Steps", failures: { none: "none", primary: "primary failure", "died-before": "died before it could be said" }, when: "Days", what: "What" },
  de: { course: "Verlauf", day0: "Tag 0", checks: "Prüfungen", toConfirm: "Zu bestätigen", outcome: "Ergebnis", noCourse: "Der Fall hat weder eine schedule.json noch eine followup.json.", followUp: "Nachsorge", confirmReason: "Grund",
    doneCheck: "erfüllt", failedCheck: "nicht erfüllt", openCheck: "offen", neutrophils: "Neutrophile", platelets: "Thrombozyten", failureWord: "Primäres Transplantatversagen", chimerism: "Spenderchimärismus, Tag", response: "Ansprechen, Tag", worst: "Höchster Grad,", reviewDay: "Plan aufstellen",
    dayWord: "Tag", stepsTable: "Schritte", failures: { none: "keines", primary: "primäres Versagen", "died-before": "vorher verstorben" }, when: "Tage", what: "Was" },
});

const states = { passed: ["ok", "doneCheck"], failed: ["serious", "failedCheck"], open: ["caution", "openCheck"] };

export async function show(page, path, day0 = null) {
  const course = await api.get("/api/course", { case: path, day0 });
  if (!course.plan && !course.followUp) {
    page.replaceChildren(make("p", { class: "empty" }, word("noCourse")));
    return {};
  }
  const messages = make("div", { "aria-live": "polite", class: "told" });
  const date = make("input", { class: "field", id: "day0", value: course.plan?.day0 ?? "", size: 11 });
  const layOut = make("form", { class: "actions" }, make("label", { class: "u", for: "day0" }, word("day0")), date, make("button", { class: "btn" }, word("reviewDay")));
  layOut.addEventListener("submit", async (event) => {
    event.preventDefault();
    try { await show(page, path, date.value.trim()); } catch (error) { messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); }
  });
  const place = make("div", {}, course.figure ? drawn(course.figure) : null);
  page.replaceChildren(make("div", { class: "co" },
    make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("course")), course.plan ? make("span", { class: "end" }, layOut) : null),
      place, course.plan ? stepTable(course.plan) : null),
    make("aside", {}, messages,
      course.plan ? make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("checks"))),
        course.plan.checks.map((check) => make("div", { class: "check", title: check.text }, icon(states[check.state][0], word(states[check.state][1])), make("span", {}, check.title), make("span", { class: "u small" }, check.text)))) : null,
      course.readings.length ? make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("toConfirm"))),
        make("div", { class: "pad sig" }, course.readings.map((one) => confirmation(one, path, () => show(page, path, day0), messages)))) : null,
      course.followUp ? outcome(course.followUp) : null,
      ...[course.plan, course.followUp].filter((part) => part?.findings.length).map((part) => make("div", {}, findingList(part.findings, severityName))))));
  if (course.figure) keepFitting(place, (width) => api.get("/api/course", { case: path, day0, width }));
  return {};
}

/** Has the figure drawn to its place whenever that has another width, for as long as it is on the page. */
function keepFitting(place, ask) {
  let [timer, shown] = [null, null];
  const fit = async () => {
    const width = place.firstChild ? room(inside(place.firstChild)) : shown;
    if (width === shown) return;
    shown = width;
    const { figure } = await ask(width).catch(() => ({}));
    if (figure && width === shown) place.replaceChildren(drawn(figure));
  };
  const observer = new ResizeObserver(() => {
    clearTimeout(timer);
    if (place.isConnected) timer = setTimeout(fit, 100); else observer.disconnect();
  });
  observer.observe(place);
  fit();
}

function stepTable(plan) {
  return make("details", { class: "pad" }, make("summary", {}, word("stepsTable")),
    make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, word("when")), make("th", {}, ""), make("th", {}, word("what")))),
      make("tbody", {}, plan.steps.map((step) => make("tr", {}, make("td", {}, step.days.map((day) => number(day, 0)).join(", ") + (step.through != null ? ` – ${step.through}` : "")), make("th", { scope: "row" }, step.title), make("td", {}, step.text))))));
}

function confirmation(one, path, done, messages) {
  const reason = make("input", { class: "field", "aria-label": `${word("confirmReason")}: ${one.title}` });
  return make("div", { class: "refusal" }, icon("refused", word("openCheck")), " ", make("b", {}, one.title), make("div", { class: "do" }, one.text, one.doubt ? ` ${one.doubt}` : ""),
    make("label", { class: "why" }, make("span", {}, word("confirmReason")), reason),
    make("div", { class: "actions" }, one.readings.map((reading) => make("button", { class: "btn", "data-reading": reading.id, onclick: async () => {
      try { await api.post("/api/confirm", { case: path, item: one.item, reading: reading.id, reason: reason.value.trim() }); await done(); }
      catch (error) { messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); }
    } }, [reading.title, reading.text].filter(Boolean).join(", ")))));
}

function outcome(followUp) {
  const rows = [];
  const say = (verdict, text) => verdict?.value == null ? make("span", { class: "u", title: verdict?.missing ?? verdict?.text ?? "" }, "–") : text(verdict.value);
  const row = (name, value, aside) => rows.push(make("tr", {}, make("th", { scope: "row" }, name), make("td", { class: "n" }, value, aside ? make("span", { class: "pm" }, ` ${aside}`) : null)));
  row(word("neutrophils"), say(followUp.engraftment.neutrophils, (day) => make("b", {}, `${word("dayWord")} +${day}`)));
  row(word("platelets"), say(followUp.engraftment.platelets, (day) => make("b", {}, `${word("dayWord")} +${day}`)));
  row(word("failureWord"), say(followUp.engraftment.primaryFailure, (value) => word("failures")[value] ?? value));
  for (const entry of followUp.chimerism) row(`${word("chimerism")} ${entry.day}`, entry.donor_percent == null ? "–" : `${significant(entry.donor_percent, 4)} %`, entry.interval95 ? `(${significant(entry.interval95[0], 3)}–${significant(entry.interval95[1], 3)})` : "");
  for (const entry of followUp.responses) row(`${word("response")} ${entry.day}`, say(entry.verdict, (value) => make("b", {}, value)));
  for (const one of followUp.toxicity) row(`${word("worst")} ${one.analyte ?? one.name ?? ""}`, one.grade?.value == null && typeof one.grade !== "number" ? "–" : `${one.grade?.value ?? one.grade}`, `${word("dayWord")} ${one.worstDay}`);
  return make("section", { class: "card" }, make("div", { class: "head" }, make("h2", {}, word("outcome"))), make("table", {}, make("tbody", {}, rows)));
}
