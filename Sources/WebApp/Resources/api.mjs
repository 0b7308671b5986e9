// What the server is asked. A refusal becomes an error with its two sentences.

/** What the server answers, in the language of the page; a refusal is thrown. */
export async function answer(path, { headers, ...options } = {}) {
  const response = await fetch(path, { credentials: "same-origin", headers: { "Accept-Language": document.documentElement.lang, ...headers }, ...options });
  if (response.ok) return response;
  const refusal = await response.json().catch(() => null);
  if (refusal?.code === "log-in-needed") dispatchEvent(new Event("log-in-needed"));
  throw Object.assign(new Error(refusal?.reason ?? `${response.status}`), { remedy: refusal?.remedy ?? "", code: refusal?.code });
}

async function ask(path, options) {
  const response = await answer(path, options);
  return response.headers.get("Content-Type") === "application/json" ? response.json() : null;
}

/** Asks for a document with the fields of a query; those without a value are left out. */
export function get(path, fields = {}) {
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value != null && value !== ""));
  return ask(`${path}?${query}`.replace(/\?$/, ""));
}

/** Asks for a change. */
export const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Follows work on the server: calls what is given for `step`, `done`, `cancelled` and `refused`, the last three once. */
export function follow(job, acts) {
  const events = new EventSource(`/api/progress?job=${job}`);
  for (const name of ["step", "done", "cancelled", "refused"]) {
    events.addEventListener(name, (event) => {
      if (name !== "step") events.close();
      acts[name]?.(JSON.parse(event.data));
    });
  }
  return { cancel: () => post("/api/cancel", { job }) };
}

export const session = () => ask("/api/session");
export const worklist = () => ask("/api/worklist");
export const caseDetail = (path) => ask(`/api/case?case=${encodeURIComponent(path)}`);
export const audit = () => ask("/api/audit");
export const index = () =>
  ask("/api/index", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
export const resultAddress = (result) =>
  `/results?digest=${result.sha256}&name=${encodeURIComponent(result.name)}`;
