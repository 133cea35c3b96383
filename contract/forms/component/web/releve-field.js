/**
 * <releve-field> and <releve-group>: fields of a form that instruments fill. One file, no dependency, no build.
 *
 *   <script type="module" src="https://gateway.example.net/component/releve-field.js"></script>
 *   <releve-field intervention="job-7" report="boiler" field="o2" gateway="https://gateway.example.net" key="…">O₂</releve-field>
 *   <releve-group intervention="job-7" report="boiler" fields="o2 co flue_temperature"></releve-group>
 *
 * Attributes, each a property too (a field inside of a group takes from the group what it does not say itself):
 *   intervention, report, field   what is filled; of a group: `fields`, names with spaces between them, or fields inside of it
 *   name                          name of the value in the form's data; the field's name unless said
 *   label                         what the field is called, where nothing stands between its tags
 *   required, disabled            as of every control of a form
 *   gateway, key                  base URL of the gateway, and a form engine's key that is for this page's origin
 *   agent                         base URL of the agent on this device; http://127.0.0.1:7300 unless said
 *   via                           auto (the gateway where it is given and answers, else the agent), gateway or agent
 *   lang                          fr or en; of the page unless said, French in doubt
 * Properties of a field: value (text with a decimal point, "" when empty), and of what was captured: captured
 *   ({value, unit, status, verdict, at, instrument, calibration, capture}, null when nothing was); the usual form, validity,
 *   validationMessage, willValidate, checkValidity(), reportValidity(). measure() does what the button does.
 * Events, bubbling and composed:
 *   releve-progress   at each field:  {field, state, value, unit, status, spread, instrument}
 *   releve-captured   at each field:  {field, value, unit, status, at, instrument, capture}
 *   releve-refused    at the asking element:  {code, reason, fields}; `fields` says the reason of each field that has one
 * Custom properties: --releve-surface, -text, -muted, -border, -accent, -on-accent, -good, -bad, -font, -radius, -gap.
 * Parts: field, group, label, value, instrument, live, status, hint, button, local, sign-in, choice, input.
 * Light and dark follow the `color-scheme` of the page.
 */

// French, English.
export const TEXTS = {
  measure: ["Mesurer", "Measure"],
  measure_what: ["Mesurer : {what}", "Measure: {what}"],
  again: ["Mesurer à nouveau", "Measure again"],
  again_what: ["Mesurer à nouveau : {what}", "Measure again: {what}"],
  by_this_device: ["Mesurer par cet appareil", "Measure by this device"],
  cancel: ["Annuler", "Cancel"],
  empty: ["vide", "empty"],
  reaching: ["Recherche de l’agent…", "Looking for the agent…"],
  sending: ["Envoi…", "Sending…"],
  "state.requested": ["Demande envoyée, en attente de l’appareil du technicien…", "Sent, waiting for the technician’s device…"],
  "state.waiting": ["En attente de l’instrument…", "Waiting for the instrument…"],
  "state.sampling": ["Mesure en cours…", "Measuring…"],
  "state.stable": ["Valeur stable", "Stable value"],
  "state.captured": ["Signé, en cours d’écriture…", "Signed, being written…"],
  "state.accepted": ["Enregistré", "Saved"],
  "state.rejected": ["Refusé", "Refused"],
  "state.expired": ["Pas de valeur à temps", "No value in time"],
  field_sampled: ["Valeur prise", "Value taken"],
  arriving: ["Enregistré, en route vers la passerelle…", "Saved, on its way to the gateway…"],
  saved: ["Enregistré : {value}", "Saved: {value}"],
  not_arrived: [
    "Enregistré sur l’appareil ; la valeur n’est pas encore arrivée à la passerelle.",
    "Saved on the device; the value has not reached the gateway yet.",
  ],
  see_fields: ["Rien n’est enregistré : voyez les champs", "Nothing was saved: see the fields"],
  other_refused: ["Pas enregistré : un autre champ est refusé", "Not saved: another field was refused"],
  refused: ["Refusé : {reason}", "Refused: {reason}"],
  spread: ["écart des dernières valeurs : {spread}", "last values within {spread}"],
  serial: ["n° {serial}", "no. {serial}"],
  measure_first: ["À mesurer", "To be measured"],
  "status.below_range": ["sous l’étendue", "below range"],
  "status.above_range": ["au-dessus de l’étendue", "above range"],
  "status.unstable": ["instable", "unstable"],
  "status.not_measured": ["non mesuré", "not measured"],
  "status.error": ["erreur", "error"],
  "verdict.warn": ["à surveiller", "to watch"],
  "verdict.reject": ["hors limites", "out of limits"],
  "calibration.valid": ["étalonnage valide jusqu’au {due}", "calibration valid until {due}"],
  "calibration.expired": ["étalonnage échu depuis le {due}", "calibration expired since {due}"],
  "calibration.unknown": ["étalonnage inconnu", "calibration unknown"],
  sign_in: ["Connectez-vous à l’agent de cet appareil.", "Sign in to the agent on this device."],
  technician: ["Identifiant du technicien", "Technician’s name"],
  pin: ["Code PIN", "PIN"],
  enter: ["Se connecter", "Sign in"],
  choose: ["Plusieurs appareils conviennent. Avec lequel mesurer ?", "Several instruments could serve. Which one measures?"],
  use_it: ["Mesurer avec cet appareil", "Measure with this one"],
  browser_asks: [
    "Le navigateur va demander si cette page peut accéder aux applications de cet appareil (réseau local) : acceptez, c’est ainsi qu’elle atteint l’agent.",
    "The browser is about to ask whether this page may access apps on this device (local network): allow it, that is how it reaches the agent.",
  ],
  not_allowed: [
    "Le navigateur interdit à cette page d’atteindre l’agent. Ouvrez les réglages du site (à gauche de l’adresse), autorisez l’accès aux applications de cet appareil (réseau local), puis recommencez.",
    "The browser does not let this page reach the agent. Open the site settings (left of the address), allow access to apps on this device (local network), then try again.",
  ],
  not_allowed_or_running: [
    "L’agent n’a pas été atteint : soit le navigateur n’a pas eu votre accord pour l’accès aux applications de cet appareil (réseau local), soit l’agent n’est pas démarré.",
    "The agent was not reached: either the browser was not given your permission to access apps on this device (local network), or the agent is not running.",
  ],
  not_running: [
    "L’agent n’est pas démarré sur cet appareil : démarrez-le, puis recommencez.",
    "The agent is not running on this device: start it, then try again.",
  ],
  insecure: [
    "Cette page doit être ouverte en https : sans cela, le navigateur ne la laisse pas atteindre l’agent.",
    "This page must be opened by https: without it, the browser does not let it reach the agent.",
  ],
  page_unknown: [
    "L’agent fonctionne, mais ne connaît pas cette page : ajoutez {origin} à son réglage form_origins.",
    "The agent is running but does not know this page: add {origin} to its setting form_origins.",
  ],
  gateway_unreached: ["La passerelle ne répond pas.", "The gateway does not answer."],
  gateway_neither: ["{reason} La passerelle ne répond pas non plus.", "{reason} The gateway does not answer either."],
  gateway_busy: [
    "La passerelle ne peut rien transmettre en ce moment ; rien n’a été envoyé. Recommencez.",
    "The gateway can pass nothing on at the moment; nothing was sent. Try again.",
  ],
  gateway_failed: ["La passerelle a refusé la demande ({status}).", "The gateway refused the request ({status})."],
  key: ["La passerelle ne connaît pas la clé de cette page.", "The gateway does not know this page’s key."],
  origin: [
    "La clé n’est pas pour cette page ({origin}) : il en faut une qui soit faite pour elle.",
    "The key is not for this page ({origin}): it takes one that is made for it.",
  ],
  nobody_at_work: [
    "Personne n’est à l’œuvre sur cette intervention : elle n’est affectée à aucun appareil, ou elle est terminée.",
    "Nobody is at work on this intervention: it is given to no device, or it is closed.",
  ],
  unknown_place: ["La passerelle ne connaît pas cette intervention ou ce rapport.", "The gateway does not know this intervention or report."],
  no_field: ["le formulaire n’a pas ce champ", "the form has no such field"],
  typed: ["aucun appareil ne remplit ce champ : saisissez la réponse", "no instrument fills this field: type the answer"],
  forgotten: [
    "L’appareil a redémarré et ne connaît plus la demande : rien n’a été enregistré. Mesurez à nouveau.",
    "The device was restarted and no longer knows the request: nothing was saved. Measure again.",
  ],
  lost: [
    "La connexion est perdue, la mesure continue peut-être : regardez le rapport avant de mesurer à nouveau.",
    "The connection is lost, and the measurement may be going on: look at the report before you measure again.",
  ],
  incomplete: ["Il manque à cet élément : {missing}", "This element lacks: {missing}"],
};

