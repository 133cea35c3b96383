// The page moves by itself: every change the agent tells of makes htmx fetch what shows it.
import { Problem, moved, onSignedIn, token } from "./session.js";
import { follow } from "./stream.js";

const FIRST_RETRY = 500;
const LAST_RETRY = 8_000;
const QUIET = 120;
// The agent does not tell when an assignment arrives, or when an instrument or the office falls silent.
const LOOK_EVERY = 10_000;
const ALL = ["intervention", "instrument", "outbox", "scan", "file", "payment"];

const lost = document.getElementById("lost");
const status = document.getElementById("status");
const waiting = new Set();

export function followEvents() {
  run();
  setInterval(() => document.visibilityState === "visible" && token() && lost.hidden && moved(...ALL), LOOK_EVERY);
}

async function run() {
  let retry = FIRST_RETRY;
  while (true) {
    if (!token()) await signedIn();
    try {
      await follow("/v1/events", (event) => {
        show(true);
        retry = FIRST_RETRY;
        for (const each of event === "ready" ? ALL : [event]) soon(each);
      });
      show(false);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) continue;
      show(false);
    }
    await new Promise((resume) => setTimeout(resume, retry * (0.75 + Math.random() / 2)));
    retry = Math.min(retry * 2, LAST_RETRY);
  }
}

// Changes that come in a burst are shown together.
function soon(subject) {
  if (waiting.has(subject)) return;
  waiting.add(subject);
  setTimeout(() => {
    waiting.delete(subject);
    moved(subject);
  }, QUIET);
}

function show(reached) {
  lost.hidden = reached;
  status.hidden = !reached;
}

function signedIn() {
  return new Promise((resume) => onSignedIn(resume));
}
