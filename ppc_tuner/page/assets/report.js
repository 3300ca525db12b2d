// The page as a whole: its words, the front, the controls, decisions to a file, printing.

const LANGUAGES = { zh: "中文", en: "English" };
const PRINTED_ROWS = 24;
const at = (id) => document.getElementById(id);

function translate() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  document.querySelectorAll("[data-text]").forEach((node) => {
    node.textContent = say(node.dataset.text);
  });
  document.querySelectorAll("[data-column]").forEach((node) => {
    node.textContent = labelOf(node.dataset.column);
  });
  const other = state.lang === "zh" ? "en" : "zh";
  at("language").textContent = LANGUAGES[other];
  at("language").lang = other;
  at("search").placeholder = say("search_hint");
  at("foot").textContent = say("foot", data.written_on);
  showTheme();
}

function showTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  at("theme").textContent = say(dark ? "light" : "dark");
  at("theme").setAttribute("aria-label", `${say("theme")}: ${say(dark ? "light" : "dark")}`);
}

const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

function useTheme(theme) {
  document.documentElement.dataset.theme = theme ?? (systemDark.matches ? "dark" : "light");
  showTheme();
}

// The front.
function showFront() {
  const account = data.accounts[state.account];
  const said = (name) => (data.said[name] ?? []).map(inLang);
  at("found").replaceChildren(...said("found").map((text) => element("p", { class: "lead" }, own(text))));
  at("to-give").replaceChildren(
    ...said("to_give").map((text) => element("p", { class: "alarm" }, own(text))),
  );
  at("know").replaceChildren(...said("headline").map((text) => element("li", {}, own(text))));
  at("assumptions").replaceChildren(...said("assumptions").map((text) => element("li", {}, own(text))));
  document.querySelectorAll("#more details").forEach((node) => {
    node.hidden = !node.querySelector("li");
  });
  showTiles(account);
  showMoves(account);
  showForecast(account);
  showLeaks(account);
}

function showTiles(account) {
  const told = unpackedAll(account.tiles);
  const digits = (measure) => (measure === "roas" ? 2 : 0);
  at("tiles").replaceChildren(
    ...(told.measure ?? []).map((measure, row) => {
      const [now, before, change] = [told.this[row], told.before?.[row], told.change?.[row]];
      const beforeText = known(before) ? say("before", number(before, digits(measure))) : "";
      return element(
        "div",
        { class: "tile" },
        element(
          "span",
          { class: "muted" },
          labelOf(measure) + (measure === "cost" && account.currency ? ` (${account.currency})` : ""),
        ),
        element("strong", {}, number(now, digits(measure))),
        element(
          "span",
          { class: "muted small" },
          beforeText,
          known(change) ? element("b", {}, ` ${percent(change, 0, true)}`) : null,
        ),
      );
    }),
  );
}

function showMoves(account) {
  at("moves-card").hidden = !account.moves.length;
  at("moves").replaceChildren(
    ...account.moves.map((row) => {
      const button = element(
        "button",
        { type: "button", class: "move", "aria-haspopup": "dialog" },
        actionTag(valueOf("action", row)),
        own(wordOf(row), "move-word"),
        element("span", { class: "move-bid" }, bidText(row)),
        element("strong", { class: "move-gain" }, gainText(row)),
        own(reasonOf(row), "move-reason muted"),
      );
      button.addEventListener("click", () => openPanel(row));
      return element("li", {}, button);
    }),
  );
}

function showForecast(account) {
  const told = unpackedAll(account.forecast);
  const changes = Boolean(told.measure) && toAct().length > 0;
  at("forecast-card").hidden = !changes;
  if (!changes) return;
  at("forecast-title").textContent = say(data.undated ? "forecast_of_period" : "forecast");
  const digits = { roas: 2, conversions: 1 };
  const figure = (measure, value) => (known(value) ? number(value, digits[measure] ?? 0) : "");
  const measured = told.measure
    .map((measure, row) => [measure, row])
    .filter(([, row]) => known(told.now?.[row]) || known(told.expected?.[row]));
  const rows = measured.map(([measure, row]) => [
    labelOf(measure),
    figure(measure, told.now?.[row]),
    figure(measure, told.expected?.[row]),
    known(told.low?.[row]) ? `${figure(measure, told.low[row])}–${figure(measure, told.high[row])}` : "",
  ]);
  at("forecast").replaceChildren(
    plainTable(
      [
        ["", false],
        [say("now"), true],
        [say("expected"), true],
        [say("range80"), true],
      ],
      rows,
    ),
  );
}

function showLeaks(account) {
  const told = unpackedAll(account.leaks);
  const count = told.lost?.length ?? 0;
  at("leaks-section").hidden = !count;
  if (!count) return;
  const word = told.search_term ? "search_term" : "keyword";
  const heads = [
    [labelOf(word), false],
    ["campaign", false],
    ["cost", true],
    ["roas", true],
    ["bar_roas", true],
    ["lost", true],
    ["action", false],
    ["reason", false],
  ].map(([name, figure], number) => [number ? labelOf(name) : name, figure]);
  const rows = Array.from({ length: count }, (_, row) => [
    own(told[word]?.[row] ?? told.keyword?.[row]),
    own(told.campaign?.[row]),
    shown("cost", told.cost[row]),
    shown("roas", told.roas?.[row]),
    shown("bar_roas", told.bar_roas?.[row]),
    number(told.lost[row], 2),
    actionTag(told.action[row]),
    own(told[`reason_${state.lang}`]?.[row]),
  ]);
  at("leaks").replaceChildren(plainTable(heads, rows, say("leaks")));
}

