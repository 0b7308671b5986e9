// The worklist: what needs a person first, then the rest.
import * as api from "./api.mjs";
import { icon, make } from "./dom.mjs";
import { importButton } from "./import.mjs";
import { gigabecquerels, severityName, stageName, term, word } from "./words.mjs";

const stages = ["selected", "measured", "dosed", "prescribed", "verified"];

function steps(stage) {
  const done = stages.indexOf(stage) + 1;
  return make("span", { class: "steps", role: "img", "aria-label": `${done} ${word("of5")}` },
    stages.map((_, index) => make("i", { class: index < done ? "done" : "" })));
}

function row(entry) {
  const worst = entry.worst;
  const address = `#/case/${encodeURIComponent(entry.path)}`;
  return make("tr", { "data-address": address },
    make("td", {}, make("a", { href: address }, entry.name)),
    make("td", { class: "pm" }, entry.path),
    make("td", {}, steps(entry.stage), make("span", { class: "pm" }, stageName(entry.stage))),
    make("td", { class: "why", title: worst?.text ?? "" },
      worst ? [icon(worst.severity, severityName(worst.severity)), ` ${worst.title ?? worst.text}`] : null),
    make("td", { class: "n" }, entry.activity ? gigabecquerels(entry.activity.value) : "–"),
    make("td", { class: "pm" }, term(entry.governing ?? "")));
}

function group(title, entries) {
  if (entries.length === 0) return [];
  return [make("tr", { class: "group" }, make("td", { colspan: 6 }, `${title} `, make("span", { class: "u" }, `${entries.length}`))),
    ...entries.map(row)];
}

export async function show(page) {
  const list = await api.worklist();
  const body = make("tbody", { class: "rows" });
  const search = make("input", { class: "field find", type: "search", id: "search" });
  const fill = () => {
    const wanted = search.value.toLowerCase();
    const shown = list.cases.filter((entry) => `${entry.name} ${entry.path}`.toLowerCase().includes(wanted));
    const urgent = shown.filter((entry) => entry.worst && entry.worst.severity !== "info");
    const rest = shown.filter((entry) => !urgent.includes(entry));
    body.replaceChildren(...group(word("needs"), urgent), ...group(word("rest"), rest));
    if (shown.length === 0) {
      body.append(make("tr", {}, make("td", { colspan: 6, class: "empty" }, word(list.cases.length ? "nothingFound" : "none"))));
    }
    choose(0);
  };
  const rows = () => [...body.querySelectorAll("tr[data-address]")];
  const choose = (index) => {
    rows().forEach((row, at) => row.classList.toggle("on", at === index));
    rows()[index]?.scrollIntoView({ block: "nearest" });
  };
  const refresh = make("button", { class: "btn", onclick: async () => { await api.index(); await show(page); } }, word("refresh"));
  search.addEventListener("input", fill);
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-address]");
    if (row) location.hash = row.dataset.address;
  });
  const section = make("section", { class: "card list", "aria-label": word("worklist") });
  const importing = importButton(section, () => show(page));
  page.replaceChildren(section);
  section.append(
    make("div", { class: "tools" }, make("label", { class: "small", for: "search" }, word("search")), search, refresh, importing,
      make("span", { class: "small keys" }, make("kbd", {}, "↑"), " ", make("kbd", {}, "↓"), " ", make("kbd", {}, "Enter"), " ", make("kbd", {}, "/"), ` ${word("keys")}`)),
    make("div", { class: "scroll" }, make("table", {},
      make("thead", {}, make("tr", {}, ...["case", "", "stage", "attention"].map((name) => make("th", {}, name ? word(name) : "")),
        make("th", { class: "n" }, word("activity")), make("th", {}, word("governs")))), body)));
  fill();
  return (event) => {
    // Enter on a button or a link is what it says.
    if (event.key === "Enter" && event.target.closest("a, button")) return;
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
      return;
    }
    const chosen = rows().findIndex((row) => row.classList.contains("on"));
    if (event.key === "ArrowDown") choose(Math.min(chosen + 1, rows().length - 1));
    else if (event.key === "ArrowUp") choose(Math.max(chosen - 1, 0));
    else if (event.key === "Enter" && chosen >= 0) location.hash = rows()[chosen].dataset.address;
    else return;
    event.preventDefault();
  };
}
