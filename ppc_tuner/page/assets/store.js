"use strict";
// What the page holds: the figures as the list has them, the words for them, and what is decided here.

const data = JSON.parse(document.getElementById("data").textContent);
const state = { lang: data.lang, theme: null, account: 0 };

/** The values of a column, one for each row. */
function unpacked(column) {
  if (!column) return null;
  if (Array.isArray(column)) return column;
  return column.at.map((place) => (place < 0 ? null : column.of[place]));
}

function unpackedAll(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, unpacked(column)]));
}

const table = unpackedAll(data.table);
/** What rows tell only once they are opened: unpacked when it is first needed. */
let beside = null;

async function loadBeside() {
  if (beside) return beside;
  const packed = document.getElementById("beside").textContent;
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const held = JSON.parse(await new Response(stream).text());
  beside = { ...held, columns: unpackedAll(held.columns) };
  return beside;
}

function valueOf(name, row) {
  const column = table[name] ?? beside?.columns[name];
  return column ? column[row] : null;
}

// Words.
const place = () => (state.lang === "zh" ? 0 : 1);
const inLang = (pair) => (pair ? pair[place()] : "");

function say(name, ...figures) {
  return inLang(data.texts[name]).replace(/\{(\d?)\}/g, (_, at) => figures[at === "" ? 0 : Number(at)] ?? "");
}

function labelOf(name) {
  const column = data.columns[name];
  return column ? column[1 + place()] : inLang(data.texts[name]) || name;
}

function wordFor(name, value) {
  if (value === null || value === undefined) return "";
  if (value === true || value === false) return say(value ? "yes" : "no");
  return inLang(data.values[name]?.[value]) || String(value);
}

const wordOf = (row) => (state.lang === "en" && table.word_en ? table.word_en : table.word_zh)[row] ?? "";
const reasonOf = (row) => valueOf(`reason_${state.lang}`, row) ?? "";
const placeOf = (row) => [valueOf("campaign", row), valueOf("ad_group", row)].filter(Boolean).join(" › ");

// Figures.
const RATES = new Set([
  "ctr",
  "cvr",
  "ctr_raw",
  "cvr_raw",
  "market_ctr",
  "market_cvr",
  "ctr_low80",
  "ctr_high80",
  "cvr_low80",
  "cvr_high80",
]);
const known = (value) => typeof value === "number";

/** A figure with so many decimals, rounded as the list rounds: an exact half to the even digit. */
function fixed(value, digits) {
  const scaled = value * 10 ** digits;
  const half = scaled % 1 === 0.5 && /50{14}$/.test(value.toFixed(digits + 15));
  return half && Math.floor(scaled) % 2 === 0
    ? (Math.floor(scaled) / 10 ** digits).toFixed(digits)
    : value.toFixed(digits);
}