// How units are written for people, where that is not their code.
const UNITS = {
  1: "", "[ppm]": "ppm", "[ppb]": "ppb", Cel: "°C", "[degF]": "°F", "[psi]": "psi", "[in_i'H2O]": "inH₂O", "g/m3": "g/m³", "mg/m3": "mg/m³",
  "ug/m3": "µg/m³", "mg/(kW.h)": "mg/kWh", "m3/h": "m³/h", "Pa.m3/s": "Pa·m³/s", "mbar.L/s": "mbar·L/s",
};

const THIS_DEVICE = "http://127.0.0.1:7300";
const ENDED = new Set(["accepted", "rejected", "expired"]);
const PLACE = ["intervention", "report", "gateway", "key", "agent", "via"];
const OF_A_REPORT = new Set(["intervention", "report", "field"]);
const ANY_VENDOR = "any";

// Milliseconds. Both ends say something at least every 15 s.
const SILENT = 40_000;
const GATEWAY_ANSWERS_WITHIN = 4_000;
const AGENT_ANSWERS_WITHIN = 6_000;
const PERSON_ANSWERS_WITHIN = 120_000;
const HINT_AFTER = 400;
const LAST_RETRY = 4_000;
const TRIES = 10;
const LATE_ROUNDS = 3;

// ---------------------------------------------------------------- words

function text(language, key, values = {}) {
  const found = TEXTS[key][language === "en" ? 1 : 0];
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// A value that moves is read at a glance: four figures, never fewer than its whole part.
function glance(value) {
  const [whole, decimals = ""] = value.split(".");
  const room = Math.max(0, 4 - whole.replace("-", "").length);
  return decimals.length > room ? Number(value).toFixed(room) : value;
}

function withUnit(language, value, unit) {
  const written = language === "fr" ? value.replace(".", ",") : value;
  const said = unit === null || unit === undefined ? "" : (UNITS[unit] ?? unit);
  return said ? `${written}\u00a0${said}` : written;
}

const day = (language, iso) => new Intl.DateTimeFormat(language, { dateStyle: "short", timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
const hour = (language, iso) => new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(iso));

function called({ vendor, model, serial }, language) {
  const name = vendor && vendor !== ANY_VENDOR ? `${vendor} ${model}` : (model ?? "");
  return serial ? `${name} ${text(language, "serial", { serial })}`.trim() : name;
}

// ---------------------------------------------------------------- requests

class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || String(status));
    this.status = status;
    this.type = document.type ?? "";
    this.errors = document.errors ?? [];
  }
}

class NotReached extends Error {}

/** Why a request ends without values: a code for programs, the reason for people, and that of each field that has its own. */
class Refusal extends Error {
  constructor(code, reason, fields = {}) {
    super(reason);
    this.code = code;
    this.fields = fields;
  }
}

class Left extends Error {}

