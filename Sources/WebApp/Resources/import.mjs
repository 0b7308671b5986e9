// Studies come in: a folder or zip that is dropped or chosen, or a study of another system.
import { answer, follow, post } from "./api.mjs";
import { icon, make, refusal } from "./dom.mjs";
import { questionName } from "./form-words.mjs";
import { addWords, word as wordOfFrame } from "./words.mjs";

addWords({
  en: { importWords: {
    importTitle: "Import a study", importButton: "Import", chooseFolder: "Choose a folder", chooseFiles: "Choose files or a zip", dropHere: "Drop a folder, files or a zip archive here.",
    caseName: "Name of the case", caseNameHelp: "A pseudonym, never the patient's name: letters, digits, spaces, dots, hyphens.", sending: "Sending", reading: "Reading the images",
    importDone: "The case is made.", openCase: "Show its images", leftOut: "left out", filesTaken: "files", toFill: "To fill in before it can be planned", fillIn: "Fill in", cancel: "Cancel", close: "Close", pacs: "From another system",
    peer: "System", peerHelp: "TITLE@HOST:PORT, such as PACS@10.0.0.5:104", patientId: "Patient ID", studyDate: "Date", modalityWord: "Modality", find: "Find", retrieve: "Bring", studies: "Studies", noStudies: "No study fits.", importFailed: "Not imported", stop: "Stop", usable: "usable", look: "look", retrieveCancelled: "Ended; nothing of it is kept.",
  } },
  de: { importWords: {
    importTitle: "Eine Studie einlesen", importButton: "Einlesen", chooseFolder: "Ordner wählen", chooseFiles: "Dateien oder Zip wählen", dropHere: "Einen Ordner, Dateien oder ein Zip-Archiv hier ablegen.",
    caseName: "Name des Falls", caseNameHelp: "Ein Pseudonym, nie der Name der Person: Buchstaben, Ziffern, Leerzeichen, Punkte, Bindestriche.", sending: "Wird gesendet", reading: "Bilder werden gelesen",
    importDone: "Der Fall ist angelegt.", openCase: "Seine Bilder zeigen", leftOut: "ausgelassen", filesTaken: "Dateien", toFill: "Auszufüllen, bevor geplant werden kann", fillIn: "Ausfüllen", cancel: "Abbrechen", close: "Schließen", pacs: "Von einem anderen System",
    peer: "System", peerHelp: "TITEL@HOST:PORT, etwa PACS@10.0.0.5:104", patientId: "Patienten-ID", studyDate: "Datum", modalityWord: "Modalität", find: "Suchen", retrieve: "Holen", studies: "Studien", noStudies: "Keine Studie passt.", importFailed: "Nicht eingelesen", stop: "Anhalten", usable: "verwendbar", look: "ansehen", retrieveCancelled: "Beendet; nichts davon bleibt.",
  } },
});

const word = (name) => wordOfFrame("importWords")[name] ?? wordOfFrame(name);
const piece = 4 << 20;

/** All files of what was dropped; folders are walked. */
async function filesOf(items) {
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) files.push(await new Promise((done, failed) => entry.file(done, failed)));
    else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const part = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (part.length === 0) break;
        for (const one of part) await walk(one);
      }
    }
  };
  for (const entry of items.map((item) => item.webkitGetAsEntry?.()).filter(Boolean)) await walk(entry);
  return files;
}

