// Forms and buttons that send one request to the agent. "Saved" is said only after the agent said so.
import { dropDraft, keepDraft, restoreDrafts } from "./drafts.js";
import { explain, say } from "./outcome.js";
import { moved, send } from "./session.js";
import { link, text } from "./words.js";

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.send) return;
    event.preventDefault();
    submit(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if ("draft" in form.dataset) keepDraft(form);
    for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens], [data-closes]");
    if (button?.dataset.opens) document.getElementById(button.dataset.opens).showModal();
    else if (button) document.getElementById(button.dataset.closes).close();
  });
  htmx.onLoad(restoreDrafts);
}


async function submit(form, button) {
  if (form.dataset.busy || (form.dataset.confirm && !(await confirmed(form.dataset.confirm)))) return;
  const outcome = form.querySelector(".outcome");
  const body = form.dataset.send === "DELETE" ? undefined : bodyOf(form, button);
  busy(form, true);
  say(outcome, text(form.dataset.path.endsWith("/acts") ? "under_way" : "sending"));
  try {
    const answer = await send(form.dataset.send, form.dataset.path, body, headersOf(form));
    accepted(form, outcome, button);
    if (form.dataset.goes) location.assign(link(`${form.dataset.goes}/${encodeURIComponent(answer.id)}`));
  } catch (error) {
    mark(form, error);
    explain(outcome, error);
  } finally {
    busy(form, false);
  }
}

// What must not happen twice has a key: a request that may have arrived is sent again with the same one.
function headersOf(form) {
  if (form.dataset.keyed === undefined) return {};
  form.dataset.key ||= crypto.randomUUID();
  return { "Idempotency-Key": form.dataset.key };
}

function accepted(form, outcome, button) {
  say(outcome, text(form.dataset.done ?? "saved"), "good");
  dropDraft(form);
  if ("resets" in form.dataset) form.reset();
  else if (button?.dataset.clears !== undefined) for (const each of form.elements) if (each.type === "textarea") each.value = "";
  form.closest("dialog")?.close();
  moved(form.dataset.moves ?? "intervention", "outbox");
}

function bodyOf(form, button) {
  const body = JSON.parse(form.dataset.body ?? "{}");
  for (const input of form.elements) {
    if (!input.name || (input.type === "radio" && !input.checked)) continue;
    const value = input.value.trim();
    if (input.dataset.boolean !== undefined) body[input.name] = value === "true";
    else if (value) body[input.name] = input.dataset.number === undefined ? value : value.replace(",", ".");
  }
  if (button?.dataset.clears !== undefined) {
    body.value = null;
    delete body.unit;
  }
  return body;
}

// The agent names the field at fault; "value" stands for the field of the report that the form is for.
function mark(form, error) {
  for (const { field } of error.errors ?? []) {
    const input = form.elements.namedItem(field === form.dataset.field ? "value" : field);
    if (input instanceof Element) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
  }
}

function busy(form, is) {
  if (is) form.dataset.busy = "yes";
  else delete form.dataset.busy;
  for (const each of form.querySelectorAll("button")) each.disabled = is;
}

function confirmed(question) {
  const dialog = document.getElementById("confirmation");
  document.getElementById("confirmation-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resume) => dialog.addEventListener("close", () => resume(dialog.returnValue === "yes"), { once: true }));
}