async function request(url, { method = "GET", body, token, language, signal } = {}) {
  const headers = { "Accept-Language": language };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, signal, credentials: "omit", cache: "no-store" };
  let answer;
  try {
    answer = await fetch(url, { ...options, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    throw new NotReached(error.message);
  }
  if (answer.ok) return answer;
  throw new Problem(answer.status, await answer.json().catch(() => ({})));
}

async function json(url, options) {
  const answer = await request(url, options);
  return answer.json().catch((error) => {
    throw new NotReached(error.message);
  });
}

// Server-sent events over fetch, since EventSource sends no headers. Hands each over until the stream ends or breaks.
async function follow(url, options, take) {
  const ended = new AbortController();
  const answer = await request(url, { ...options, signal: AbortSignal.any([options.signal, ended.signal]) });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const silence = setTimeout(() => ended.abort(), SILENT);
    const { value, done } = await reader
      .read()
      .catch((error) => {
        throw new NotReached(error.message);
      })
      .finally(() => clearTimeout(silence));
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:"));
      if (data.length) take(JSON.parse(data.map((line) => line.slice(5)).join("\n")));
    }
  }
}

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

// Follows a request to its end; a stream that breaks is taken up again, for the agent goes on meanwhile.
async function watched(way, first, show, signal) {
  let last = first;
  for (let broken = 0, late = 0; !ENDED.has(last.state) || (way.awaited(last) && late < LATE_ROUNDS); ) {
    if (broken) await pause(Math.min(500 * broken, LAST_RETRY));
    try {
      await way.follow(first.id, (now) => {
        broken = 0;
        show((last = now));
      });
    } catch (error) {
      if (signal.aborted || !passing(error)) throw error;
    }
    if (ENDED.has(last.state)) late += 1;
    else if (++broken > TRIES) throw new NotReached();
  }
  return last;
}

const passing = (error) => error instanceof NotReached || (error instanceof Problem && error.status >= 500);

// ---------------------------------------------------------------- by way of the gateway

const GATEWAY_SAYS = [
  [/no instrument fills/, "typed"],
  [/has no such field/, "no_field"],
];

class ByGateway {
  constructor(place, context) {
    this.via = "gateway";
    this.place = place;
    this.context = context;
    this.base = trimmed(place.gateway);
  }

  #options(more = {}) {
    const { language, signal } = this.context;
    return { token: this.place.key, language, signal, ...more };
  }

  // What every page may read; a page that the key is not for cannot read more than that.
  async reachable() {
    const { language, signal } = this.context;
    const within = AbortSignal.any([signal, AbortSignal.timeout(GATEWAY_ANSWERS_WITHIN)]);
    const options = { method: "HEAD", signal: within, language };
    return request(`${this.base}/component/releve-field.js`, options).then(
      () => true,
      (error) => error instanceof Problem,
    );
  }

  async begin(fields, instruments) {
    const { intervention, report } = this.place;
    const body = { intervention, report, fields, instruments };
    try {
      return this.#shaped(await json(`${this.base}/v1/form/captures`, this.#options({ method: "POST", body })));
    } catch (error) {
      throw await this.#why(error, fields);
    }
  }

  async follow(id, take) {
    try {
      await follow(this.#url(id, "/events"), this.#options(), (now) => take(this.#shaped(now)));
    } catch (error) {
      throw passing(error) ? error : await this.#why(error, []);
    }
  }

  #url(id, more = "") {
    return `${this.base}/v1/form/captures/${encodeURIComponent(id)}${more}`;
  }

  // Accepted on the device; the captures may still be on their way here.
  awaited(last) {
    return last.state === "accepted" && !last.values;
  }

  async values(last) {
    const { values } = last.values ? last : await json(this.#url(last.id), this.#options());
    return Object.fromEntries(
      Object.entries(values ?? {}).map(([name, { instrument, ...field }]) => [
        name,
        {
          ...taken(field),
          instrument: instrument && shortened(instrument.id, instrument),
          calibration: instrument && { state: instrument.calibration.state, due: instrument.calibration.due },
        },
      ]),
    );
  }

  async candidates() {
    return {};
  }

  #shaped({ id, state, reason, fields, values }) {
    const { language } = this.context;
    const each = ([name, { instrument, vendor, model, serial, ...field }]) => [
      name,
      { ...field, instrument: instrument && shortened(instrument, { vendor, model, serial }), reason: field.reason?.[language] ?? null },
    ];
    return { id, state, reason: reason?.[language] ?? null, fields: Object.fromEntries(Object.entries(fields).map(each)), values };
  }

  async #why(error, fields) {
    const { language, signal } = this.context;
    const refused = (code, values) => new Refusal(code, text(language, code, values));
    if (signal.aborted) return new Left();
    // A browser hides from the page why it was refused.
    if (error instanceof NotReached) return (await this.reachable()) ? refused("origin", { origin: location.origin }) : error;
    if (!(error instanceof Problem) || error.status === 503) return error;
    if (error.status === 401) return refused("key");
    if (error.status === 403) return refused("origin", { origin: location.origin });
    if (error.status === 404) return refused(fields.length ? "unknown_place" : "forgotten");
    if (error.status === 409) return refused("nobody_at_work");
    const own = error.errors.filter((each) => fields.includes(each.field)).map((each) => [each.field, this.#said(each.remedy)]);
    if (own.length) return new Refusal("rejected", own[0][1], Object.fromEntries(own));
    return refused("gateway_failed", { status: error.status });
  }

  #said(remedy) {
    const [, key] = GATEWAY_SAYS.find(([pattern]) => pattern.test(remedy)) ?? [];
    return key ? text(this.context.language, key) : remedy;
  }
}

// ---------------------------------------------------------------- on this device

const signedIn = new EventTarget();