/** Sends files in pieces; what they are called stays here. */
async function send(files, name, progress, isWanted) {
  const { import: id } = await post("/api/import/begin", {});
  // A page that goes away leaves nothing behind.
  const leave = () => fetch("/api/import/cancel", { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ import: id }) });
  addEventListener("pagehide", leave);
  try {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let sent = 0;
    for (const [n, file] of files.entries()) {
      for (let start = 0; start < file.size; start += piece) {
        if (!isWanted()) throw Object.assign(new Error(word("cancel")), { remedy: "" });
        const body = await file.slice(start, start + piece).arrayBuffer();
        await answer(`/api/import/part?import=${id}&file=${n}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body });
        sent += body.byteLength;
        progress(sent / Math.max(1, total));
      }
    }
  } catch (error) {
    removeEventListener("pagehide", leave);
    await post("/api/import/cancel", { import: id }).catch(() => null);
    throw error;
  }
  progress(null);
  try { return await post("/api/import/finish", { import: id, name }); } finally { removeEventListener("pagehide", leave); }
}

/** The panel of an import; `dropped` are files that are already chosen. */
function panel(refresh, dropped) {
  let [files, isWanted] = [dropped ?? [], true];
  const status = make("div", { "aria-live": "polite" });
  const bar = make("progress", { max: 1, value: 0, hidden: true, "aria-label": word("sending") });
  const name = make("input", { class: "field", type: "text", id: "caseName", maxlength: 64, autocomplete: "off" });
  const count = make("span", { class: "small" });
  const tell = () => { count.textContent = files.length ? `${files.length} ${word("filesTaken")}` : ""; start.disabled = files.length === 0 || !name.value.trim(); };
  const fail = (error) => { bar.hidden = true; status.replaceChildren(refusal(error.message, error.remedy, word("importFailed"))); };
  const done = (made) => {
    bar.hidden = true;
    end.textContent = word("close");
    status.replaceChildren(make("p", {}, make("b", {}, word("importDone")), ` ${made.files} ${word("filesTaken")}, ${made.ignored} ${word("leftOut")}. `, make("a", { href: `#/viewer/${encodeURIComponent(made.case)}`, onclick: () => dialog.close() }, word("openCase"))),
      make("ul", { class: "verdicts" }, made.verdicts.map((one) => make("li", {}, icon(one.sound ? "ok" : one.remedy ? "refused" : "caution", word(one.sound ? "usable" : "look")), " ", make("b", {}, one.kind === one.modality ? one.kind : `${one.kind} (${one.modality ?? "–"})`), ` · ${one.files} ${word("filesTaken")} · ${one.text}`, one.remedy ? ` ${one.remedy}` : "", one.finding ? make("span", { class: "pm" }, ` ${one.finding}`) : null))),
      made.questions.length ? make("div", {}, make("p", { class: "small" }, word("toFill")), make("ul", { class: "small" }, ...made.questions.map((question) => make("li", {}, questionName({ field: question.path })))),
        make("a", { class: "btn primary", id: "fillIn", href: `#/case/${encodeURIComponent(made.case)}`, onclick: () => dialog.close() }, word("fillIn"))) : null);
    refresh();
  };
  const chooser = (isFolder) => {
    const input = make("input", { type: "file", multiple: true, webkitdirectory: isFolder, hidden: true, onchange: () => { files = [...input.files]; tell(); } });
    return [make("button", { class: "btn", type: "button", onclick: () => input.click() }, word(isFolder ? "chooseFolder" : "chooseFiles")), input];
  };
  const end = make("button", { class: "btn quiet", type: "button", onclick: () => dialog.close() }, word("cancel"));
  const start = make("button", { class: "btn primary", type: "submit", disabled: true }, word("importButton"));
  const zone = make("div", { class: "dropzone" }, make("p", {}, word("dropHere")), make("p", {}, ...chooser(true), " ", ...chooser(false)), count);
  const own = make("form", { onsubmit: async (event) => {
    event.preventDefault();
    start.disabled = true;
    bar.hidden = false;
    status.replaceChildren();
    try {
      done(await send(files, name.value.trim(), (share) => { if (share == null) bar.removeAttribute("value"); else bar.value = share; }, () => isWanted));
    } catch (error) { fail(error); }
    tell();
  } }, zone, make("label", { for: "caseName" }, word("caseName")), name, make("p", { class: "small" }, word("caseNameHelp")), make("p", { class: "row" }, start, bar));
  name.addEventListener("input", tell);
  const text = (key, id, example) => { const input = make("input", { class: "field", type: "text", id, autocomplete: "off" }); return [make("label", { for: id }, word(key), " ", make("span", { class: "small" }, example)), input]; };
  const [peer, patient, date, modality] = [text("peer", "peer", "PACS@10.0.0.5:104"), text("patientId", "patient", ""), text("studyDate", "date", "20261103"), text("modalityWord", "modality", "PT")];
  const found = make("div", { "aria-live": "polite" });
  const stop = make("button", { class: "btn", type: "button", id: "stopRetrieve", hidden: true }, word("stop"));
  const pacs = make("form", { onsubmit: async (event) => {
    event.preventDefault();
    try {
      const { studies } = await post("/api/pacs/find", { peer: peer[1].value.trim(), patient: patient[1].value.trim(), date: date[1].value.trim(), modality: modality[1].value.trim() });
      const bring = (study) => async (event) => {
        const button = event.target;
        const rest = () => { [button.disabled, stop.hidden] = [false, true]; };
        const give = (error) => { rest(); fail(error); };
        [button.disabled, stop.hidden, bar.hidden] = [true, false, false];
        bar.removeAttribute("value");
        status.replaceChildren();
        try {
          const { job } = await post("/api/pacs/retrieve", { peer: peer[1].value.trim(), study: study.uid, name: name.value.trim(), ...(study.instances ? { instances: study.instances } : {}) });
          const work = follow(job, {
            step: (step) => {
              if (step.of) [bar.max, bar.value] = [step.of, step.number];
              status.textContent = `${step.number}${step.of ? ` / ${step.of}` : ""} ${word("filesTaken")}`;
            },
            done: (made) => { rest(); done(made); },
            cancelled: () => { rest(); bar.hidden = true; status.textContent = word("retrieveCancelled"); },
            refused: (refused) => give({ message: refused.reason, remedy: refused.remedy }),
          });
          stop.onclick = work.cancel;
        } catch (error) { give(error); }
      };
      found.replaceChildren(studies.length === 0 ? make("p", {}, word("noStudies")) : make("table", {}, make("tbody", {}, ...studies.map((study) => make("tr", {}, make("td", {}, study.date ?? "–"), make("td", {}, study.patientId ?? "–"), make("td", {}, study.modalities.join(" ")), make("td", {}, study.description ?? ""), make("td", {}, make("button", { class: "btn", type: "button", onclick: bring(study) }, word("retrieve"))))))));
    } catch (error) { found.replaceChildren(refusal(error.message, error.remedy, word("importFailed"))); }
  } }, make("div", { class: "query" }, ...peer, ...patient, ...date, ...modality), make("p", { class: "row" }, make("button", { class: "btn", type: "submit" }, word("find"))), found);
  const dialog = make("dialog", { class: "card importing", "aria-label": word("importTitle"), onclose: () => { isWanted = false; dialog.remove(); } },
    make("div", { class: "head" }, make("h2", {}, word("importTitle")), make("span", { class: "end" }, end)),
    make("div", { class: "pad" }, own, stop, status), make("details", {}, make("summary", { class: "head" }, make("h2", {}, word("pacs"))), make("div", { class: "pad" }, pacs)));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", async (event) => { event.preventDefault(); event.stopPropagation(); files = await filesOf([...event.dataTransfer.items]); tell(); });
  document.body.append(dialog);
  dialog.showModal();
  name.focus();
  tell();
}

/** The button of the worklist; what is dropped on the list opens the panel as well. */
export function importButton(list, refresh) {
  list.addEventListener("dragover", (event) => { event.preventDefault(); list.classList.add("dropping"); });
  list.addEventListener("dragleave", () => list.classList.remove("dropping"));
  list.addEventListener("drop", async (event) => {
    event.preventDefault();
    list.classList.remove("dropping");
    panel(refresh, await filesOf([...event.dataTransfer.items]));
  });
  return make("button", { class: "btn", type: "button", onclick: () => panel(refresh) }, word("importButton"));
}