// The controls.
function fillPick(id, options) {
  const pick = at(id);
  const chosen = pick.value;
  pick.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  pick.value = options.some(([value]) => value === chosen) ? chosen : options[0][0];
  return chosen === "";
}

function fillPicks() {
  const rows = rowsOfTable.map(({ row }) => row).filter(inAccount);
  const acting = rows.filter((row) => table.acts[row]).length;
  const first = fillPick("view", [
    ["act", say("to_act", number(acting, 0))],
    ["all", say("every_row", number(rows.length, 0))],
    ["undecided", say("undecided")],
    ["decided", say("decided")],
  ]);
  if (first && !acting) at("view").value = "all";
  const present = new Set(rows.map((row) => valueOf("action", row)));
  fillPick("action", [
    ["", say("any_action")],
    ...Object.keys(data.values.action)
      .filter((one) => present.has(one))
      .map((one) => [one, wordFor("action", one)]),
  ]);
  const campaigns = [...new Set(rows.map((row) => valueOf("campaign", row)).filter(Boolean))].sort(
    collator.compare,
  );
  fillPick("campaign", [["", say("any_campaign")], ...campaigns.map((one) => [one, one.slice(0, 80)])]);
  at("campaign").closest("label").hidden = campaigns.length < 2;
  const left = data.whole - data.rows;
  at("left-out").textContent = left > 0 ? say("left_out", number(left, 0)) : "";
}

function fillAccounts() {
  const several = data.accounts.length > 1;
  at("account-field").hidden = !several;
  if (!several) return;
  at("account").replaceChildren(
    ...data.accounts.map((one, number) =>
      element(
        "option",
        { value: String(number) },
        [inLang(one.platform), one.account, one.currency].filter(Boolean).join(" · "),
      ),
    ),
  );
  at("account").value = String(state.account);
}

function showDecided() {
  const count = [...decisions.values()].filter((made) => made.decision).length;
  at("save").textContent = count ? say("save_count", number(count, 0)) : say("save");
  at("save").disabled = !decisions.size;
  if (grid?.initialized) showCount();
}

async function saveDecisions() {
  const url = URL.createObjectURL(new Blob([await decisionsFile()], { type: "application/json" }));
  element("a", { href: url, download: "decisions.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  unsaved = 0;
  at("status").textContent = say("saved", number(decisions.size, 0));
  at("status").classList.add("shown");
  setTimeout(() => at("status").classList.remove("shown"), 8_000);
}

// Printing: the front and the rows that matter most; a canvas keeps the size it was drawn in.
function fillPrint() {
  const rows = toAct().map(({ row }) => row);
  const heads = [
    [labelOf("action"), false],
    [say("word"), false],
    [say("place"), false],
    [say("bid"), true],
    [labelOf("cost"), true],
    [say(inOrders ? "return_orders" : "return"), true],
    [say(data.undated ? "gain_of_period" : "gain"), true],
    [say("reason"), false],
  ];
  const lines = rows
    .slice(0, PRINTED_ROWS)
    .map((row) => [
      actionTag(valueOf("action", row)),
      own(wordOf(row).slice(0, 120)),
      own(placeOf(row).slice(0, 120)),
      bidText(row),
      shown("cost", valueOf("cost", row)),
      returnText(row),
      gainText(row),
      own(reasonOf(row).slice(0, 240)),
    ]);
  at("print-rows").replaceChildren(
    ...(lines.length
      ? [
          element("h2", {}, say("top_rows", number(lines.length, 0), number(rows.length, 0))),
          plainTable(heads, lines),
        ]
      : []),
  );
}

let themeOnScreen = null;

function beforePrint() {
  if (themeOnScreen) return;
  themeOnScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  document.documentElement.classList.add("printing");
  fillPrint();
  drawCharts();
}

function afterPrint() {
  if (!themeOnScreen) return;
  document.documentElement.dataset.theme = themeOnScreen;
  document.documentElement.classList.remove("printing");
  themeOnScreen = null;
  drawCharts();
}

function redrawAll() {
  translate();
  fillAccounts();
  fillPicks();
  showFront();
  drawCharts();
  buildTable();
  showDecided();
}

function listen() {
  at("language").addEventListener("click", () => {
    state.lang = state.lang === "zh" ? "en" : "zh";
    redrawAll();
  });
  at("theme").addEventListener("click", () => {
    state.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    useTheme(state.theme);
    drawCharts();
  });
  systemDark.addEventListener("change", () => {
    if (!state.theme) {
      useTheme(null);
      drawCharts();
    }
  });
  at("account").addEventListener("change", () => {
    state.account = Number(at("account").value);
    fillPicks();
    showFront();
    drawCharts();
    applyFilters();
  });
  at("search").addEventListener("input", applyFilters);
  for (const name of ["view", "action", "campaign"]) at(name).addEventListener("change", applyFilters);
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("accept-shown").addEventListener("click", acceptShown);
  at("save").addEventListener("click", saveDecisions);
  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      charts.forEach((chart) => chart.resize());
      if (!themeOnScreen && grid?.initialized) grid.redraw(true);
    }, 120);
  });
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}

state.view = "act";
state.terms = [];
restoreDecisions();
useTheme(null);
listen();
redrawAll();