/** Tokens by agent: for this page's origin alone, as long as its tab; in memory where nothing may be kept. */
const tokens = {
  memory: new Map(),
  kept: (base) => `releve.token@${base}`,
  of(base) {
    try {
      return sessionStorage.getItem(this.kept(base)) ?? this.memory.get(base) ?? null;
    } catch {
      return this.memory.get(base) ?? null;
    }
  },
  keep(base, token) {
    this.memory.set(base, token);
    try {
      sessionStorage.setItem(this.kept(base), token);
    } catch {
      // The memory has it.
    }
    signedIn.dispatchEvent(new CustomEvent("in", { detail: base }));
  },
  // A token that was replaced meanwhile says nothing about the new one.
  forget(base, token) {
    if (this.of(base) !== token) return;
    this.memory.delete(base);
    try {
      sessionStorage.removeItem(this.kept(base));
    } catch {
      // It was never there.
    }
  },
};

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

// "granted", "denied", "prompt", or null where nothing is asked: by other browsers, or for a page that comes from this
// device itself, whatever the permission says there. Chrome had one name for it, then two.
async function gate() {
  if (LOOPBACK.test(location.hostname)) return null;
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      // Not a name that this browser knows.
    }
  }
  return null;
}

class ByAgent {
  constructor(place, context) {
    this.via = "agent";
    this.place = place;
    this.context = context;
    this.base = trimmed(place.agent || THIS_DEVICE);
    this.described = {};
  }

  async begin(fields, instruments) {
    await this.#reach();
    const { intervention, report } = this.place;
    try {
      await this.#describe();
      const body = { intervention, report, fields, instruments };
      return this.#shaped(await this.#ask("/v1/captures", { method: "POST", body }));
    } catch (error) {
      throw this.#why(error, fields);
    }
  }

  async follow(id, take) {
    const path = `/v1/captures/${encodeURIComponent(id)}/events`;
    try {
      await this.#signed((options) => follow(this.base + path, options, (now) => take(this.#shaped(now))));
    } catch (error) {
      if (error instanceof Problem && error.status === 404) throw new Refusal("forgotten", text(this.context.language, "forgotten"));
      throw passing(error) ? error : this.#why(error, []);
    }
  }

  awaited() {
    return false;
  }

  async values() {
    await this.#describe();
    return Object.fromEntries(
      Object.entries(this.described).map(([name, { instrument, vendor, model, serial, ...field }]) => [
        name,
        {
          ...taken(field),
          instrument: instrument && shortened(instrument, { vendor, model, serial }),
          calibration: instrument && { state: field.calibration, due: field.calibration_due },
        },
      ]),
    );
  }

  // Of each field that several paired instruments could fill, which ones.
  async candidates(names) {
    const { items } = await this.#ask("/v1/instruments");
    const able = ({ quantity, role }) =>
      items.filter((each) => each.paired && each.quantities.includes(quantity) && (!role || role === each.role)).map((each) => shortened(each.id, each));
    const known = names.filter((name) => this.described[name]?.quantity);
    return Object.fromEntries(known.map((name) => [name, able(this.described[name])]).filter(([, found]) => found.length > 1));
  }

  async #describe() {
    const found = await this.#ask(`/v1/interventions/${encodeURIComponent(this.place.intervention)}`);
    const report = found.reports.find((each) => each.id === this.place.report);
    this.described = Object.fromEntries((report?.fields ?? []).map((each) => [each.name, each]));
  }

  #ask(path, more = {}) {
    return this.#signed((options) => json(this.base + path, { ...options, ...more }));
  }

  async #signed(ask) {
    const { language, signal } = this.context;
    while (true) {
      const token = tokens.of(this.base) ?? (await this.context.signIn(this.base));
      try {
        return await ask({ token, language, signal });
      } catch (error) {
        if (!(error instanceof Problem && error.status === 401)) throw error;
        tokens.forget(this.base, token);
      }
    }
  }

  // A browser that asks its user first, or that refuses, gives the page the same error as an agent that is not there.
  async #reach() {
    const { language, signal } = this.context;
    const asked = (await gate()) === "prompt";
    const hint = asked && setTimeout(() => this.context.hint(text(language, "browser_asks")), HINT_AFTER);
    const within = AbortSignal.timeout(asked ? PERSON_ANSWERS_WITHIN : AGENT_ANSWERS_WITHIN);
    try {
      await request(`${this.base}/v1/health`, { language, signal: AbortSignal.any([signal, within]) });
    } catch (error) {
      if (signal.aborted) throw new Left();
      const code = await this.#unreached(error);
      throw new Refusal(code, text(language, code, { origin: location.origin }));
    } finally {
      clearTimeout(hint);
      this.context.hint("");
    }
  }

  async #unreached(error) {
    if (error instanceof Problem) return "page_unknown";
    if (!window.isSecureContext) return "insecure";
    const state = await gate();
    // Looking again would have the browser ask again.
    if (state === "prompt") return "not_allowed_or_running";
    if (await this.#runs()) return "page_unknown";
    return state === "denied" ? "not_allowed" : "not_running";
  }

  // An agent refuses a page it does not know in a way that the page may notice, though not read.
  async #runs() {
    const signal = AbortSignal.timeout(AGENT_ANSWERS_WITHIN);
    return fetch(`${this.base}/v1/health`, { method: "POST", mode: "no-cors", credentials: "omit", signal }).then(
      () => true,
      () => false,
    );
  }

  #shaped({ id, state, reason, fields }) {
    const each = ([name, { instrument, vendor, model, serial, last, ...field }]) => [
      name,
      { ...field, ...last, unit_of_spread: this.described[name]?.field_unit ?? null, instrument: shortened(instrument, { vendor, model, serial }) },
    ];
    return { id, state, reason, fields: Object.fromEntries(Object.entries(fields).map(each)) };
  }

  #why(error, fields) {
    if (this.context.signal.aborted) return new Left();
    if (!(error instanceof Problem)) return error;
    const own = error.errors.filter((each) => fields.includes(each.field) || this.described[each.field]).map((each) => [each.field, each.remedy]);
    return new Refusal("rejected", error.errors.map((each) => each.remedy).join("; ") || error.message, Object.fromEntries(own));
  }
}

const trimmed = (base) => base.replace(/\/+$/, "");
const shortened = (id, { vendor, model, serial }) => ({ id, vendor: vendor ?? null, model: model ?? null, serial: serial ?? null });
const taken = ({ label, value, unit, status, verdict, at, capture }) => ({ label, value, unit, status, verdict, at, capture });

