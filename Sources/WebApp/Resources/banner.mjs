// Who the case is of, and the steps of its work as tabs.
import { get } from "./api.mjs";
import { make } from "./dom.mjs";
import { addWords, word } from "./words.mjs";

addWords({
  en: { steps: "Steps of the case", viewerStep: "Images", planarStep: "Planar", dosimetryStep: "Dose", prescriptionStep: "Prescribe", courseStep: "Course", laboratoryStep: "Laboratory", caseStep: "Report" },
  de: { steps: "Schritte des Falls", viewerStep: "Bilder", planarStep: "Planar", dosimetryStep: "Dosis", prescriptionStep: "Verordnen", courseStep: "Verlauf", laboratoryStep: "Labor", caseStep: "Bericht" },
});

/** The steps in their order: name of the page and of its word. */
export const steps = ["viewer", "planar", "dosimetry", "prescription", "course", "laboratory", "case"];

const known = new Map();

/** Fills the banner of a page of a case; who the case is of is the same on all of them. */
export async function showBanner(banner, here, path) {
  const id = make("div", { class: "id" });
  const fill = ({ name, subject }) => id.replaceChildren(make("b", {}, name), make("span", {}, subject));
  fill(known.get(path) ?? { name: path.split("/").at(-1), subject: "" });
  banner.replaceChildren(make("div", { class: "who" }, id,
    make("nav", { class: "chain", "aria-label": word("steps") }, steps.map((step) =>
      make("a", { href: `#/${step}/${encodeURIComponent(path)}`, "aria-current": step === here ? "step" : null }, word(`${step}Step`))))));
  const found = await get("/api/banner", { case: path }).catch(() => null);
  if (found) { known.set(path, found); fill(found); }
}
