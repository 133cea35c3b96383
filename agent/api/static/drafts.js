// What is being typed survives a reload, a change of language and the end of a session.
const PREFIX = "releve.draft:";
const key = (form) => `${PREFIX}${location.pathname}#${form.id}`;

export function keepDraft(form) {
  const values = Object.fromEntries(
    // A secret is never laid down, not even for the length of a session.
    [...form.elements].filter((each) => each.name && !["hidden", "radio", "password"].includes(each.type)).map((each) => [each.name, each.value]),
  );
  sessionStorage.setItem(key(form), JSON.stringify(values));
}

export function dropDraft(form) {
  sessionStorage.removeItem(key(form));
}

export function restoreDrafts(root) {
  const own = root.matches("form[data-draft]") ? [root] : [];
  for (const form of [...own, ...root.querySelectorAll("form[data-draft]")]) {
    const kept = sessionStorage.getItem(key(form));
    if (kept === null) continue;
    for (const [name, value] of Object.entries(JSON.parse(kept))) {
      const input = form.elements.namedItem(name);
      if (input && input.value !== undefined) input.value = value;
    }
    const closed = form.closest("details");
    if (closed) closed.open = true;
  }
}

export function forgetDrafts() {
  for (const each of Object.keys(sessionStorage)) if (each.startsWith(PREFIX)) sessionStorage.removeItem(each);
}
