// Who is signed in, and requests to the agent that carry the token. The token lives as long as this tab.
import { language, text } from "./words.js";

const KEPT = "releve.token";
const SIGNED_OUT = "signed-out";
const SIGNED_IN = "signed-in";

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || String(status));
    this.status = status;
    this.errors = document.errors ?? [];
  }
}

export class NotReached extends Error {}

export const token = () => sessionStorage.getItem(KEPT);

export function signIn(fresh) {
  sessionStorage.setItem(KEPT, fresh);
  document.body.dispatchEvent(new CustomEvent(SIGNED_IN));
}

export function signOut(expired) {
  sessionStorage.removeItem(KEPT);
  document.body.dispatchEvent(new CustomEvent(SIGNED_OUT, { detail: { expired } }));
}

export const onSignedIn = (act) => document.body.addEventListener(SIGNED_IN, act);
export const onSignedOut = (act) => document.body.addEventListener(SIGNED_OUT, (event) => act(event.detail.expired));

export function moved(...subjects) {
  for (const subject of subjects) document.body.dispatchEvent(new CustomEvent(`moved-${subject}`));
}

export async function ask(method, path, body, signal, more = {}) {
  const used = token();
  const headers = { "Accept-Language": language(), ...more };
  if (used) headers.Authorization = `Bearer ${used}`;
  const raw = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = raw ? "application/octet-stream" : "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: raw || body === undefined ? body : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new NotReached();
  }
  if (answer.ok) return answer;
  const problem = new Problem(answer.status, await answer.json().catch(() => ({})));
  // A token that was replaced meanwhile says nothing about the new one.
  if (answer.status === 401 && used && used === token()) signOut(true);
  throw problem;
}

export async function send(method, path, body, headers) {
  const answer = await ask(method, path, body, undefined, headers);
  return answer.status === 204 ? null : answer.json();
}

// Says why nothing is shown; what is shown already stays.
function notShown(why) {
  const loading = document.getElementById("loading");
  if (loading) loading.textContent = text(why);
}

// Fragments asked for by htmx carry the token too, and wait for signing in without one.
export function carryToken() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers.Authorization = `Bearer ${token()}`;
    else event.preventDefault();
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401 && token()) signOut(true);
    else if (status !== 401) notShown(status === 404 ? "unknown_here" : "failed");
  });
  document.body.addEventListener("htmx:sendError", () => notShown("not_reached"));
}
