// Say how a request ended, beside what asked for it.
import { NotReached, Problem } from "./session.js";
import { text } from "./words.js";

export function say(place, words, tone = "") {
  place.className = place.className.replace(/ (good|bad)$/, "") + (tone && ` ${tone}`);
  place.textContent = words;
}

export function refuse(place, heading, reason) {
  say(place, heading + text("colon") + reason, "bad");
}

export function explain(place, error) {
  if (error instanceof NotReached) say(place, text("not_reached"), "bad");
  else if (!(error instanceof Problem)) throw error;
  else if (error.status === 401) say(place, text("again_after_sign_in"), "bad");
  else refuse(place, text("refused"), reasonOf(error));
}

export function reasonOf(problem) {
  return problem.errors.length ? problem.errors.map((each) => each.remedy).join("; ") : problem.message;
}
