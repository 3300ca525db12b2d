// The table of actions: searched, filtered, sorted, decided in; only the rows in view exist as elements.

const rowsOfTable = Array.from({ length: data.rows }, (_, row) => ({ row }));
const searched = rowsOfTable.map(({ row }) =>
  [
    table.word_zh[row],
    table.word_en?.[row],
    valueOf("campaign", row),
    valueOf("ad_group", row),
    valueOf("item", row),
  ]
    .filter(Boolean)
    .join("\n")
    .toLowerCase(),
);

let grid = null;

/** A column: what a cell shows and what it is sorted by, both by row. */
function gridColumn(name, title, cell, sortedBy, options = {}) {
  const { figure, narrow, ...rest } = options;
  return {
    title,
    field: name,
    formatter: (of) => cell(of.getData().row),
    sorter: (a, b, rowA, rowB) => compare(sortedBy(rowA.getData().row), sortedBy(rowB.getData().row)),
    headerSortStartingDir: figure ? "desc" : "asc",
    hozAlign: figure ? "right" : "left",
    headerHozAlign: figure ? "right" : "left",
    cssClass: (figure ? "figure" : "") + (narrow ? " narrow" : ""),
    ...rest,
  };
}

/** What is unknown comes last, whichever way a column is sorted. */
function compare(a, b) {
  const [noA, noB] = [a === null || a === undefined || a === "", b === null || b === undefined || b === ""];
  if (noA || noB) {
    if (noA && noB) return 0;
    const last = grid.getSorters()[0]?.dir === "desc" ? -1 : 1;
    return noA ? last : -last;
  }
  return typeof a === "number" ? a - b : collator.compare(a, b);
}
const collator = new Intl.Collator(["zh-CN", "en"], { numeric: true });

const has = (name) => Boolean(table[name]);

function gridColumns() {
  const figure = (name, title, width, priority) =>
    gridColumn(
      name,
      title,
      (row) => element("span", {}, shown(name, valueOf(name, row))),
      (row) => valueOf(name, row),
      { figure: true, width, responsive: priority },
    );
  const score = (name) =>
    gridColumn(
      name,
      say(`${name.slice(0, 3)}_short`),
      (row) => scoreCell(name, row),
      (row) => valueOf(name, row),
      { figure: true, narrow: true, width: 44, responsive: 6 },
    );
  const bidTitle = table.bid?.some(known) ? say("bid") : say("bid_unknown");
  return [
    gridColumn("decision", say("decision"), decisionCell, (row) => decisions.get(row)?.decision ?? null, {
      width: 98,
      responsive: 1,
    }),
    gridColumn(
      "action_shown",
      labelOf("action"),
      (row) => actionTag(valueOf("action", row)),
      (row) => wordFor("action", valueOf("action", row)),
      { width: state.lang === "zh" ? 68 : 86, responsive: 0 },
    ),
    gridColumn("word", say("word"), wordCell, wordOf, { minWidth: 136, widthGrow: 3, responsive: 0 }),
    gridColumn("place", say("place"), (row) => own(placeOf(row), "clamped muted"), placeOf, {
      minWidth: 108,
      widthGrow: 2,
      responsive: 4,
    }),
    gridColumn("bid_shown", bidTitle, bidCell, (row) => valueOf("bid_change", row), {
      figure: true,
      width: 100,
      responsive: 0,
    }),
    has("clicks") && figure("clicks", labelOf("clicks"), 60, 5),
    has("conversions") && figure("conversions", labelOf("conversions"), 62, 5),
    has("cost") && figure("cost", labelOf("cost"), 82, 3),
    (has("roas") || inOrders) &&
      gridColumn(
        "return",
        say(inOrders ? "return_orders" : "return"),
        (row) => element("span", { class: falls(row) ? "bad" : "" }, returnText(row)),
        returnOf,
        { figure: true, width: 98, responsive: 3 },
      ),
    ...["ctr_score", "cpc_score", "cvr_score", "roi_score"].filter(has).map(score),
    has("expected_gain") &&
      gridColumn(
        "gain",
        say(data.undated ? "gain_of_period" : "gain"),
        gainCell,
        (row) => valueOf("expected_gain", row),
        { figure: true, width: 92, responsive: 2 },
      ),
    gridColumn("reason", say("reason"), (row) => own(reasonOf(row), "clamped"), reasonOf, {
      minWidth: 190,
      widthGrow: 5,
      responsive: 2,
    }),
  ].filter(Boolean);
}

function bidCell(row) {
  const [bids, step] = bidText(row).split(" (");
  return element(
    "span",
    {},
    bids,
    step ? element("span", { class: "muted small range" }, step.replace(")", "")) : null,
  );
}

function falls(row) {
  const [got, bar] = [returnOf(row), barOf(row)];
  return known(got) && known(bar) && (inOrders ? got > bar : got < bar);
}

function wordCell(row) {
  const button = element(
    "button",
    { type: "button", class: "word", "aria-haspopup": "dialog" },
    own(wordOf(row), "clamped"),
  );
  button.addEventListener("click", () => openPanel(row));
  const match = wordFor("match_type", valueOf("match_type", row));
  return element("div", { class: "word-cell" }, button, match ? own(match, "muted small") : null);
}

function gainCell(row) {
  const gain = valueOf("expected_gain", row);
  if (!known(gain) || nothingGained(row)) return element("span");
  const range = rangeText(valueOf("gain_low", row), valueOf("gain_high", row))
    .replace(/[（）() ]+/g, " ")
    .trim();
  return element(
    "span",
    {},
    element("strong", {}, amount(gain, true)),
    range ? element("span", { class: "muted small range" }, range) : null,
  );
}