function number(value, digits, sign = false) {
  const [whole, decimals] = fixed(Math.abs(value), digits).split(".");
  const before = value < 0 || Object.is(value, -0) ? "-" : sign ? "+" : "";
  return before + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${decimals}` : "");
}

const percent = (value, digits = 0, sign = false) => `${number(value * 100, digits, sign)}%`;
/** An amount as the list shows gains: tenths only where it is small. */
const amount = (value, sign = false) => number(value, Math.abs(value) >= 10 ? 0 : 1, sign);

/** A value of a column as it is shown. */
function shown(name, value) {
  if (value === null || value === undefined) return "";
  const kind = data.columns[name]?.[0];
  if (!known(value)) return wordFor(name, value);
  if (RATES.has(name)) return percent(value, 2);
  switch (kind) {
    case "count":
      return number(value, Number.isInteger(value) ? 0 : 1);
    case "money":
    case "ratio":
      return number(value, 2);
    case "share":
      return percent(value, 1);
    case "change":
      return percent(value, 0, true);
    case "score":
    case "days":
      return number(value, 0);
    default:
      return String(value);
  }
}

// The texts that say several figures at once, as on the sheets.
function bidText(row) {
  const [now, then, change] = ["bid", "new_bid", "bid_change"].map((name) => valueOf(name, row));
  if (["delete", "exclude"].includes(valueOf("action", row))) return say("stopped");
  const step = change ? percent(change, 0, true) : "";
  if (!known(now) || !known(then)) return step;
  if (!change) return number(now, 2);
  return `${number(now, 2)} → ${number(then, 2)}${step && ` (${step})`}`;
}

const inOrders = !table.roas && Boolean(table.bar_cpa);

function returnOf(row) {
  if (!inOrders) return valueOf("roas", row);
  const [cost, orders] = [valueOf("cost", row), valueOf("conversions", row)];
  return known(cost) && orders > 0 ? cost / orders : null;
}

const barOf = (row) => valueOf(inOrders ? "bar_cpa" : "bar_roas", row);

function returnText(row) {
  const [got, bar] = [returnOf(row), barOf(row)];
  if (!known(got) && !known(bar)) return "";
  return (known(got) ? number(got, 2) : "–") + (known(bar) ? ` / ${number(bar, 2)}` : "");
}

function rangeText(low, high) {
  if (!known(low) || !known(high)) return "";
  const [from, to] = [amount(low), amount(high)];
  return state.lang === "zh" ? `（${from}~${to}）` : ` (${from} to ${to})`;
}

const nothingGained = (row) =>
  ["expected_gain", "gain_low", "gain_high"].every((name) => valueOf(name, row) === 0);

function gainText(row) {
  const gain = valueOf("expected_gain", row);
  if (!known(gain) || nothingGained(row)) return "";
  return amount(gain, true) + rangeText(valueOf("gain_low", row), valueOf("gain_high", row));
}

// Elements. Text of a report is only ever set as text.
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name in made && typeof value !== "string") made[name] = value;
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Text of a report on a line of its own direction, so that it turns nothing around it. */
const own = (text, className = "") => element("bdi", { class: className }, String(text ?? ""));

function actionTag(action) {
  return element("span", { class: `tag ${action}` }, wordFor("action", action));
}

/** A small table: heads are [text, isFigure]; cells are texts or elements. */
function plainTable(heads, rows, caption = null) {
  const head = element(
    "tr",
    {},
    ...heads.map(([text, figure]) => element("th", { scope: "col", class: figure ? "figure" : "" }, text)),
  );
  const body = rows.map((cells) =>
    element(
      "tr",
      {},
      ...cells.map((cell, at) => element("td", { class: heads[at][1] ? "figure" : "" }, cell ?? "")),
    ),
  );
  return element(
    "table",
    {},
    caption && element("caption", { class: "visually-hidden" }, caption),
    element("thead", {}, head),
    element("tbody", {}, ...body),
  );
}

// Decisions, kept in this browser until they are saved.
const decisions = new Map();
const storedUnder = `ppc_tuner ${location.pathname} ${data.written_on} ${data.run}`;
let unsaved = 0;

function restoreDecisions() {
  try {
    for (const [row, made] of JSON.parse(localStorage.getItem(storedUnder) ?? "[]")) {
      if (Number.isInteger(row) && table.acts[row]) decisions.set(row, made);
    }
  } catch {
    /* A browser may keep nothing for files. */
  }
}

/** The same decision for some rows: decision, bid, note; what is not named stays. */
function decide(rows, made) {
  for (const row of rows) {
    const after = { ...decisions.get(row), ...made };
    if (after.decision || after.note) decisions.set(row, after);
    else decisions.delete(row);
  }
  unsaved += rows.length;
  try {
    localStorage.setItem(storedUnder, JSON.stringify([...decisions]));
  } catch {
    /* As above. */
  }
}

/** The file of decisions: all rows to act on as the program knows them, and what was decided on which. */
async function decisionsFile() {
  const held = await loadBeside();
  const keys = held.columns.row_key;
  const rows = keys.map((key, row) => [key, row]).filter(([key]) => key);
  const made = [...decisions].map(([row, { decision, bid, note }]) => ({
    row_key: keys[row],
    decision: decision ?? "",
    final_bid: bid ?? "",
    note: note ?? "",
  }));
  return JSON.stringify({
    ppc_tuner_decisions: 1,
    run: JSON.parse(held.run),
    decisions: made,
    rows: rows.map(([key], at) => [key, held.carried[at]]),
  });
}
