// The questions of a new case, answered one by one: each answer is in the case's file at once, and can be undone.
import * as api from "./api.mjs";
import { icon, make, refusal, stepOf } from "./dom.mjs";
import { control } from "./form.mjs";
import { questionHelp, questionName, sectionOf } from "./form-words.mjs";
import { addWords, severityName, word } from "./words.mjs";

addWords({
  en: { questionWords: { title: "To fill in", answers: "Filled in", help: "Only a person knows what follows. Each answer is saved in the case's file at once.", open: "open", allDone: "All is filled in.", oneOpen: "1 question is open", manyOpen: "{} questions are open", saved: "saved", saving: "saves …", byHand: "Write it in the case's file, line", addRegion: "Add this region", leaveOut: "Leave out", keep: "Keep", another: "A further region",
    drawFirst: "Draw the planar regions", notDrawn: "No regions are drawn on the planar scans yet.", signed: "The prescription is signed; the case is not changed." } },
  de: { questionWords: { title: "Auszufüllen", answers: "Ausgefüllt", help: "Das Folgende weiß nur ein Mensch. Jede Antwort ist sofort in der Datei des Falls gesichert.", open: "offen", allDone: "Alles ist ausgefüllt.", oneOpen: "1 Frage ist offen", manyOpen: "{} Fragen sind offen", saved: "gesichert", saving: "sichert …", byHand: "In der Datei des Falls zu schreiben, Zeile", addRegion: "Diese Region hinzufügen", leaveOut: "Weglassen", keep: "Übernehmen", another: "Eine weitere Region",
    drawFirst: "Die planaren Regionen zeichnen", notDrawn: "Auf den planaren Aufnahmen sind noch keine Regionen gezeichnet.", signed: "Die Verordnung ist unterschrieben; der Fall wird nicht geändert." } },
});

const say = (name) => word("questionWords")[name];
/** Parts of a region that are set elsewhere: models and points on the page of doses. */
const elsewhere = ["excluded", "published", "prior", "model"];

export class Questions {
  /** `told` hears of every change: how many are open, and whether planar regions are still to be drawn. */
  constructor(path, document, told) {
    Object.assign(this, { path, told });
    this.take(document);
    this.last = Promise.resolve();
    this.messages = make("div", { "aria-live": "polite" });
    this.element = make("section", { class: "card questions", id: "questions" });
    this.build();
  }

  static async of(path, told) { return new Questions(path, await api.get("/api/questions", { case: path }), told); }

  take(document) { this.document = document; this.digest = document.digest; this.open = document.open; }

  key(event) {
    const step = stepOf(event);
    if (step && !this.document.isSigned) { event.preventDefault(); this.step(step); }
  }

  step(name) { this.ask(`/api/${name}`, {}); }

  leaveOut(one) { this.ask("/api/answer", { field: one.field, remove: true }); }

