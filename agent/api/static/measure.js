// Have fields measured, and tell beside each how it goes, until the agent has it on disk or says why not.
import { explain, refuse, say } from "./outcome.js";
import { Problem, moved, send } from "./session.js";
import { follow } from "./stream.js";
import { link, quantityValue, text } from "./words.js";

const ENDED = ["accepted", "rejected", "expired"];

export function startMeasuring() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.measures) return;
    event.preventDefault();
    const ticked = [...form.elements].filter((each) => each.name === "field" && each.checked);
    measure(form, ticked.map((each) => each.value));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-measures-one]");
    if (button) measure(document.getElementById(button.dataset.form), [button.dataset.measuresOne]);
  });
}

async function measure(form, names) {
  const outcome = form.querySelector(".outcome");
  if (!names.length) return say(outcome, text("none_ticked"), "bad");
  const report = form.closest(".report");
  const places = new Map(names.map((name) => [name, report.querySelector(`[data-progress="${name}"]`)]));
  busy(form, report, names, true);
  for (const place of places.values()) progress(place, text("sending"));
  say(outcome, text("sending"));
  try {
    const ticket = await send("POST", "/v1/captures", { ...placeOf(form), fields: names, instruments: chosen(form, names) });
    // A field of a group brings the others of the group along.
    for (const name of Object.keys(ticket.fields)) if (!places.has(name)) places.set(name, report.querySelector(`[data-progress="${name}"]`));
    finish(form, outcome, [...places.keys()], await watch(ticket, places, outcome));
  } catch (error) {
    refused(places, outcome, error);
  } finally {
    busy(form, report, names, false);
  }
}

const placeOf = (form) => ({ intervention: form.dataset.intervention, report: form.dataset.measures });

function chosen(form, names) {
  const selects = [...form.elements].filter((each) => names.includes(each.dataset.serves) && each.value);
  return Object.fromEntries(selects.map((each) => [each.dataset.serves, each.value]));
}

// Follows a request to its end; a stream that breaks is taken up again, for the agent goes on meanwhile.
async function watch(ticket, places, outcome) {
  let last = ticket;
  for (let tries = 0; !ENDED.includes(last.state); tries += 1) {
    if (tries) await new Promise((resume) => setTimeout(resume, Math.min(500 * tries, 4000)));
    try {
      await follow(`/v1/captures/${encodeURIComponent(ticket.id)}/events`, (_, now) => show((last = now), places, outcome));
    } catch (error) {
      if (error instanceof Problem || tries > 8) throw error;
    }
  }
  return last;
}

function show(ticket, places, outcome) {
  const named = Object.values(ticket.fields).some((each) => each.reason);
  for (const [name, place] of places) showField(ticket, ticket.fields[name], place, named);
  if (named) say(outcome, text("see_field"), "bad");
  else if (ticket.state === "rejected" || ticket.state === "expired") refuse(outcome, text(`capture.${ticket.state}`), ticket.reason);
  else say(outcome, text(`capture.${ticket.state}`), ticket.state === "accepted" ? "good" : "");
}

function showField(ticket, field, place, named) {
  const heading = text(`capture.${ticket.state}`);
  if (ticket.state === "accepted") progress(place, heading, "", "good");
  else if (!ENDED.includes(ticket.state)) progress(place, field.value || field.status ? text("read") : heading, detail(field, place));
  else if (field.reason) refuseField(place, heading, field.reason);
  else progress(place, named ? text("other_refused") : heading, "", "bad");
}

function detail(field, place) {
  if (field.value) return quantityValue(field.value, field.unit);
  if (field.status) return text(`status.${field.status}`);
  return field.spread ? `${text("spread")} ${quantityValue(field.spread, place.dataset.unit)}` : "";
}

function progress(place, says, more = "", tone = "") {
  const voice = place.querySelector(".says");
  if (voice.textContent !== says) say(voice, says, tone);
  place.querySelector(".detail").textContent = more;
}

function refuseField(place, heading, reason) {
  refuse(place.querySelector(".says"), heading, reason);
  const see = document.createElement("a");
  see.href = link("/instruments");
  see.textContent = text("see_instruments");
  const more = place.querySelector(".detail");
  more.removeAttribute("aria-hidden");
  more.replaceChildren(see);
}

function refused(places, outcome, error) {
  const faults = new Map((error.errors ?? []).map((each) => [each.field, each.remedy]));
  for (const [name, place] of places) {
    if (faults.has(name)) refuseField(place, text("refused"), faults.get(name));
    else progress(place, faults.size ? text("other_refused") : "", "", "bad");
  }
  if ([...places.keys()].some((name) => faults.has(name))) say(outcome, text("see_field"), "bad");
  else explain(outcome, error);
}

function finish(form, outcome, names, ticket) {
  if (ticket.state !== "accepted") return;
  say(outcome, text("saved"), "good");
  for (const each of form.elements) if (each.name === "field" && names.includes(each.value)) each.checked = false;
  moved("intervention", "outbox");
}

function busy(form, report, names, is) {
  const buttons = [form.querySelector("button"), ...names.map((name) => report.querySelector(`[data-measures-one="${name}"]`))];
  for (const each of buttons) each.disabled = is;
}
