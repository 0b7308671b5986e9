// Fields for a value that a JSON Schema describes: number with its unit, choice, moment with its offset, yes or no, text,
// list, parts. What is typed is checked by the schema before it is sent; the server checks it again.
import { make } from "./dom.mjs";
import { helpOf, nameOf, titleOf, valueName } from "./form-words.mjs";
import { addWords, number, typed, word } from "./words.mjs";

addWords({
  en: { formWords: { choose: "choose", yes: "yes", no: "no", offset: "Time zone", here: "this computer's", add: "Add", remove: "Remove", more: "More", none: "none", numberWanted: "A number", wholeWanted: "A whole number",
    least: "at least", above: "above", most: "at most", below: "below", and: "and", textWanted: "Something is needed here.", momentWanted: "Date, time and time zone are needed.", choiceWanted: "One of these is needed.", default: "otherwise" } },
  de: { formWords: { choose: "wählen", yes: "ja", no: "nein", offset: "Zeitzone", here: "die dieses Rechners", add: "Hinzufügen", remove: "Entfernen", more: "Weiteres", none: "keine", numberWanted: "Eine Zahl", wholeWanted: "Eine ganze Zahl",
    least: "mindestens", above: "über", most: "höchstens", below: "unter", and: "und", textWanted: "Hier fehlt etwas.", momentWanted: "Datum, Uhrzeit und Zeitzone fehlen.", choiceWanted: "Hier fehlt die Wahl.", default: "sonst" } },
});

const say = (name) => word("formWords")[name];
const wanted = (text) => Object.assign(new Error(text), { isIncomplete: true });
let count = 0;

const units = [["_cps_per_MBq", "cps/MBq"], ["_cm_per_min", "cm/min"], ["_g_per_mL", "g/mL"], ["_per_cm", "cm⁻¹"], ["_MBq", "MBq"], ["_cps", "cps"], ["_keV", "keV"], ["_mL", "mL"], ["_mm", "mm"], ["_cm", "cm"], ["_kg", "kg"], ["_us", "µs"], ["_Gy", "Gy"], ["_m", "m"], ["_g", "g"], ["_s", "s"], ["_h", "h"], ["_d", "d"]];
const unitOf = (key) => units.find(([end]) => key.endsWith(end))?.[1] ?? "";
const isShare = (key) => /[uU]ncertainty$/.test(key);

/** A number as it is shown in a field: all its digits, with the comma of the language. */
const shown = (value) => String(value).replace(".", document.documentElement.lang === "de" ? "," : ".");

function bounds(schema) {
  const parts = [["minimum", "least"], ["exclusiveMinimum", "above"], ["maximum", "most"], ["exclusiveMaximum", "below"]].filter(([key]) => schema[key] != null)
    .map(([key, name]) => `${say(name)} ${shown(schema[key])}`);
  return `${say(schema.type === "integer" ? "wholeWanted" : "numberWanted")}${parts.length ? ` ${parts.join(` ${say("and")} `)}` : ""}.`;
}

const isIn = (value, schema) => Number.isFinite(value) && (schema.type !== "integer" || Number.isInteger(value)) && !(value < schema.minimum || value <= schema.exclusiveMinimum || value > schema.maximum || value >= schema.exclusiveMaximum);

/**
 * A control for a value: `{ element, read, focus }`. `read` gives the value, undefined where nothing was entered, and throws what
 * is wanted where it is not whole. `changed` is called when a person has done with a field.
 */
export function control(schema, value, given) {
  const options = { id: `f${(count += 1)}`, key: "", changed: () => {}, ...given };
  if (schema.const !== undefined) return { element: null, read: () => schema.const, isFixed: true };
  if (schema.oneOf || schema.anyOf) return branches(schema.oneOf ?? schema.anyOf, value, options);
  if (schema.enum) return choice(schema.enum, value, { ...options, otherwise: schema.default });
  if (schema.format === "date-time") return moment(value, options);
  switch (schema.type) {
    case "object": return parts(schema, value, options);
    case "array": return list(schema, value, options);
    case "boolean": return choice([true, false], value, options);
    case "number": case "integer": return figure(schema, value, options);
    default: return text(value, options);
  }
}