function scoreCell(name, row) {
  const value = valueOf(name, row);
  if (!known(value)) return element("span");
  const level =
    value < 20 ? "low" : value < 40 ? "lowish" : value > 80 ? "high" : value > 60 ? "highish" : "middle";
  return element("span", { class: `score ${level}` }, number(value, 0));
}

/** Accept and reject on the row itself; a bid is changed in its panel. */
function decisionCell(row) {
  if (!table.acts[row]) {
    return element("span", { class: "muted small" }, valueOf("moved_with", row) ? say("with_group") : "");
  }
  const made = decisions.get(row)?.decision;
  const name = wordOf(row).slice(0, 80);
  const button = (decision, sign) => {
    const pressed = made === decision;
    const one = element(
      "button",
      {
        type: "button",
        class: `mark ${decision}`,
        "aria-pressed": String(pressed),
        "aria-label": `${say(decision)}: ${name}`,
        title: say(decision),
      },
      sign,
    );
    one.addEventListener("click", (event) => {
      event.stopPropagation();
      setDecision(row, pressed ? { decision: "", bid: "" } : { decision, bid: "" });
      focusMark(row, decision);
    });
    return one;
  };
  const change = element(
    "button",
    {
      type: "button",
      class: "mark change",
      "aria-pressed": String(made === "change"),
      "aria-label": `${say("change")}: ${name}`,
      title: say("change"),
    },
    made === "change" ? String(decisions.get(row).bid) : "✎",
  );
  change.addEventListener("click", (event) => {
    event.stopPropagation();
    openPanel(row, "final-bid");
  });
  return element(
    "span",
    { class: "marks" },
    button("accept", "✓"),
    button("reject", "✕"),
    table.bears_bid[row] ? change : null,
  );
}

function setDecision(row, made) {
  decide([row], made);
  grid?.getRow(row)?.reformat();
  showDecided();
}

function focusMark(row, decision) {
  grid.getRow(row)?.getElement().querySelector(`.mark.${decision}`)?.focus();
}

function buildTable() {
  grid?.destroy();
  grid = new libraries.Tabulator("#table", {
    data: rowsOfTable,
    index: "row",
    columns: gridColumns(),
    layout: "fitColumns",
    responsiveLayout: "hide",
    maxHeight: "min(84vh, 900px)",
    rowHeight: 62,
    renderVerticalBuffer: 180,
    columnHeaderSortMulti: false,
    nestedFieldSeparator: false,
    placeholder: () =>
      element("p", {}, say(toAct().length || state.view !== "act" ? "none" : "nothing_to_do")),
    headerSortElement: (_, dir) => (dir === "asc" ? "▲" : dir === "desc" ? "▼" : ""),
    rowFormatter: (of) => {
      const row = of.getData().row;
      const node = of.getElement();
      node.dataset.row = row;
      node.classList.toggle("decided", Boolean(decisions.get(row)?.decision));
      node.classList.toggle("rejected", decisions.get(row)?.decision === "reject");
    },
  });
  grid.on("tableBuilt", () => {
    mendRoles();
    applyFilters();
    performance.mark("table shown");
  });
  grid.on("rowClick", (event, of) => {
    if (!event.target.closest("button, input, a")) openPanel(of.getData().row);
  });
}

/** The library nests a group of rows in another, lets a box without a role be focused, and sorts by mouse. */
function mendRoles() {
  document.querySelector("#table .tabulator-header").setAttribute("role", "presentation");
  document.querySelector("#table .tabulator-tableholder").removeAttribute("tabindex");
  document.getElementById("table").setAttribute("aria-label", say("actions"));
  for (const head of document.querySelectorAll("#table .tabulator-col")) {
    head.tabIndex = 0;
    head.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      head.click();
    });
  }
}

const toAct = () => rowsOfTable.filter(({ row }) => table.acts[row] && inAccount(row));
const inAccount = (row) => (table.account_number?.[row] ?? 0) === state.account;

/** Whether a row is to be seen under the search and the filters. */
function passes(row) {
  if (!inAccount(row)) return false;
  if (state.view === "act" && !table.acts[row]) return false;
  if (state.view === "undecided" && (!table.acts[row] || decisions.get(row)?.decision)) return false;
  if (state.view === "decided" && !decisions.get(row)?.decision) return false;
  if (state.action && valueOf("action", row) !== state.action) return false;
  if (state.campaign && valueOf("campaign", row) !== state.campaign) return false;
  return state.terms.every((term) => searched[row].includes(term));
}

/** Which rows pass the search and the filters, by row. */
const passing = new Uint8Array(data.rows);

function applyFilters() {
  state.terms = document.getElementById("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const name of ["view", "action", "campaign"]) state[name] = document.getElementById(name).value;
  for (let row = 0; row < data.rows; row += 1) passing[row] = passes(row) ? 1 : 0;
  grid.setFilter((of) => passing[of.row]);
  showCount();
}

/** The rows that pass, in the order of the table. */
const rowsInView = () => grid.getRows("active").map((of) => of.getData().row);

function openRowsInView() {
  const rows = [];
  for (let row = 0; row < data.rows; row += 1) {
    if (passing[row] && table.acts[row] && !decisions.get(row)?.decision) rows.push(row);
  }
  return rows;
}

function showCount() {
  let [active, all] = [0, 0];
  for (let row = 0; row < data.rows; row += 1) {
    active += passing[row];
    all += inAccount(row) ? 1 : 0;
  }
  document.getElementById("count").textContent = say("count", number(active, 0), number(all, 0));
  const open = openRowsInView().length;
  const button = document.getElementById("accept-shown");
  button.textContent = say("accept_shown", number(open, 0));
  button.disabled = !open;
}

function acceptShown() {
  decide(openRowsInView(), { decision: "accept", bid: "" });
  grid.redraw(true);
  showDecided();
}
