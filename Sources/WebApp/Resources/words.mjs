// What the pages say, in English and German.
const words = {
  en: {
    worklist: "Worklist", audit: "Audit trail", disclaimer: "Research use only. Not a medical device.",
    theme: "Light or dark", search: "Search cases", all: "All", refresh: "Read the folders again", case: "Case",
    stage: "Stage", attention: "Attention", activity: "A / GBq", governs: "Governs", needs: "Needs attention",
    rest: "Everything else", none: "There are no cases below this folder. Drop the images of a study here, or Import them.",
    nothingFound: "No case fits the search.", keys: "choose, open, search", findings: "Findings", results: "Results",
    report: "Report", noReport: "There is no report yet: plan the case.", limits: "Limits", limit: "Limit",
    dose: "Dose", exceeding: "P(exceeded)", risk: "accepted risk", graft: "earliest graft: day", organ: "Organ",
    perActivity: "Gy/GBq", noFindings: "Nothing was found that needs a look.", seal: "Seal of the last row",
    rows: "rows in the trail", kept: "results kept", sound: "All is as it was written.", of5: "of 5 steps done",
    bestEstimate: "best estimate", loading: "Reads …", whatIsOpen: "What is still open of this case",
    stages: { open: "new", selected: "selected", measured: "measured", dosed: "dosed", prescribed: "prescribed", verified: "verified" },
    severities: { serious: "serious", caution: "caution", info: "info" },
  },
  de: {
    worklist: "Arbeitsliste", audit: "Protokoll", disclaimer: "Nur für die Forschung. Kein Medizinprodukt.",
    theme: "Hell oder dunkel", search: "Fälle suchen", all: "Alle", refresh: "Ordner neu lesen", case: "Fall",
    stage: "Stand", attention: "Zu beachten", activity: "A / GBq", governs: "Maßgebend", needs: "Zu beachten",
    rest: "Alle übrigen", none: "Unter diesem Ordner liegen keine Fälle. Die Bilder einer Studie hier ablegen oder einlesen.",
    nothingFound: "Kein Fall passt zur Suche.", keys: "wählen, öffnen, suchen", findings: "Befunde", results: "Ergebnisse",
    report: "Bericht", noReport: "Es gibt noch keinen Bericht: den Fall planen.", limits: "Grenzwerte",
    limit: "Grenzwert", dose: "Dosis", exceeding: "P(überschritten)", risk: "akzeptiertes Risiko",
    graft: "früheste Transplantation: Tag", organ: "Organ", perActivity: "Gy/GBq",
    noFindings: "Nichts gefunden, das einen Blick braucht.", seal: "Siegel der letzten Zeile",
    rows: "Zeilen im Protokoll", kept: "Ergebnisse aufbewahrt", sound: "Alles ist, wie es geschrieben wurde.",
    of5: "von 5 Schritten getan", bestEstimate: "bester Schätzwert", loading: "Liest …", whatIsOpen: "Was an diesem Fall noch offen ist",
    stages: { open: "neu", selected: "ausgewählt", measured: "gemessen", dosed: "dosimetriert", prescribed: "verordnet", verified: "verifiziert" },
    severities: { serious: "ernst", caution: "Vorsicht", info: "Hinweis" },
  },
};

/** Adds the words of a page to those of the frame. */
export function addWords(more) {
  Object.assign(words.en, more.en);
  Object.assign(words.de, more.de);
}

/** What the reader chose on an earlier visit; a browser that keeps nothing has nothing. */
export function remembered(name) { try { return localStorage.getItem(name); } catch { return null; } }
export function remember(name, choice) { try { localStorage.setItem(name, choice); } catch { /* The choice holds until the page is left. */ } }

let language = (remembered("language") ?? navigator.language).startsWith("de") ? "de" : "en";
document.documentElement.lang = language;

export const word = (name) => words[language][name];

