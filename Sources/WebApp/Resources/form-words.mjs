// What the fields of a case are called and mean, in English and German, by their keys in the case's file.
import { term } from "./words.mjs";

const names = {
  name: ["Name", "Name"], nuclide: ["Nuclide", "Nuklid"], agent: ["Agent", "Substanz"], sex: ["Sex", "Geschlecht"], age_y: ["Age in years", "Alter in Jahren"], weight_kg: ["Weight", "Gewicht"], height_m: ["Height", "Größe"],
  activity_MBq: ["Administered activity", "Verabreichte Aktivität"], start: ["Start of the administration", "Beginn der Verabreichung"],
  regions: ["File with the regions", "Datei der Regionen"], calibrationUncertainty: ["Uncertainty of the calibration", "Unsicherheit der Kalibrierung"], recovery: ["Recovery", "Recovery"], method: ["Method", "Verfahren"],
  fwhm_mm: ["Resolution (FWHM)", "Auflösung (FWHM)"], fwhmUncertainty_mm: ["Uncertainty of the resolution", "Unsicherheit der Auflösung"], b_mL: ["Volume b", "Volumen b"], g: ["Exponent g", "Exponent g"], relativeUncertainty: ["Relative uncertainty", "Relative Unsicherheit"],
  voxel_mm: ["Voxel", "Voxel"], duration_s: ["Time of all steps", "Zeit aller Schritte"], calibration: ["Calibration", "Kalibrierung"], sensitivity_cps_per_MBq: ["Sensitivity", "Empfindlichkeit"], file: ["File", "Datei"], collimator: ["Collimator", "Kollimator"],
  windows: ["Energy windows", "Energiefenster"], main: ["Main", "Haupt"], lower: ["Lower", "Unteres"], upper: ["Upper", "Oberes"], scatter: ["Scatter correction", "Streukorrektur"], k: ["Factor k", "Faktor k"], deadTime: ["Dead time of the camera", "Totzeit der Kamera"], model: ["Model", "Modell"], tau_us: ["Dead time τ", "Totzeit τ"],
  speed_cm_per_min: ["Speed of the bed", "Geschwindigkeit der Liege"], fieldOfView_cm: ["Length of the detectors along the bed", "Länge der Detektoren entlang der Liege"], beginsAtFeet: ["The scan begins at the feet", "Die Aufnahme beginnt an den Füßen"],
  attenuation: ["Attenuation", "Schwächung"], coefficient_per_cm: ["Effective coefficient μ", "Effektiver Koeffizient μ"], probe: ["Probe", "Sonde"], patient: ["Patient", "Patient"], scan: ["Number of the scan", "Nummer der Aufnahme"], wholeBody: ["Region around the whole patient", "Region um den ganzen Patienten"],
  distance_cm: ["Distance", "Abstand"], firstIsBeforeVoiding: ["The first reading is before voiding", "Die erste Messung ist vor der Miktion"], readings: ["Readings", "Messungen"], time: ["Time", "Zeit"], front_cps: ["Front", "Vorn"], back_cps: ["Back", "Hinten"], background_cps: ["Background", "Untergrund"],
  pointUncertainty: ["Uncertainty of placing a region", "Unsicherheit der Platzierung einer Region"], hybridSpect: ["SPECT that scale the planar curves", "SPECT, die die planaren Kurven skalieren"],
  organ: ["Organ", "Organ"], structure: ["Structure of the outlines", "Struktur der Konturen"], sampledBy: ["Structures that sample the concentration", "Strukturen für die Konzentration"], dilatedBy_mm: ["Grown by", "Vergrößert um"], volume_mL: ["Volume", "Volumen"], mass_g: ["Mass", "Masse"], massUncertainty: ["Uncertainty of the mass", "Unsicherheit der Masse"], density_g_per_mL: ["Density", "Dichte"],
  bodyThickness_cm: ["Thickness of the body", "Dicke des Körpers"], bodyThicknessUncertainty_cm: ["its uncertainty", "deren Unsicherheit"], organThickness_cm: ["Thickness of the organ", "Dicke des Organs"], organThicknessUncertainty_cm: ["its uncertainty", "deren Unsicherheit"], depth_cm: ["Depth of the organ's middle", "Tiefe der Organmitte"],
  views: ["Views", "Ansichten"], front: ["Front", "Vorn"], back: ["Back", "Hinten"], mirrorOf: ["Takes the activity of", "Übernimmt die Aktivität von"], scaling: ["Background of the region", "Untergrund der Region"],
};

