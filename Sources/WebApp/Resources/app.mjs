// The frame: which page is shown follows from the address; language and theme are the reader's.
import * as audit from "./audit.mjs";
import { showBanner } from "./banner.mjs";
import * as caseView from "./case.mjs";
import * as cohort from "./cohort.mjs";
import * as course from "./course.mjs";
import * as dosimetry from "./dosimetry.mjs";
import { make } from "./dom.mjs";
import * as laboratory from "./laboratory.mjs";
import { showLogIn, showWho } from "./log-in.mjs";
import * as planar from "./planar.mjs";
import * as prescription from "./prescription.mjs";
import * as viewer from "./viewer.mjs";
import { remember, remembered, switchLanguage, translate, word } from "./words.mjs";
import * as worklist from "./worklist.mjs";

const page = document.getElementById("page");
const banner = document.getElementById("banner");
let keys = null;
let leave = null;

// Pages of a case come with its path, as #/prescription/PATH; others by their name alone.
const casePages = { case: caseView, course, dosimetry, laboratory, planar, prescription, viewer };
const pages = { audit, cohort, worklist };

async function route() {
  const address = location.hash.replace(/^#\//, "");
  const [first, ...rest] = address.split("/");
  const name = casePages[first] || pages[first] ? first : "worklist";
  leave?.();
  leave = null;
  for (const link of document.querySelectorAll("[data-page]")) {
    if (link.dataset.page === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  translate();
  banner.replaceChildren();
  keys = null;
  // A page that shows its first parts while it waits for more keeps them.
  const earlier = page.firstElementChild;
  const waiting = setTimeout(() => {
    if (page.firstElementChild === earlier) page.replaceChildren(make("p", { class: "empty", role: "status" }, word("loading")));
  }, 400);
  try {
    if (casePages[name]) {
      const path = decodeURIComponent(rest.join("/"));
      showBanner(banner, name, path.split("?")[0]);
      const shown = await casePages[name].show(page, path);
      keys = shown?.keys ?? null;
      leave = shown?.leave ?? null;
    } else keys = await pages[name].show(page);
    clearTimeout(waiting);
  } catch (error) {
    clearTimeout(waiting);
    if (error.code === "log-in-needed") return;
    page.replaceChildren(make("div", { class: "refusal", role: "alert" },
      make("b", {}, error.message), make("div", { class: "do" }, error.remedy ?? ""),
      casePages[name] && name !== "case" ? make("a", { href: `#/case/${rest.join("/")}` }, word("whatIsOpen")) : null));
  }
}

const root = document.documentElement;
if (remembered("theme")) root.dataset.theme = remembered("theme");
document.getElementById("theme").addEventListener("click", () => {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  remember("theme", root.dataset.theme);
});
document.getElementById("language").addEventListener("click", () => { switchLanguage(); translate(); start(); });
// What is typed in a panel over the page is the panel's.
document.addEventListener("keydown", (event) => { if (!document.querySelector("dialog[open]")) keys?.(event); });
addEventListener("hashchange", route);
addEventListener("log-in-needed", () => {
  leave?.();
  [leave, keys] = [null, null];
  banner.replaceChildren();
  showLogIn(page, start);
});

async function start() {
  if (await showWho(document.getElementById("who"))) await route();
}
start();