  /** A change after which the form is made anew. */
  ask(address, body) {
    this.queue(async () => {
      await api.post(address, { case: this.path, digest: this.digest, ...body });
      this.messages.replaceChildren();
      this.take(await api.get("/api/questions", { case: this.path }));
      this.build();
    }, (error) => this.messages.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))));
  }

  /** One after another, each with the digest that the one before has left. */
  queue(act, fail) { this.last = this.last.then(act).catch(fail); }

  build() {
    const { document } = this;
    this.progress = make("span", { class: "end small", role: "status", id: "openCount" });
    const locked = document.isSigned;
    [this.rows, this.groups] = [new Map(), new Map()];
    this.undo = make("button", { class: "btn", id: "undo", type: "button", onclick: () => this.step("undo") }, word("undo"));
    this.redo = make("button", { class: "btn", id: "redo", type: "button", onclick: () => this.step("redo") }, word("redo"));
    this.element.replaceChildren(make("div", { class: "head" }, make("h2", {}, say(this.open ? "title" : "answers")), this.progress),
      make("p", { class: "small pad" }, say(locked ? "signed" : "help")),
      this.fields = make("div", {}), make("div", { class: "pad actions" }, this.undo, this.redo, this.messages));
    for (const one of document.questions) this.place(one);
    this.mark();
  }

  /** Puts a question under its heading, in the place of what stood there for it. */
  place(one) {
    const section = sectionOf(one.field);
    if (!this.groups.has(section)) {
      const group = make("fieldset", { disabled: this.document.isSigned }, make("legend", {}, section));
      this.groups.set(section, group);
      this.fields.append(group);
    }
    const row = this.row(one);
    const there = this.rows.get(one.field);
    if (there) there.replaceWith(row); else this.groups.get(section).append(row);
    this.rows.set(one.field, row);
    return row;
  }

  mark() {
    this.progress.textContent = this.open === 0 ? say("allDone") : this.open === 1 ? say("oneOpen") : say("manyOpen").replace("{}", this.open);
    this.progress.dataset.open = this.open;
    const { undo, redo } = this.document.history;
    Object.assign(this.undo, { disabled: !undo || this.document.isSigned, title: undo ?? "" });
    Object.assign(this.redo, { disabled: !redo || this.document.isSigned, title: redo ?? "" });
    this.told?.(this.open, this.document.isDrawn);
  }

  row(one) {
    const title = one.isFurther ? say("another") : questionName(one);
    const state = make("span", { class: "state small", role: "status" });
    const problem = make("div", { class: "problem", "aria-live": "polite" });
    const show = (kind) => {
      row.dataset.state = kind;
      state.replaceChildren(...(kind === "open" ? [say("open")] : kind === "saving" ? [say("saving")] : kind === "saved" ? [icon("ok", say("saved")), " ", say("saved")] : [icon("refused", severityName("serious"))]));
    };
    const row = make("div", { class: "question", "data-field": one.field });
    const told = make("small", {}, questionHelp(one));
    if (!one.schema) {
      row.append(make("span", { class: "name" }, title), make("div", {}, `${say("byHand")} ${one.line}.`, told), state);
      show(one.value == null ? "open" : "saved");
      return row;
    }
    const isExplicit = one.isFurther || one.schema.type === "array";
    const input = control(one.schema, one.value ?? undefined, { label: title, key: one.field.split(".").at(-1), question: one.question, without: one.field.startsWith("regions[") ? elsewhere : [], changed: () => { if (!isExplicit) save(); } });
    const save = () => {
      let value;
      try { value = input.read(); } catch (error) {
        problem.textContent = error.message;
        if (row.dataset.state === "saved") show("refused");
        return;
      }
      problem.replaceChildren();
      if (value === undefined) { if (row.dataset.state !== "open") show(row.dataset.kept === "" ? "refused" : "open"); return; }
      show("saving");
      this.queue(async () => {
        const found = await api.post("/api/answer", { case: this.path, digest: this.digest, field: one.field, value });
        this.digest = found.digest;
        row.dataset.kept = "";
        show("saved");
        this.messages.replaceChildren();
        this.take(await api.get("/api/questions", { case: this.path }));
        // What is typed elsewhere meanwhile stays; a list has one place more.
        for (const other of this.document.questions) if (!this.rows.has(other.field)) this.place(other);
        const own = this.document.questions.find((other) => other.field === one.field);
        if (one.isFurther) this.place(own).querySelector("input")?.focus();
        this.mark();
      }, (error) => { show("refused"); problem.replaceChildren(refusal(error.message, error.remedy, severityName("serious"))); });
    };
    const button = isExplicit ? make("button", { class: "btn", type: "button", onclick: save }, say(one.isFurther ? "addRegion" : "keep")) : null;
    const out = one.isRemovable ? make("button", { class: "btn quiet", type: "button", "aria-label": `${say("leaveOut")}: ${one.subject ?? one.value?.name ?? title}`, onclick: () => this.leaveOut(one) }, say("leaveOut")) : null;
    row.append(input.id ? make("label", { class: "name", for: input.id }, title) : make("span", { class: "name" }, title), make("div", { class: "answer" }, out ? make("span", { class: "with-unit" }, input.element, out) : input.element, button, told, problem), state);
    if (one.value != null) row.dataset.kept = "";
    if (one.isFurther) row.dataset.state = "further"; else show(one.value == null ? "open" : "saved");
    return row;
  }
}

/** The way to the drawing, where planar scans have none. */
export function drawCard(path) {
  return make("section", { class: "card pad", id: "toDraw" }, make("p", { class: "small" }, say("notDrawn")), make("a", { class: "btn primary", href: `#/planar/${encodeURIComponent(path)}` }, say("drawFirst")));
}