function text(value, { id, label, changed }) {
  const input = make("input", { class: "field words", id, "aria-label": label, autocomplete: "off", spellcheck: "false", value: value ?? "", onchange: changed });
  return { element: input, id, read: () => input.value.trim() || undefined };
}

function figure(schema, value, { id, key, label, changed }) {
  const beside = make("span", { class: "u" }, unitOf(key));
  const percent = () => {
    if (!isShare(key)) return;
    const found = typed(input.value);
    beside.textContent = input.value.trim() && isIn(found, schema) ? `= ${number(found * 100, Math.abs(found * 1000 % 10) < 1e-6 ? 0 : 1)} %` : "";
  };
  const input = make("input", { class: "field figure", id, "aria-label": label, inputmode: "decimal", autocomplete: "off", value: value == null ? "" : shown(value),
    placeholder: schema.default == null ? null : `${say("default")} ${shown(schema.default)}`, oninput: percent, onchange: changed });
  percent();
  return { element: make("span", { class: "with-unit" }, input, beside), id, read: () => {
    if (!input.value.trim()) return undefined;
    const found = typed(input.value);
    if (!isIn(found, schema)) throw wanted(bounds(schema));
    return found;
  } };
}

function choice(values, value, { id, label, otherwise, changed }) {
  const at = values.findIndex((one) => one === value);
  const name = (one) => (typeof one === "boolean" ? say(one ? "yes" : "no") : valueName(one));
  const select = make("select", { class: "field", id, "aria-label": label, onchange: changed }, make("option", { value: "" }, otherwise === undefined ? `– ${say("choose")} –` : `${say("default")} ${name(otherwise)}`),
    values.map((one, n) => make("option", { value: n, selected: n === at }, name(one))));
  return { element: select, id, read: () => (select.value === "" ? undefined : values[Number(select.value)]) };
}

