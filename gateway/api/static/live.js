// Pages move by themselves: every event of the gateway asks htmx to fetch this page's content again.
const QUIET_MILLISECONDS = 300;

let waiting = null;

function moved() {
  if (waiting !== null) return;
  waiting = setTimeout(() => {
    waiting = null;
    // A reader who chooses from a list or reads a detail keeps it until the next event.
    if (document.querySelector("select:focus, #content details[open]")) return;
    document.body.dispatchEvent(new CustomEvent("moved"));
  }, QUIET_MILLISECONDS);
}

const kinds = [
  "releve.captures.attached.v1",
  "releve.captures.quarantined.v1",
  "releve.intervention.created.v1",
  "releve.intervention.assigned.v1",
  "releve.intervention.stage.v1",
  "releve.agent.enrolled.v1",
  "releve.agent.revoked.v1",
  "releve.agent.state.v1",
  "releve.agent.response.v1",
];

const source = new EventSource("/v1/events");
for (const kind of kinds) source.addEventListener(kind, moved);
addEventListener("pagehide", () => source.close());
