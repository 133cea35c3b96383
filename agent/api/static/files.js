// Readings from files: give one to the agent, and have a measurement of it used for the ticked fields.
import { explain, say } from "./outcome.js";
import { moved, send } from "./session.js";
import { text } from "./words.js";

export function startFiles() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const act = form.dataset.uses ? use : form.dataset.gives === undefined ? null : give;
    if (!act) return;
    event.preventDefault();
    act(form, form.querySelector(".outcome"));
  });
}

function give(form, outcome) {
  const [file] = form.elements.namedItem("file").files;
  if (!file) return say(outcome, text("file_none"), "bad");
  if (file.size > Number(form.dataset.most)) return say(outcome, text("file_too_large"), "bad");
  return carry(form, outcome, "file_read", ["file"], () => send("POST", `/v1/files?name=${encodeURIComponent(file.name)}`, file));
}

function use(form, outcome) {
  const ticked = [...form.elements].filter((each) => each.name === "field" && each.checked && !each.disabled);
  if (!ticked.length) return say(outcome, text("none_ticked"), "bad");
  const { uses, intervention, report, measurement } = form.dataset;
  const body = { intervention, report, measurement: Number(measurement), fields: ticked.map((each) => each.value) };
  return carry(form, outcome, "saved", ["intervention", "outbox"], () => send("POST", uses, body));
}

// "Saved" is said only after the agent said so.
async function carry(form, outcome, done, moves, request) {
  const button = form.querySelector("button");
  button.disabled = true;
  say(outcome, text("sending"));
  try {
    await request();
    say(outcome, text(done), "good");
    if (form.dataset.gives !== undefined) form.reset();
    moved(...moves);
  } catch (error) {
    explain(outcome, error);
  } finally {
    button.disabled = false;
  }
}
