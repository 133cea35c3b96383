// Server-sent events over fetch, since EventSource sends no headers.
import { ask } from "./session.js";

// The agent says something at least every 15 s.
const SILENT_MILLISECONDS = 40_000;

// Hands every event over until the stream ends; throws when it cannot begin or breaks.
export async function follow(path, take, signal) {
  const ended = new AbortController();
  signal?.addEventListener("abort", () => ended.abort(), { once: true });
  const answer = await ask("GET", path, undefined, ended.signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const silence = setTimeout(() => ended.abort(), SILENT_MILLISECONDS);
    const { value, done } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) tell(block, take);
  }
}

function tell(block, take) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) event = line.slice(7);
    else if (line.startsWith("data: ")) data.push(line.slice(6));
  }
  if (data.length) take(event, JSON.parse(data.join("\n")));
}
