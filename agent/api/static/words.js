// The texts of the page's language, and the choice of language.
const KEPT = "releve.language";
const words = JSON.parse(document.querySelector('meta[name="releve-words"]').content);

export function text(key, values = {}) {
  const found = words.texts[key] ?? key;
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), found);
}

export const language = () => words.language;

export function number(value) {
  return words.language === "fr" ? String(value).replace(".", ",") : String(value);
}

// A value that moves is read at a glance: four figures, never fewer than its whole part. What is captured keeps them all.
export function glance(value) {
  const [whole, decimals = ""] = value.split(".");
  const room = Math.max(0, 4 - whole.replace("-", "").length);
  return decimals.length > room ? Number(value).toFixed(room) : value;
}

export function quantityValue(value, unit) {
  return `${number(value)} ${words.units[unit] ?? unit ?? ""}`.trim();
}

export function link(path) {
  return location.search ? `${path}?lang=${words.language}` : path;
}

// Tells whether the page is left for the same page in the language chosen earlier.
export function startLanguage() {
  const kept = localStorage.getItem(KEPT);
  for (const each of document.querySelectorAll("[data-language]")) {
    each.addEventListener("click", () => localStorage.setItem(KEPT, each.dataset.language));
  }
  if (kept === null || kept === words.language) return false;
  location.replace(`${location.pathname}?lang=${kept}`);
  return true;
}
