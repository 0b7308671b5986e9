// Signing in where the archive has accounts, and who has.
import * as api from "./api.mjs";
import { make, refusal } from "./dom.mjs";
import { addWords, severityName, word } from "./words.mjs";

addWords({
  en: { logInTitle: "Sign in", accountName: "Name", passwordWord: "Password", logIn: "Sign in", logOut: "Sign out", roles: { reader: "may look", editor: "may change", signer: "may sign" } },
  de: { logInTitle: "Anmelden", accountName: "Name", passwordWord: "Passwort", logIn: "Anmelden", logOut: "Abmelden", roles: { reader: "darf ansehen", editor: "darf ändern", signer: "darf unterschreiben" } },
});

/** Who works: `{name, role, signsIn}`. */
export const session = { name: "", role: "reader", signsIn: false };

/** Learns who works and shows it in the frame; whether anybody may go on. */
export async function showWho(place) {
  place.replaceChildren();
  try { Object.assign(session, await api.session()); } catch (error) { return error.code !== "log-in-needed"; }
  if (session.signsIn) {
    place.replaceChildren(make("b", { title: word("roles")[session.role] }, session.name), " ",
      make("button", { class: "btn quiet", id: "logout", onclick: async () => { await api.post("/api/log-out", {}); location.reload(); } }, word("logOut")));
  }
  return true;
}

/** The form; `done` is called when somebody has signed in. */
export function showLogIn(page, done) {
  const name = make("input", { class: "field", id: "account", autocomplete: "username", required: true, spellcheck: "false", value: session.name });
  const password = make("input", { class: "field", id: "password", type: "password", autocomplete: "current-password", required: true });
  const told = make("div", { "aria-live": "polite" });
  const button = make("button", { class: "btn primary", id: "login" }, word("logIn"));
  const form = make("form", { class: "card login", "aria-label": word("logInTitle"), onsubmit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await api.post("/api/log-in", { name: name.value, password: password.value });
      await done();
    } catch (error) {
      told.replaceChildren(refusal(error.message, error.remedy, severityName("serious")));
      password.value = "";
      password.focus();
    }
    button.disabled = false;
  } }, make("div", { class: "head" }, make("h2", {}, word("logInTitle"))),
  make("div", { class: "pad" }, make("label", { for: "account" }, word("accountName")), name, make("label", { for: "password" }, word("passwordWord")), password, button, told));
  page.replaceChildren(form);
  (session.name ? password : name).focus();
}