const helps = {
  nuclide: ["Such as Lu-177.", "Etwa Lu-177."], agent: ["Such as [177Lu]Pentixather.", "Etwa [177Lu]Pentixather."], sex: ["Chooses the reference adult.", "Bestimmt den Referenzerwachsenen."],
  activity_MBq: ["At the start, without what was left in the syringe.", "Zu Beginn, ohne den Rest in der Spritze."], start: ["With the offset of the time zone; hours after the administration count from here.", "Mit der Zeitzone; die Stunden nach der Verabreichung zählen ab hier."],
  calibrationUncertainty: ["Relative, of the camera's calibration, such as 0.05.", "Relativ, der Kalibrierung der Kamera, etwa 0,05."], recovery: ["The correction for what the resolution spreads.", "Die Korrektur für das, was die Auflösung verteilt."], duration_s: ["Steps times the time of a step, as for the calibration.", "Schritte mal Zeit eines Schritts, wie bei der Kalibrierung."],
  calibration: ["How counts become activity.", "Wie aus Impulsen Aktivität wird."], collimator: ["The files do not name it; as the calibration names it.", "Die Dateien nennen ihn nicht; wie die Kalibrierung ihn nennt."], windows: ["The numbers of the energy windows in the files.", "Die Nummern der Energiefenster in den Dateien."],
  scatter: ["From the windows beside the peak.", "Aus den Fenstern neben dem Peak."], deadTime: ["τ is 0 for no correction.", "τ ist 0 für keine Korrektur."], fieldOfView_cm: ["A moving bed shows a pixel for this length over its speed.", "Eine bewegte Liege zeigt ein Pixel für diese Länge durch ihre Geschwindigkeit."],
  beginsAtFeet: ["Else it begins at the head.", "Sonst beginnt sie am Kopf."], pointUncertainty: ["Relative, independent from time to time, such as 0.05.", "Relativ, unabhängig von Zeit zu Zeit, etwa 0,05."],
  hybridSpect: ["Their numbers in the order of time, from 1; none for no hybrid.", "Ihre Nummern in der Folge der Zeit, ab 1; keine für keine Hybridrechnung."], regions: ["RTSTRUCT, SEG or NIfTI masks, relative to the case.", "RTSTRUCT, SEG oder NIfTI-Masken, relativ zum Fall."], wholeBody: ["By its name in the drawing.", "Mit ihrem Namen in der Zeichnung."],
  scaling: ["By thickness for an organ inside the body.", "Nach Dicke für ein Organ im Körper."], organ: ["“other” for none of them; it has no limit.", "„andere“ für keines davon; es hat keinen Grenzwert."], mass_g: ["From a CT; a dose needs it.", "Aus einem CT; die Dosis braucht sie."], speed_cm_per_min: ["The headers do not tell it.", "Die Header nennen sie nicht."],
  organThickness_cm: ["The mean over the region: volume by area.", "Das Mittel über die Region: Volumen durch Fläche."], depth_cm: ["Below the front; half of the body when left out.", "Unter der Vorderseite; die halbe Körperdicke, wenn leer."], file: ["Relative to the case; of nm calibrate --json.", "Relativ zum Fall; von nm calibrate --json."],
  voxel_mm: ["Of the image with the outlines.", "Des Bilds mit den Konturen."],
};

/** Helps that differ where the key stands elsewhere, by the end of the path. */
const placed = {
  "planar.attenuation": ["Such as 0.135 and 0.03 for 208 keV with broad beams.", "Etwa 0,135 und 0,03 für 208 keV mit breitem Strahl."],
  name: ["A pseudonym, never the patient's name.", "Ein Pseudonym, nie der Name des Patienten."],
  "outlineImage.fwhm_mm": ["Of the image on which the regions were drawn.", "Des Bilds, auf dem die Regionen gezeichnet wurden."],
  "regions[]": ["One of the regions whose dose is wanted. Planar regions are drawn by this name afterwards.", "Eine der Regionen, deren Dosis gesucht ist. Planare Regionen werden danach mit diesem Namen gezeichnet."],
};

