// Put a fresh fragment into the page without disturbing it: only what changed is replaced.
// [data-list] holds children that each have an id; [data-keep] belongs to the reader once it is there.

export function defineMerge() {
  htmx.defineExtension("merge", {
    handleSwap(style, target, fragment) {
      if (style !== "merge") return false;
      const added = [];
      mergeChildren(target, fragment, added);
      return added;
    },
  });
}

function mergeChildren(current, fresh, added) {
  const known = new Map([...current.children].map((each) => [each.id, each]));
  let place = current.firstElementChild;
  for (const child of [...fresh.children]) {
    const own = known.get(child.id);
    known.delete(child.id);
    const inPlace = own !== undefined && own === place;
    if (inPlace) place = place.nextElementSibling;
    const kept = own === undefined ? insert(child, added) : merge(own, child, added);
    if (!inPlace) current.insertBefore(kept, place);
  }
  for (const gone of known.values()) {
    if (!gone.contains(document.activeElement) || gone.id === "loading") gone.remove();
  }
}

function insert(child, added) {
  added.push(child);
  return child;
}

function merge(own, fresh, added) {
  if (own.hasAttribute("data-keep")) return own;
  if (own.hasAttribute("data-list")) {
    for (const { name, value } of fresh.attributes) if (own.getAttribute(name) !== value) own.setAttribute(name, value);
    mergeChildren(own, fresh, added);
    return own;
  }
  if (own.isEqualNode(fresh)) return own;
  const focused = own.contains(document.activeElement) ? document.activeElement.id : "";
  own.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return insert(fresh, added);
}