// ---------------------------------------------------------------- what is seen

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host {
    display: block; margin-block: var(--releve-gap, .75rem);
    --surface: var(--releve-surface, light-dark(#fff, #18211f)); --text: var(--releve-text, light-dark(#15211e, #e6edeb));
    --muted: var(--releve-muted, light-dark(#52625e, #9cada8)); --border: var(--releve-border, light-dark(#6f807b, #7d8f8a));
    --accent: var(--releve-accent, light-dark(#0b6b5d, #5fd0bd)); --on-accent: var(--releve-on-accent, light-dark(#fff, #0c1513));
    --good: var(--releve-good, light-dark(#0b6b3a, #86e0a8)); --bad: var(--releve-bad, light-dark(#a01c1c, #ffa9a4));
    --radius: var(--releve-radius, .5rem);
  }
  :host([hidden]), [hidden] { display: none !important; }
  * { box-sizing: border-box; }
  .box {
    display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; padding: .5rem .75rem; overflow-wrap: anywhere;
    color: var(--text); background: var(--surface); border: 1px solid var(--border); border-radius: var(--radius);
    font: 1rem/1.5 var(--releve-font, system-ui, sans-serif);
  }
  .box > slot { display: block; flex: 1 0 100%; }
  .label { flex: 1 1 8rem; font-weight: 600; }
  .value { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
  .value.empty { color: var(--muted); font-size: 1rem; }
  .wide { flex: 1 0 100%; margin: 0; font-size: .92rem; }
  .wide:empty { display: none; }
  .muted { color: var(--muted); }
  .live { font-variant-numeric: tabular-nums; }
  /* What is spoken must be there before it has words. */
  .spoken:empty { display: block; block-size: 0; }
  .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
  button, input, select { min-block-size: 44px; min-inline-size: 44px; font: inherit; border-radius: var(--radius); border: 1px solid var(--border); padding: .25rem .9rem; }
  button { color: var(--on-accent); background: var(--accent); border-color: var(--accent); font-weight: 600; cursor: pointer; }
  button.quiet { color: var(--accent); background: transparent; font-weight: 500; }
  button:disabled, button[aria-disabled="true"] { opacity: .6; cursor: default; }
  input, select { color: inherit; background: transparent; inline-size: 100%; }
  option { color: var(--text); background: var(--surface); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .panel { display: contents; }
  form { flex: 1 0 100%; display: grid; gap: .5rem; max-inline-size: 24rem; padding-block: .5rem; }
  form p { margin: 0; }
  label { display: grid; gap: .1rem; font-size: .92rem; }
  .acts { display: flex; flex-wrap: wrap; gap: .5rem; }
  .busy .status::before { content: ""; display: inline-block; inline-size: .6em; block-size: .6em; margin-inline-end: .5em; border-radius: 50%; background: var(--accent); }
  @media (prefers-reduced-motion: no-preference) { .busy .status::before { animation: beat 1.2s ease-in-out infinite alternate; } }
  @keyframes beat { to { opacity: .25; } }
`);

function made(tag, part, properties = {}, children = []) {
  const element = Object.assign(document.createElement(tag), properties);
  if (part) element.setAttribute("part", part);
  element.append(...children);
  return element;
}

function say(place, words, tone = "") {
  place.classList.remove("good", "bad");
  if (tone) place.classList.add(tone);
  // Said once: what has not changed is not read aloud again.
  if (place.textContent !== words) place.textContent = words;
}

const reflected = (kind, names) => {
  for (const name of names) {
    Object.defineProperty(kind.prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(name) ?? "";
      },
      set(value) {
        if (value === null || value === undefined) this.removeAttribute(name);
        else this.setAttribute(name, value);
      },
    });
  }
};

/** Every field on the page: what one request brings along is shown at the others too. */
const onPage = new Set();

/** What asks: a field on its own, or a group. */
class Asker extends HTMLElement {
  #run = null;
  #chosen = {};
  #again = false;
  #panel;
  #leave = null;

  constructor() {
    super();
    this.box = made("div", this.kind, { className: "box" });
    this.attachShadow({ mode: "open", delegatesFocus: true });
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.shadowRoot.append(this.box);
    const button = made("button", "button", { type: "button" });
    const local = made("button", "button local", { type: "button", className: "quiet", hidden: true });
    const more = made("div", null, { className: "wide", hidden: true });
    const hint = made("p", "hint", { className: "wide muted spoken" });
    hint.setAttribute("role", "status");
    this.status = made("p", "status", { className: "wide status spoken" });
    this.status.setAttribute("role", "status");
    button.addEventListener("click", () => this.measure());
    local.addEventListener("click", () => this.#measure("agent"));
    this.#panel = { button, local, more, hint };
    this.panel = made("div", null, { className: "panel" }, [button, local, hint, more]);
  }

  connectedCallback() {
    // What the page set before it had loaded this file.
    for (const name of Object.keys(this).filter((each) => each in Object.getPrototypeOf(this))) {
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.render();
  }

  attributeChangedCallback(name, before, now) {
    // What was measured for one report never shows in another.
    if (OF_A_REPORT.has(name) && before !== null && before !== now) this.leave();
    if (this.isConnected) this.render();
  }

  /** Follow no request any longer, and be empty. */
  leave() {
    this.#run?.abort();
    this.#leave?.();
    this.#again = false;
  }

  disconnectedCallback() {
    this.#run?.abort();
    this.#leave?.();
  }

  get language() {
    return (this.closest("[lang]")?.lang ?? document.documentElement.lang).toLowerCase().startsWith("en") ? "en" : "fr";
  }

  /** Have the instruments fill what this element is for; resolves when it is over, well or not. */
  measure() {
    return this.#measure(this.place.via || "auto");
  }

  render() {
    const { button, local } = this.#panel;
    const what = this.called;
    const key = this.#again ? "again" : "measure";
    button.textContent = text(this.language, key);
    button.setAttribute("aria-label", text(this.language, `${key}_what`, { what }));
    button.classList.toggle("quiet", this.#again);
    local.textContent = text(this.language, "by_this_device");
    this.#enable();
  }

  #enable() {
    const busy = this.#run !== null;
    for (const each of [this.#panel.button, this.#panel.local]) {
      each.disabled = this.blocked;
      // Not disabled meanwhile: it keeps the focus.
      each.setAttribute("aria-disabled", String(busy));
    }
    this.box.classList.toggle("busy", busy);
  }

  get blocked() {
    return false;
  }

  async #measure(via) {
    if (this.#run || this.blocked) return;
    const run = (this.#run = new AbortController());
    this.#panel.local.hidden = true;
    this.#panel.more.hidden = true;
    this.#enable();
    const names = this.names;
    try {
      await this.#carryOut(via, names, run.signal);
    } catch (error) {
      if (error instanceof Left || run.signal.aborted) this.tell("");
      else this.#refuse(this.#explained(error), names);
    } finally {
      this.#run = null;
      this.#panel.hint.textContent = "";
      this.render();
    }
  }

  async #carryOut(via, names, signal) {
    const place = this.#checked(via, names);
    const context = {
      language: this.language,
      signal,
      hint: (words) => say(this.#panel.hint, words),
      signIn: (base) => this.#signIn(base, signal),
    };
    for (const each of this.targets(names)) each.begin(each !== this && this.sending());
    this.tell(text(this.language, via === "agent" ? "reaching" : "sending"));
    const [way, first] = await this.#begun(via, place, context, names);
    const show = (now) => this.#show(now, names, way);
    show(first);
    const last = await watched(way, first, show, signal);
    if (last.state === "accepted") this.#take(await way.values(last), last, names);
    else this.#end(last, names, way);
  }

  #checked(via, names) {
    const place = this.place;
    const needed = { intervention: place.intervention, report: place.report, [this.kind]: names.length ? "some" : "" };
    if (via === "gateway") Object.assign(needed, { gateway: place.gateway, key: place.key });
    const missing = Object.keys(needed).filter((name) => !needed[name]);
    if (missing.length) throw new Refusal("incomplete", text(this.language, "incomplete", { missing: missing.join(", ") }));
    return place;
  }

  // In doubt the gateway, where it answers; otherwise the agent on this device, which needs no network.
  async #begun(via, place, context, names) {
    const chosen = Object.fromEntries(names.filter((name) => this.#chosen[name]).map((name) => [name, this.#chosen[name]]));
    const tried = via !== "agent" && place.gateway && place.key;
    if (tried) {
      const gateway = new ByGateway(place, context);
      if (via === "gateway" || (await gateway.reachable())) {
        try {
          return [gateway, await gateway.begin(names, chosen)];
        } catch (error) {
          if (via === "gateway" && error instanceof NotReached) throw new Refusal("gateway_unreached", text(this.language, "gateway_unreached"));
          if (via === "gateway" || !passing(error)) throw error;
        }
      }
    }
    const agent = new ByAgent(place, context);
    try {
      return [agent, await agent.begin(names, chosen)];
    } catch (error) {
      if (tried && error.code === "not_running") error.message = text(this.language, "gateway_neither", { reason: error.message });
      if (error.code === "rejected") await this.#offer(agent, names);
      throw error;
    }
  }

  #show(now, names, way) {
    if (ENDED.has(now.state) && now.state !== "accepted") return;
    const words = text(this.language, way.awaited(now) ? "arriving" : `state.${now.state}`);
    this.tell(words);
    for (const each of this.targets([...names, ...Object.keys(now.fields)])) each.show(now, words);
  }

  #take(values, last, names) {
    const arrived = names.every((name) => values[name]?.capture);
    this.#again = true;
    this.#panel.local.hidden = true;
    this.tell(text(this.language, arrived ? "state.accepted" : "not_arrived"), arrived ? "good" : "");
    const filled = new Set([...names, ...Object.keys(last.fields)]);
    for (const each of this.targets(filled)) if (values[each.field]?.capture) each.take(values[each.field]);
  }

  #end(last, names, way) {
    const fields = Object.fromEntries(Object.entries(last.fields).flatMap(([name, { reason }]) => (reason ? [[name, reason]] : [])));
    const reason = last.reason ?? text(this.language, `state.${last.state}`);
    // Nobody took the request on, and it is too late for that: the device at hand may do without the gateway.
    const unheard = way.via === "gateway" && last.state === "expired" && !Object.keys(last.fields).length;
    this.#panel.local.hidden = !(unheard && (this.place.via || "auto") === "auto");
    this.#refuse(new Refusal(last.state, reason, fields), names);
  }

  #explained(error) {
    if (error instanceof Refusal) return error;
    if (error instanceof NotReached) return new Refusal("lost", text(this.language, "lost"));
    if (error instanceof Problem) {
      const code = error.status === 503 ? "gateway_busy" : "gateway_failed";
      return new Refusal(code, text(this.language, code, { status: error.status }));
    }
    throw error;
  }

  #refuse({ code, message: reason, fields }, names) {
    const told = Object.keys(fields).length > 0;
    this.#chosen = {};
    this.tellRefusal(reason, told);
    const other = text(this.language, "other_refused");
    // A reason that is everybody's is said once, by what asked.
    for (const each of this.targets(names)) {
      const own = fields[each.field];
      if (own) each.refuse(own, text(this.language, "refused", { reason: own }));
      else if (told) each.refuse(other, other);
      else each.refuse(reason, each === this ? null : "");
    }
    this.dispatchEvent(new CustomEvent("releve-refused", { bubbles: true, composed: true, detail: { code, reason, fields } }));
  }

  // The fields on the page, of the same report, with these names.
  targets(names) {
    const wanted = new Set(names);
    const mine = this.place;
    return [...onPage].filter((each) => wanted.has(each.field) && each.place.intervention === mine.intervention && each.place.report === mine.report);
  }

  // ------------------------------------------------------------ signing in, choosing

  #signIn(base, signal) {
    const { language } = this;
    const technician = made("input", "input", { name: "technician", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: false });
    const pin = made("input", "input", { name: "pin", type: "password", inputMode: "numeric", autocomplete: "off", required: true });
    const outcome = made("p", null, { className: "bad" });
    outcome.setAttribute("role", "alert");
    const form = this.#form("sign-in", text(language, "sign_in"), [
      made("label", null, {}, [text(language, "technician"), technician]),
      made("label", null, {}, [text(language, "pin"), pin]),
      outcome,
    ], text(language, "enter"));
    return new Promise((resolve, reject) => {
      const done = (settle, value) => {
        signedIn.removeEventListener("in", elsewhere);
        this.#close();
        settle(value);
      };
      const elsewhere = ({ detail }) => detail === base && done(resolve, tokens.of(base));
      signedIn.addEventListener("in", elsewhere);
      this.#leave = () => done(reject, new Left());
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const body = { technician: technician.value.trim(), pin: pin.value };
        pin.value = "";
        outcome.textContent = "";
        try {
          tokens.keep(base, (await json(`${base}/v1/session`, { method: "POST", body, language, signal })).token);
        } catch (error) {
          outcome.textContent = error instanceof Problem ? error.message : text(language, "not_running");
          pin.focus();
        }
      });
      this.tell("");
      this.#open(form);
      technician.focus();
    });
  }

  // One instrument that is chosen serves every field that it can, where others could too.
  async #offer(agent, names) {
    const found = await agent.candidates(names).catch(() => ({}));
    const instruments = new Map(Object.values(found).flat().map((each) => [each.id, each]));
    if (!instruments.size) return;
    const { language } = this;
    const options = [...instruments.values()].map((each) => made("option", null, { value: each.id, textContent: called(each, language) }));
    const select = made("select", "input", { name: "instrument" }, options);
    const form = this.#form("choice", "", [made("label", null, {}, [text(language, "choose"), select])], text(language, "use_it"));
    this.#leave = () => this.#close();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const able = Object.keys(found).filter((name) => found[name].some((each) => each.id === select.value));
      this.#chosen = Object.fromEntries(able.map((name) => [name, select.value]));
      this.#close();
      this.#measure("agent");
    });
    this.#open(form);
  }

  #form(part, why, inputs, does) {
    const cancel = made("button", "button", { type: "button", className: "quiet", textContent: text(this.language, "cancel") });
    cancel.addEventListener("click", () => this.#leave?.());
    const acts = made("div", null, { className: "acts" }, [made("button", "button", { textContent: does }), cancel]);
    return made("form", part, { autocomplete: "off" }, [...(why ? [made("p", null, { textContent: why })] : []), ...inputs, acts]);
  }

  #open(form) {
    this.#panel.more.replaceChildren(form);
    this.#panel.more.hidden = false;
  }

  #close() {
    this.#leave = null;
    this.#panel.more.replaceChildren();
    this.#panel.more.hidden = true;
    if (this.isConnected) this.#panel.button.focus();
  }
}

class ReleveField extends Asker {
  static formAssociated = true;
  static observedAttributes = ["intervention", "report", "field", "name", "label", "lang", "required"];

  #internals = this.attachInternals();
  #captured = null;
  #value = "";
  #label = null;
  #reason = "";
  #disabled = false;
  #parts;

  constructor() {
    super();
    const fallback = made("slot");
    const label = made("span", "label", { className: "label" }, [fallback]);
    const value = made("span", "value", { className: "value", tabIndex: -1 });
    const instrument = made("p", "instrument", { className: "wide muted" });
    const live = made("p", "live", { className: "wide live" });
    // Seen, and not read aloud: it changes several times a second.
    live.setAttribute("aria-hidden", "true");
    this.#parts = { fallback, value, instrument, live };
    this.box.append(label, value, this.panel, this.status, live, instrument);
  }

  get kind() {
    return "field";
  }

  connectedCallback() {
    onPage.add(this);
    super.connectedCallback();
    this.panel.hidden = this.group !== null;
  }

  disconnectedCallback() {
    onPage.delete(this);
    super.disconnectedCallback();
  }

  leave() {
    super.leave();
    this.#label = null;
    this.value = "";
  }

  formDisabledCallback(disabled) {
    this.#disabled = disabled;
    this.render();
  }

  formResetCallback() {
    this.value = "";
  }

  formStateRestoreCallback(state) {
    this.value = state;
  }

  get group() {
    return this.closest("releve-group");
  }

  get place() {
    return Object.fromEntries(PLACE.map((name) => [name, this.getAttribute(name) ?? this.group?.getAttribute(name) ?? ""]));
  }

  get names() {
    return this.field ? [this.field] : [];
  }

  get blocked() {
    return this.#disabled;
  }

  get called() {
    return this.textContent.trim() || this.getAttribute("label") || this.#label?.[this.language] || this.field;
  }

  get form() {
    return this.#internals.form;
  }
  get validity() {
    return this.#internals.validity;
  }
  get validationMessage() {
    return this.#internals.validationMessage;
  }
  get willValidate() {
    return this.#internals.willValidate;
  }
  checkValidity() {
    return this.#internals.checkValidity();
  }
  reportValidity() {
    return this.#internals.reportValidity();
  }
  get type() {
    return "releve-field";
  }

  get name() {
    return this.getAttribute("name") ?? this.field;
  }
  set name(name) {
    this.setAttribute("name", name);
  }
  get required() {
    return this.hasAttribute("required");
  }
  set required(required) {
    this.toggleAttribute("required", required);
  }
  get disabled() {
    return this.hasAttribute("disabled");
  }
  set disabled(disabled) {
    this.toggleAttribute("disabled", disabled);
  }

  /** What was captured last, null when the value is the page's own or there is none. */
  get captured() {
    return this.#captured;
  }
  get value() {
    return this.#value;
  }
  set value(value) {
    this.#captured = null;
    this.#reason = "";
    this.#value = value === null || value === undefined ? "" : String(value);
    this.tell("");
    this.render();
  }

  render() {
    super.render();
    const { fallback, value, instrument } = this.#parts;
    const { language } = this;
    const one = this.#captured;
    fallback.textContent = this.getAttribute("label") ?? this.#label?.[language] ?? this.field;
    const shown = one ? this.#shown(one) : this.#value && withUnit(language, this.#value);
    value.textContent = shown || text(language, "empty");
    value.classList.toggle("empty", !shown);
    instrument.textContent = one ? this.#source(one) : "";
    // Under its own name: a form takes a single value only by an attribute, which the page need not write.
    const data = new FormData();
    if (this.#value) data.append(this.name, this.#value);
    this.#internals.setFormValue(data, this.#value);
    const message = this.#reason || text(language, "measure_first");
    if (this.required && !this.#value) this.#internals.setValidity({ valueMissing: true }, message, value);
    else this.#internals.setValidity({});
  }

  #shown({ value, unit, status, verdict }) {
    const { language } = this;
    const words = [
      value === null ? "" : withUnit(language, value, unit),
      status && status !== "ok" ? text(language, `status.${status}`) : "",
      verdict && verdict !== "within" ? text(language, `verdict.${verdict}`) : "",
    ];
    return words.filter(Boolean).join(" · ");
  }

  #source({ instrument, calibration, at }) {
    const { language } = this;
    const due = calibration?.due ? day(language, calibration.due) : "";
    const known = calibration && (due || calibration.state === "unknown");
    const words = [
      instrument && called(instrument, language),
      known && text(language, `calibration.${calibration.state}`, { due }),
      at && hour(language, at),
    ];
    return words.filter(Boolean).join(" · ");
  }

  // ------------------------------------------------------------ how a request goes, told by what asks

  tell(words, tone) {
    say(this.status, words, tone);
  }

  sending() {
    return text(this.language, "sending");
  }

  begin(words) {
    this.#reason = "";
    this.#parts.live.textContent = "";
    if (words) this.tell(words);
  }

  show(now, words) {
    const field = now.fields[this.field];
    if (!field) return;
    const { language } = this;
    this.tell(field.state === "sampled" && now.state === "sampling" ? text(language, "field_sampled") : words);
    const spread = field.spread && text(language, "spread", { spread: withUnit(language, glance(field.spread), field.unit_of_spread ?? this.#captured?.unit) });
    const read = field.value ? withUnit(language, glance(field.value), field.unit) : field.status && field.status !== "ok" && text(language, `status.${field.status}`);
    this.#parts.live.textContent = [field.instrument && called(field.instrument, language), read, spread].filter(Boolean).join(" · ");
    const { value = null, unit = null, status = null, instrument = null } = field;
    this.#dispatch("releve-progress", { state: now.state, value, unit, status, spread: field.spread ?? null, instrument });
  }

  take({ label, ...one }) {
    this.#label = label;
    this.#captured = one;
    this.#value = one.value ?? "";
    this.#reason = one.value === null ? this.#shown(one) : "";
    this.#parts.live.textContent = "";
    this.tell(text(this.language, "saved", { value: this.#shown(one) }), "good");
    this.render();
    const { value, unit, status, at, instrument, capture } = one;
    this.#dispatch("releve-captured", { value, unit, status, at, instrument, capture });
  }

  // The reason is kept for the form's validity; words of null leave what is said as it is.
  refuse(reason, words) {
    this.#parts.live.textContent = "";
    this.#reason = reason;
    if (words !== null) this.tell(words, "bad");
    this.render();
  }

  tellRefusal(reason) {
    this.tell(text(this.language, "refused", { reason }), "bad");
  }

  #dispatch(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: { field: this.field, ...detail } }));
  }
}

class ReleveGroup extends Asker {
  static observedAttributes = ["intervention", "report", "fields", "lang", "label"];

  constructor() {
    super();
    this.box.setAttribute("role", "group");
    this.box.append(made("slot"), this.panel, this.status);
  }

  get kind() {
    return "group";
  }

  connectedCallback() {
    this.#fill();
    super.connectedCallback();
  }

  attributeChangedCallback(name, before, now) {
    if (name === "fields" && this.isConnected) this.#fill();
    super.attributeChangedCallback(name, before, now);
  }

  leave() {
    super.leave();
    this.tell("");
    for (const each of this.querySelectorAll("releve-field")) each.leave?.();
  }

  // Beside the page's own fields, never in a shadow: there the page's form would not know them.
  #fill() {
    const here = new Set(this.names);
    for (const field of this.fields.split(/\s+/)) if (field && !here.has(field)) this.append(Object.assign(document.createElement("releve-field"), { field }));
  }

  render() {
    super.render();
    this.box.setAttribute("aria-label", this.called);
    for (const each of this.querySelectorAll("releve-field")) each.render?.();
  }

  get place() {
    return Object.fromEntries(PLACE.map((name) => [name, this.getAttribute(name) ?? ""]));
  }

  get names() {
    return [...new Set([...this.querySelectorAll("releve-field")].map((each) => each.getAttribute("field")).filter(Boolean))];
  }

  get called() {
    return this.getAttribute("label") || [...this.querySelectorAll("releve-field")].map((each) => each.called ?? each.getAttribute("field")).join(", ");
  }

  tell(words, tone) {
    say(this.status, words, tone);
  }

  sending() {
    return text(this.language, "sending");
  }

  tellRefusal(reason, elsewhere) {
    this.tell(elsewhere ? text(this.language, "see_fields") : text(this.language, "refused", { reason }), "bad");
  }
}

reflected(ReleveField, [...PLACE, "field", "label"]);
reflected(ReleveGroup, [...PLACE, "fields", "label"]);
if (!customElements.get("releve-field")) {
  customElements.define("releve-field", ReleveField);
  customElements.define("releve-group", ReleveGroup);
}