const values = {
  female: ["female", "weiblich"], male: ["male", "männlich"], "kidney-left": ["left kidney", "linke Niere"], "kidney-right": ["right kidney", "rechte Niere"], kidneys: ["kidneys", "Nieren"], liver: ["liver", "Leber"], spleen: ["spleen", "Milz"], "marrow-L2-L4": ["marrow in L2–L4", "Mark in L2–L4"], lesion: ["lesion", "Läsion"], "whole-body": ["whole body", "Ganzkörper"], remainder: ["remainder", "Rest"], blood: ["blood", "Blut"], other: ["other", "andere"],
  "triple-window": ["triple window", "drei Fenster"], "lower-triangle": ["lower window, triangle", "unteres Fenster, Dreieck"], none: ["none", "keine"], "dual-window": ["two windows", "zwei Fenster"], paralysable: ["paralysable", "lähmbar"], "non-paralysable": ["non-paralysable", "nicht lähmbar"],
  "region-based": ["by region and resolution", "nach Region und Auflösung"], "volume-curve": ["a curve by volume", "eine Kurve nach Volumen"], thickness: ["by thickness", "nach Dicke"], area: ["by area", "nach Fläche"], attenuated: ["by attenuated slabs", "nach geschwächten Schichten"], ct: ["from the CT", "aus dem CT"], "geometric-mean": ["geometric mean", "geometrisches Mittel"], weighted: ["weighted", "gewichtet"], auto: ["automatic", "selbsttätig"],
};

const titles = {
  "a sensitivity": ["a sensitivity", "eine Empfindlichkeit"], "a sensitivity in air": ["a sensitivity in air", "eine Empfindlichkeit in Luft"], "what nm calibrate --json printed": ["a file of nm calibrate --json", "eine Datei von nm calibrate --json"], "probe readings": ["readings of a probe", "Messungen mit einer Sonde"], "the patient on a scan before voiding": ["the patient on a scan before voiding", "der Patient auf einer Aufnahme vor der Miktion"],
  "transmissions from a CT": ["transmissions from a CT", "Transmissionen aus einem CT"], "a structure on the case's CT": ["a structure on the case's CT", "eine Struktur auf dem CT des Falls"], "shares from a CT": ["shares from a CT", "Anteile aus einem CT"],
};

const sections = { spect: ["SPECT", "SPECT"], planar: ["Planar scans", "Planare Aufnahmen"], regions: ["Regions", "Regionen"], case: ["Patient and administration", "Patient und Verabreichung"] };

const isGerman = () => document.documentElement.lang === "de";
const told = (table, key) => table[key]?.[isGerman() ? 1 : 0];
const last = (path) => path.replace(/\[\d+\]$/, "").split(".").at(-1);

export const nameOf = (key) => told(names, key) ?? key;
export const helpOf = (key) => told(helps, key);
export const valueName = (value) => told(values, value) ?? String(value);
export const titleOf = (title) => told(titles, title) ?? title;

/** Under which heading a question stands. */
export function sectionOf(field) {
  const key = field.startsWith("measurements.spect") ? "spect" : field.startsWith("measurements.planar") ? "planar" : field.startsWith("regions") ? "regions" : "case";
  return told(sections, key);
}

/** What a question is called. */
export function questionName(one) {
  const place = one.field.match(/^regions\[(\d+)\](\.organ)?$/);
  const number = place && Number(place[1]) + 1;
  if (place) return place[2] ? `${nameOf("organ")}: ${one.subject ? term(one.subject) : number}` : `Region ${number}`;
  return one.field.includes("outlineImage") ? `${nameOf(last(one.field))}: ${isGerman() ? "Bild der Konturen" : "image of the outlines"}` : nameOf(last(one.field));
}

const headers = [
  [/^the organ (follows) from the name/, () => "Das Organ folgt aus dem Namen: bitte prüfen.", () => "The organ follows from the name: check it."],
  [/^the headers say (.+?): (?:.*)$/, (found) => `Die Header sagen ${found.replaceAll(" and ", " und ")}.`, (found) => `The headers say ${found}.`],
  [/^the header says the time without the date, (\S+) is the last one before the scan/, (found) => `Der Header nennt die Zeit ohne Datum; ${found} ist die letzte vor der Aufnahme.`, (found) => `The header says the time without the date; ${found} is the last one before the scan.`],
  [/^the header says (\S+) without a time zone/, (found) => `Der Header sagt ${found} ohne Zeitzone.`, (found) => `The header says ${found} without a time zone.`],
];

/** What is meant by a question, with what the images say of it. */
export function questionHelp(one) {
  const key = Object.keys(placed).find((end) => one.field.replaceAll(/\[\d+\]/g, "[]").endsWith(end));
  const general = (key ? told(placed, key) : helpOf(last(one.field))) ?? one.question;
  const header = headers.map(([form, german, english]) => { const found = one.question.match(form)?.[1]; return found ? (isGerman() ? german : english)(found) : null; }).find(Boolean);
  return header && general !== one.question ? `${header} ${general}` : general;
}
