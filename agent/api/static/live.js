// Live values of the instrument that is opened, with a line that shows how they went. One stream at a time.
import { say } from "./outcome.js";
import { follow } from "./stream.js";
import { glance, quantityValue, text } from "./words.js";

const KEPT = 120;
const STALE_SECONDS = 5;
const charts = new WeakMap();

export function startLiveValues() {
  // "toggle" does not bubble.
  document.addEventListener("toggle", (event) => event.target.dataset?.live && toggle(event.target), true);
}

async function toggle(details) {
  charts.get(details)?.abort();
  if (!details.open) return;
  const ended = new AbortController();
  charts.set(details, ended);
  const lines = new Map();
  const list = details.querySelector(".readings");
  list.replaceChildren();
  const history = JSON.parse(details.dataset.history);
  while (!ended.signal.aborted && details.isConnected) {
    await follow(details.dataset.live, (_, now) => show(list, lines, history, now), ended.signal).catch(() => null);
    if (!ended.signal.aborted) await new Promise((resume) => setTimeout(resume, 2000));
  }
}

function show(list, lines, history, instrument) {
  if (!instrument.readings.length) return say(list, text("no_values"));
  if (!lines.size) list.replaceChildren();
  for (const reading of instrument.readings) {
    const key = `${reading.quantity}/${reading.substance ?? ""}`;
    if (!lines.has(key)) lines.set(key, newLine(list, reading, (history[key] ?? []).map(toNumber)));
    lines.get(key)(reading);
  }
}

const toNumber = (value) => (value === null ? null : Number(value));

function newLine(list, reading, values) {
  const row = document.createElement("li");
  const [name, value, chart, scale] = ["name", "value", "chart", "scale"].map((each) => {
    const part = document.createElement("span");
    part.className = each;
    return row.appendChild(part);
  });
  name.textContent = text(`quantity.${reading.quantity}`) + (reading.substance ? ` (${reading.substance})` : "");
  list.append(row);
  const plot = sparkline(chart, values);
  return (now) => {
    values.push(toNumber(now.value));
    if (values.length > KEPT) values.shift();
    const shown = now.value === null ? "" : quantityValue(glance(now.value), now.unit);
    const status = now.status === "ok" ? "" : text(`status.${now.status}`);
    const stale = now.age > STALE_SECONDS ? text("ago", { age: `${Math.round(now.age)} s` }) : "";
    value.textContent = [shown, status, stale].filter(Boolean).join(" · ");
    row.classList.toggle("stale", stale !== "");
    plot.setData(columns(values));
    scale.textContent = extent(values, now.value, now.unit);
  };
}

// From where to where the line goes: without it, noise and a leak look alike.
function extent(values, last, unit) {
  const known = values.filter((each) => each !== null);
  if (last === null || !known.length) return "";
  const decimals = glance(last).split(".")[1]?.length ?? 0;
  const [low, high] = [Math.min(...known), Math.max(...known)].map((each) => quantityValue(each.toFixed(decimals), unit));
  return low === high ? "" : `${low} … ${high}`;
}

const columns = (values) => [values.map((_, place) => place), values];

function sparkline(place, values) {
  const stroke = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const quiet = { show: false };
  const options = {
    width: 110, height: 34, legend: quiet, cursor: quiet, axes: [quiet, quiet], padding: [3, 3, 3, 3],
    scales: { x: { time: false } }, series: [{}, { stroke, width: 2, points: quiet }],
  };
  const plot = new uPlot(options, columns(values), place);
  plot.root.setAttribute("aria-hidden", "true");
  return plot;
}
