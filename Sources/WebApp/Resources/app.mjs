// The frame: which page is shown follows from the address; language and theme are the reader's.
import * as audit from "./audit.mjs";
import * as caseView from "./case.mjs";
import { make } from "./dom.mjs";
import { switchLanguage, translate } from "./words.mjs";
import * as worklist from "./worklist.mjs";

const page = document.getElementById("page");
const banner = document.getElementById("banner");
let keys = null;

async function route() {
  const address = location.hash.replace(/^#\//, "");
  const name = address.startsWith("case/") ? "case" : address === "audit" ? "audit" : "worklist";
  for (const link of document.querySelectorAll("[data-page]")) {
    if (link.dataset.page === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  translate();
  banner.replaceChildren();
  keys = null;
  try {
    if (name === "case") await caseView.show(page, decodeURIComponent(address.slice(5)), banner);
    else if (name === "audit") await audit.show(page);
    else keys = await worklist.show(page);
  } catch (error) {
    page.replaceChildren(make("div", { class: "refusal", role: "alert" },
      make("b", {}, error.message), make("div", { class: "do" }, error.remedy ?? "")));
  }
}

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
});
document.getElementById("language").addEventListener("click", () => { switchLanguage(); route(); });
document.addEventListener("keydown", (event) => keys?.(event));
addEventListener("hashchange", route);
route();