const terms = {
  Kidneys: "Nieren", "Kidney left": "Niere links", "Kidney right": "Niere rechts", Liver: "Leber", Spleen: "Milz", Marrow: "Knochenmark", "Marrow, total": "Knochenmark, gesamt", "Marrow L2-L4": "Knochenmark L2–L4", "Left kidney": "Niere links", "Right kidney": "Niere rechts", "Vertebral bodies L2-L4": "Wirbelkörper L2–L4", Lesion: "Läsion", "Whole body": "Ganzkörper", Blood: "Blut",
  "Marrow after day 0": "Knochenmark nach Tag 0", "Marrow until day 0": "Knochenmark bis Tag 0", "Marrow on day 0": "Knochenmark an Tag 0", "total dose": "Gesamtdosis", "dose after day 0": "Dosis nach Tag 0", "dose until day 0": "Dosis bis Tag 0", "dose rate on day 0": "Dosisleistung an Tag 0",
  "physical decay only": "nur physikalischer Zerfall", "one exponential": "eine Exponentialfunktion", "uptake and clearance": "Aufnahme und Ausscheidung", "clearance with a retained part": "Ausscheidung mit bleibendem Anteil", calibration: "Kalibrierung", recovery: "Recovery",
  "marrow share of Marrow": "Knochenmarkanteil", "L2–L4 to total marrow": "Von L2–L4 auf das gesamte Knochenmark", "Marrow share of L2–L4": "Knochenmarkanteil von L2–L4", "Mass scaling": "Massenskalierung", "1 Gy to the marrow": "1 Gy am Knochenmark", "Kidneys and/or marrow": "Nieren und/oder Knochenmark", "S values": "S-Werte", "Accepted risk": "Akzeptiertes Risiko",
};
const phrases = [
  [/^fit of (.+)$/, (name) => `Anpassung ${term(name)}`], [/^volume of (.+)$/, (name) => `Volumen ${term(name)}`], [/^S value of (.+)$/, (name) => `S-Wert ${term(name)}`],
  [/^marrow share of (.+)$/, (name) => `Knochenmarkanteil ${term(name)}`], [/^the curve rises until ([\d.]+) h\.$/, (hours) => `Die Kurve steigt bis ${hours.replace(".", ",")} h.`],
];
/** A name or a term that the server gives, in the page's language where it is known. */
export function term(text) {
  if (language !== "de") return text;
  if (terms[text]) return terms[text];
  const phrase = phrases.find(([form]) => form.test(text));
  return phrase ? phrase[1](text.match(phrase[0])[1]) : text;
}
export const stageName = (stage) => words[language].stages[stage] ?? stage;
export const severityName = (severity) => words[language].severities[severity] ?? severity;

export function switchLanguage() {
  language = language === "en" ? "de" : "en";
  document.documentElement.lang = language;
  remember("language", language);
}

const formats = new Map();

/** A number with a fixed count of decimals, in the page's language, with a true minus and thin spaces between thousands. */
export function number(value, decimals) {
  const key = language + decimals;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  const text = formats.get(key).formatToParts(value).map((part) => (part.type === "group" ? "\u2009" : part.value)).join("");
  return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
}

/** An activity cut, never rounded up, to 0.01 GBq. */
export const gigabecquerels = (value) => number(Math.floor(value * 100 + 1e-6) / 100, 2);

/** A probability to 0.1 %, with bounds where that says more. */
export function probability(value) {
  if (value < 0.001) return `< ${number(0.1, 1)} %`;
  if (value > 0.999) return `> ${number(99.9, 1)} %`;
  return `${number(value * 100, 1)} %`;
}

/** Puts the words of the language into the parts of the frame that name one. */
export function translate() {
  for (const part of document.querySelectorAll("[data-word]")) part.textContent = word(part.dataset.word);
  document.getElementById("language").textContent = language === "en" ? "DE" : "EN";
}

/** A dose or its like: three significant digits, never in powers of ten. */
export function significant(value, digits = 3) {
  if (value == null || !Number.isFinite(value)) return "–";
  if (value === 0) return number(0, digits - 1);
  const decimals = Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
  return number(value, decimals);
}

/** A value and its uncertainty with the decimals of the value. */
export function withUncertainty(amount, digits = 3) {
  const decimals = amount.value === 0 ? digits - 1 : Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(Math.abs(amount.value)))));
  return [number(amount.value, decimals), amount.standardUncertainty == null ? null : number(amount.standardUncertainty, decimals)];
}

/**
 * A number as a person types it, with a point or a comma. What the language reads as thousands, 1.500 in German and 1,500 in
 * English, is no number: a thousand times the activity may be meant.
 */
export function typed(text) {
  const digits = text.trim();
  const hasThousands = language === "de" ? /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/ : /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;
  return hasThousands.test(digits) ? NaN : Number(digits.replace(",", "."));
}

const raised = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
/** `¹⁷⁷Lu` from `Lu-177`. */
export function nuclideSymbol(name) {
  const [element, mass = ""] = name.split("-");
  return [...mass].map((digit) => raised[digit] ?? digit).join("") + element;
}
