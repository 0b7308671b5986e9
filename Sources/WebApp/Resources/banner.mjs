// Who the case is of, and the steps of its work as tabs.
import { make } from "./dom.mjs";
import { addWords, word } from "./words.mjs";

addWords({
  en: { steps: "Steps of the case", viewerStep: "Images", planarStep: "Planar", dosimetryStep: "Dose", prescriptionStep: "Prescribe", courseStep: "Course", laboratoryStep: "Laboratory", caseStep: "Report" },
  de: { steps: "Schritte des Falls", viewerStep: "Bilder", planarStep: "Planar", dosimetryStep: "Dosis", prescriptionStep: "Verordnen", courseStep: "Verlauf", laboratoryStep: "Labor", caseStep: "Bericht" },
});

/** The steps in their order: name of the page and of its word. */
export const steps = ["viewer", "planar", "dosimetry", "prescription", "course", "laboratory", "case"];

/** Fills the banner of a page of a case. */
export function showBanner(banner, here, path, name, line) {
  banner.replaceChildren(make("div", { class: "who" },
    make("div", { class: "id" }, make("b", {}, name), make("span", {}, line)),
    make("nav", { class: "chain", "aria-label": word("steps") }, steps.map((step) =>
      make("a", { href: `#/${step}/${encodeURIComponent(path)}`, "aria-current": step === here ? "step" : null }, word(`${step}Step`))))));
}
