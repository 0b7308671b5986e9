// The signature under a prescription: cautions read, inputs frozen, and whether it still holds.
import * as api from "./api.mjs";
import { icon, make, refusal } from "./dom.mjs";
import { session } from "./log-in.mjs";
import { addWords, gigabecquerels, nuclideSymbol, probability, severityName, word } from "./words.mjs";

addWords({
  en: { signOff: "Sign off", readCaution: "Read:", reason: "Reason", reasonHint: "Why it is signed all the same", freezes: "Freezes the digests of", inputsWord: "inputs, the settings, the results and the program version.",
    signAs: "Sign as", signedBy: "Signed by", holds: "It holds: nothing has changed since.", broken: "It no longer holds. Changed since:", withdraw: "Withdraw", withdrawReason: "Why it is withdrawn", planFirst: "Plan the case as it is now, then sign.",
    keepFirst: "Keep the choice in the case and plan it, then sign.", more: "more", passwordAgain: "Your password again" },
  de: { signOff: "Unterschrift", readCaution: "Gelesen:", reason: "Grund", reasonHint: "Warum trotzdem unterschrieben wird", freezes: "Hält die Prüfsummen fest von", inputsWord: "Eingaben, den Einstellungen, den Ergebnissen und der Programmversion.",
    signAs: "Unterschreiben als", signedBy: "Unterschrieben von", holds: "Sie gilt: seither hat sich nichts geändert.", broken: "Sie gilt nicht mehr. Seither geändert:", withdraw: "Zurückziehen", withdrawReason: "Warum sie zurückgezogen wird", planFirst: "Den Fall, wie er jetzt ist, planen, dann unterschreiben.",
    keepFirst: "Die Wahl im Fall behalten und planen, dann unterschreiben.", more: "weitere", passwordAgain: "Das eigene Passwort noch einmal" },
});

/** The card of a view with `base`, `path`, `choice`, `answer`, `differs()` and `reload()`; `update()` follows the view. */
export function signatureCard(view) {
  const body = make("div", { class: "pad sig" });
  const card = make("section", { class: "card", id: "signature", "aria-label": word("signOff") }, make("div", { class: "head" }, make("h2", {}, word("signOff"))), body);
  const fail = (error) => problem.replaceChildren(refusal(error.message, error.remedy, severityName("serious")));
  const problem = make("div", { "aria-live": "polite" });
  // Where people sign in, a signature asks for the password once more.
  const password = make("input", { class: "field", type: "password", id: "password", autocomplete: "current-password", oninput: () => card.update() });
  const confirming = session.signsIn ? make("label", { class: "why" }, make("span", {}, word("passwordAgain")), password) : null;

  if (view.base.signature) {
    const signed = view.base.signature;
    const why = make("input", { class: "field" });
    const shown = signed.changes.slice(0, 6);
    body.replaceChildren(...[
      make("p", {}, `${word("signedBy")} ${signed.signedBy}, ${signed.signedAt.replace("T", " ").slice(0, 16)}`),
      make("p", { class: "big" }, make("b", {}, `${gigabecquerels(signed.activity.value)} GBq ${nuclideSymbol(signed.label)}`), ` ${probability(signed.probabilityOfExceedingAny)}`),
      signed.reason ? make("p", { class: "small" }, `${word("reason")}: ${signed.reason}`) : null,
      signed.holds ? make("p", { class: "holds" }, icon("ok", severityName("ok")), ` ${word("holds")}`)
        : make("div", { class: "refusal", role: "alert" }, icon("refused", severityName("serious")), " ", make("b", {}, word("broken")),
          make("ul", {}, shown.map((name) => make("li", { class: "mono" }, name)), signed.changes.length > 6 ? make("li", {}, `${signed.changes.length - 6} ${word("more")}`) : null)),
      make("p", { class: "dig mono" }, `results ${signed.results.slice(0, 8)}`),
      make("label", { class: "why" }, make("span", {}, word("withdrawReason")), why), confirming,
      make("div", { class: "actions" }, make("button", { class: "btn", id: "withdraw", onclick: async () => {
        try { await api.post("/api/withdraw", { case: view.path, reason: why.value.trim(), password: password.value }); view.end(); await view.reload(); } catch (error) { fail(error); }
      } }, word("withdraw"))), problem].filter(Boolean));
    card.update = () => {};
    return card;
  }

  const cautions = [...new Map(view.base.findings.filter((one) => one.severity !== "info").map((one) => [one.code, one])).values()];
  const ticks = cautions.map((one) => make("input", { type: "checkbox", "data-code": one.code, onchange: () => card.update() }));
  const reason = make("input", { class: "field", id: "reason", oninput: () => card.update() });
  const because = make("label", { hidden: true, class: "why" }, make("span", {}, word("reasonHint")), reason);
  const hint = make("p", { class: "dig" });
  const sign = make("button", { class: "btn primary", id: "sign", disabled: true, onclick: async () => {
    sign.disabled = true;
    const { choice } = view;
    try {
      await api.post("/api/sign", { case: view.path, digest: view.base.digest, read: ticks.filter((tick) => tick.checked).map((tick) => tick.dataset.code), reason: reason.value.trim(), password: password.value,
        choice: { day: choice.day, risk: choice.risk, factor: choice.factor, limits: choice.limits, activity: view.answer.activity.value,
          ...(choice.label === view.base.measured ? {} : { label: choice.label }), ...(choice.reading === view.kept.reading ? {} : { reading: choice.reading }) } });
      view.end();
      await view.reload();
    } catch (error) { fail(error); card.update(); }
  } }, `${word("signAs")} ${view.base.actor}`);
  body.replaceChildren(...[...cautions.map((one, index) => make("label", { title: one.text }, ticks[index], make("span", {}, `${word("readCaution")} `, icon(one.severity, severityName(one.severity)), ` ${one.title || one.text}`))),
    because, make("p", { class: "dig" }, `${word("freezes")} ${view.base.inputs} ${word("inputsWord")}`), hint, confirming, sign, problem].filter(Boolean));
  card.update = () => {
    const needsReason = view.answer.isAboveRisk || cautions.some((one) => one.severity === "serious");
    because.hidden = !needsReason;
    hint.textContent = view.differs() ? word("keepFirst") : view.base.isPlanned ? "" : word("planFirst");
    sign.disabled = hint.textContent !== "" || ticks.some((tick) => !tick.checked) || (needsReason && reason.value.trim() === "") || (session.signsIn && password.value === "");
  };
  return card;
}
