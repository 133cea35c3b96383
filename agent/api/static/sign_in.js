// Signing in covers the page and leaves it as it is, so that nothing typed is lost.
import { NotReached, moved, onSignedIn, onSignedOut, send, signIn, signOut, token } from "./session.js";
import { forgetDrafts } from "./drafts.js";
import { text } from "./words.js";

const NAME = "releve.technician";
const dialog = document.getElementById("sign-in");
const form = document.getElementById("sign-in-form");
const outcome = document.getElementById("sign-in-outcome");

export function startSigningIn() {
  form.technician.value = localStorage.getItem(NAME) ?? "";
  form.addEventListener("submit", submit);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => token() ?? open());
  onSignedOut((expired) => expired && open("signed_out"));
  onSignedIn(() => moved("intervention", "instrument", "outbox", "scan"));
  document.getElementById("sign-out").addEventListener("click", leave);
  if (!token()) open();
}

function open(why = "sign_in_first") {
  document.getElementById("sign-in-why").textContent = text(why);
  if (!dialog.open) dialog.showModal();
  (form.technician.value ? form.pin : form.technician).focus();
}

async function submit(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const technician = form.technician.value.trim();
  button.disabled = true;
  outcome.textContent = "";
  try {
    const session = await send("POST", "/v1/session", { technician, pin: form.pin.value });
    // What somebody else was typing here is not this person's.
    if (localStorage.getItem(NAME) !== technician) forgetDrafts();
    localStorage.setItem(NAME, technician);
    signIn(session.token);
    dialog.close();
  } catch (error) {
    outcome.textContent = error instanceof NotReached ? text("not_reached") : text("refused") + text("colon") + error.message;
  } finally {
    form.pin.value = "";
    button.disabled = false;
  }
}

async function leave() {
  await send("DELETE", "/v1/session").catch(() => null);
  signOut(false);
  forgetDrafts();
  location.assign(document.querySelector(".brand").href);
}
