// Whether everything in the archive is as it was written.
import * as api from "./api.mjs";
import { icon, make } from "./dom.mjs";
import { severityName, word } from "./words.mjs";

export async function show(page) {
  const audit = await api.audit();
  page.replaceChildren(make("section", { class: "card" },
    make("div", { class: "head" }, make("h2", {}, word("audit"))),
    make("div", { class: "pad" },
      make("p", {}, `${audit.rows} ${word("rows")} · ${audit.results} ${word("kept")}`),
      audit.problems.length === 0 ? make("p", {}, word("sound")) : null,
      ...audit.problems.map((problem) => make("div", { class: "finding serious" },
        icon("serious", severityName("serious")), make("p", {}, problem.text), make("small", {}, problem.code))),
      make("p", { class: "small" }, word("seal")), make("p", { class: "mono seal" }, audit.head))));
}