const offsetText = (minutes) => `${minutes < 0 ? "-" : "+"}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0")}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;

function moment(value, { id, label, question, changed }) {
  const [, local, zone] = value?.match(/^(.+?)(Z|[+-]\d\d:?\d\d)$/) ?? [];
  // What the header says without its date or zone is there to be looked at, and kept only with the zone.
  const told = question?.match(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?/)?.[0];
  const own = (text) => offsetText(-new Date(text || Date.now()).getTimezoneOffset());
  const input = make("input", { class: "field", type: "datetime-local", step: 1, id, "aria-label": label, value: local ?? told ?? "", onchange: () => { mark(); changed(); } });
  const offsets = [...Array(27).keys()].map((n) => offsetText((n - 12) * 60)).concat(["-03:30", "+03:30", "+04:30", "+05:30", "+05:45", "+06:30", "+09:30", "+10:30"]);
  const chosen = zone === "Z" ? "+00:00" : zone;
  const select = make("select", { class: "field", "aria-label": `${label}: ${say("offset")}`, onchange: changed });
  function mark() {
    const picked = select.childElementCount ? select.value : chosen ?? "";
    select.replaceChildren(make("option", { value: "" }, say("offset")), ...[...new Set([own(input.value), ...offsets])].map((one, n) => make("option", { value: one, selected: one === picked }, `UTC ${one.replace("-", "−")}${n === 0 ? ` (${say("here")})` : ""}`)));
  }
  mark();
  return { element: make("span", { class: "with-unit" }, input, select), id, read: () => {
    if (!input.value && !select.value) return undefined;
    if (!input.value || !select.value) throw wanted(say("momentWanted"));
    return `${input.value.length === 16 ? `${input.value}:00` : input.value}${select.value}`;
  } };
}

/** One part of several: its name, its control, and what is meant. */
function part(name, schema, value, options) {
  const label = nameOf(name);
  const inner = control(schema, value, { ...options, id: undefined, ...{ id: `f${(count += 1)}` }, key: name, label: options.label ? `${options.label}: ${label}` : label });
  if (inner.isFixed) return { inner, row: null };
  const isGroup = inner.id == null;
  const help = helpOf(name) ?? "";
  return { inner, row: make("div", { class: isGroup ? "part group" : "part" }, isGroup ? make("span", {}, label) : make("label", { for: inner.id }, label), inner.element, help ? make("small", {}, help) : null) };
}

function parts(schema, value, options) {
  const all = Object.entries(schema.properties ?? {}).filter(([name]) => !options.without?.includes(name));
  const first = (name) => schema.required?.includes(name) || new RegExp(`\\b${name}\\b`).test(options.question ?? "") || options.shows?.includes(name) || value?.[name] !== undefined;
  const hasMost = all.some(([name]) => first(name));
  const built = all.map(([name, one]) => ({ name, isFirst: !hasMost || first(name), ...part(name, one, value?.[name], { ...options, question: options.question, shows: undefined, without: undefined }) }));
  const rest = built.filter((one) => !one.isFirst && one.row);
  const element = make("div", { class: "parts" }, built.filter((one) => one.isFirst).map((one) => one.row),
    rest.length ? make("details", {}, make("summary", {}, say("more")), rest.map((one) => one.row)) : null);
  return { element, read: () => {
    // What has no field here stays as it is.
    const found = Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => options.without?.includes(name)));
    for (const { name, inner } of built) {
      const one = inner.read();
      if (one !== undefined) found[name] = one;
    }
    const own = built.filter(({ name, inner }) => found[name] !== undefined && !inner.isFixed).length;
    const isFixed = built.some(({ inner }) => inner.isFixed);
    if (own === 0 && !isFixed) return undefined;
    const missing = (schema.required ?? []).find((name) => found[name] === undefined && built.some((one) => one.name === name));
    if (missing) throw wanted(`${nameOf(missing)}: ${say("textWanted")}`);
    return found;
  } };
}

/** Values of one of several forms: the form is chosen first, a word among its words is a form of its own. */
function branches(forms, value, options) {
  const all = forms.flatMap((form) => {
    const method = form.properties?.method?.enum;
    if (form.enum) return form.enum.map((one) => ({ title: valueName(one), schema: { const: one }, fits: value === one }));
    if (method) return method.map((one) => ({ title: valueName(one), schema: { ...form, properties: { ...form.properties, method: { const: one } } }, fits: value?.method === one }));
    const keys = (form.required ?? []).filter((name) => name !== "method");
    const own = form.properties?.method?.const;
    return [{ title: own ? valueName(own) : titleOf(form.title), schema: form, fits: own ? value?.method === own : value !== undefined && value !== null && (form.type === "object" ? typeof value === "object" && keys.every((name) => value[name] !== undefined) : typeof value === form.type) }];
  });
  const at = all.findIndex((one) => one.fits);
  const place = make("div", {});
  let inner = null;
  const select = make("select", { class: "field", id: options.id, "aria-label": options.label, onchange: () => { fill(undefined); options.changed(); } },
    make("option", { value: "" }, `– ${say("choose")} –`), all.map((one, n) => make("option", { value: n, selected: n === at }, one.title)));
  function fill(kept) {
    inner = select.value === "" ? null : control(all[Number(select.value)].schema, kept, { ...options, id: `f${(count += 1)}` });
    place.replaceChildren(...(inner?.element ? [inner.element] : []));
  }
  fill(value);
  return { element: make("div", { class: "branches" }, select, place), id: options.id, read: () => {
    if (!inner) return undefined;
    const found = inner.read();
    if (found === undefined) throw wanted(say("textWanted"));
    return found;
  } };
}

function list(schema, value, options) {
  const rows = make("div", { class: "rows" });
  const held = [];
  const empty = make("small", {}, say("none"));
  function add(one) {
    const inner = control(schema.items, one, { ...options, id: `f${(count += 1)}`, label: `${options.label} ${held.length + 1}` });
    const entry = { inner };
    const row = make("div", { class: "element" }, inner.element, make("button", { class: "btn quiet", type: "button", onclick: () => { held.splice(held.indexOf(entry), 1); row.remove(); empty.hidden = held.length > 0; options.changed(); } }, say("remove")));
    held.push(entry);
    rows.append(row);
    empty.hidden = true;
    return row;
  }
  for (const one of value ?? []) add(one);
  const button = make("button", { class: "btn", type: "button", onclick: () => add(undefined).querySelector("input, select")?.focus() }, say("add"));
  return { element: make("div", { class: "list-field" }, rows, schema.minItems ? null : empty, button), read: () => {
    const found = held.map(({ inner }) => inner.read());
    if (found.includes(undefined)) throw wanted(say("textWanted"));
    return found.length || !schema.minItems ? found : undefined;
  } };
}
