// A timer counts down by itself between two looks at the agent, which alone decides when it is over.
import { moved } from "./session.js";
import { text } from "./words.js";

const ends = new WeakMap();

export function startTimers() {
  setInterval(tick, 250);
}

function tick() {
  for (const timer of document.querySelectorAll(".timer[data-left]")) {
    // The agent gave the seconds left when the element came; only the browser's steady clock counts from there.
    if (!ends.has(timer)) ends.set(timer, performance.now() + Number(timer.dataset.left) * 1000);
    show(timer, Math.max(0, Math.ceil((ends.get(timer) - performance.now()) / 1000)));
  }
}

function show(timer, left) {
  const face = timer.querySelector(".clock");
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (face.textContent !== time) face.textContent = time;
  if (left > 0 || timer.dataset.left === "0" || timer.dataset.told) return;
  timer.dataset.told = "yes";
  document.getElementById(timer.id.replace(/timer$/, "over")).textContent = text("step_over");
  moved("intervention");
}
