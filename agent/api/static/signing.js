// Signing with a finger or a pen, under the report as it is shown.
import SignaturePad from "./vendor/signature_pad.min.js";
import { explain, say } from "./outcome.js";
import { moved, send } from "./session.js";
import { text } from "./words.js";

const FINER = 4; // The drawing is kept in quarters of a pixel.
const MOST_POINTS = 5000;
const pads = new WeakMap();

export function startSigning() {
  document.addEventListener("toggle", (event) => {
    const form = event.target.open && event.target.querySelector("form[data-signs]");
    if (form) padOf(form);
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-clears-pad]");
    if (button) padOf(button.form).clear();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.signs) return;
    event.preventDefault();
    sign(event.target);
  });
}

function padOf(form) {
  if (!pads.has(form)) pads.set(form, fitted(form.querySelector("canvas")));
  return pads.get(form);
}

// A canvas has its own pixels: as many as the screen shows, or lines are blurred.
function fitted(canvas) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  return new SignaturePad(canvas, { penColor: getComputedStyle(canvas).color });
}

function drawn(pad) {
  const width = Math.round(pad.canvas.offsetWidth * FINER);
  const height = Math.round(pad.canvas.offsetHeight * FINER);
  const within = (value, most) => Math.min(Math.max(Math.round(value * FINER), 0), most);
  const strokes = pad.toData().map(({ points }) => points.map(({ x, y }) => [within(x, width), within(y, height)]));
  return { width, height, strokes: thinned(strokes.filter((each) => each.length)) };
}

// A very long drawing keeps every second point until it fits into a message.
function thinned(strokes) {
  let kept = strokes;
  while (kept.reduce((sum, each) => sum + each.length, 0) > MOST_POINTS) kept = kept.map((each) => each.filter((_, at) => at % 2 === 0));
  return kept;
}

async function sign(form) {
  const outcome = form.querySelector(".outcome");
  const pad = padOf(form);
  if (pad.isEmpty()) return say(outcome, text("sign_nothing"), "bad");
  const capacity = form.elements.namedItem("capacity").value.trim();
  const body = {
    intervention: form.dataset.intervention,
    report: form.dataset.report,
    signatory: form.dataset.signs,
    name: form.elements.namedItem("name").value.trim(),
    ...(capacity && { capacity }),
    drawing: drawn(pad),
    shown: document.getElementById(form.dataset.shownBy).dataset.shown,
  };
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  say(outcome, text("sending"));
  try {
    await send("POST", "/v1/signatures", body);
    say(outcome, text("saved"), "good");
    pad.clear();
    form.closest("details").open = false;
  } catch (error) {
    explain(outcome, error);
  } finally {
    button.disabled = false;
    moved("intervention", "outbox");
  }
}
