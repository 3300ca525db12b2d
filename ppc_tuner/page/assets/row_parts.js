// What a row tells once it is opened: its arithmetic, the moves weighed, its data against its peers',
// its weeks, the words of a group, all figures, the way through the rules.

const MOST_MEMBERS = 60;
const SVG = "http://www.w3.org/2000/svg";

function mark(tag, properties) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  return made;
}

/** A range on a line from 0 to `most`: the interval, the estimate, the row's own figure as a stroke. */
function rangeMark({ low, high, middle, own: stroke, most, label }) {
  const at = (value) => 2 + 116 * Math.min(Math.max(value / most, 0), 1);
  const svg = mark("svg", { viewBox: "0 0 120 16", class: "range-mark", role: "img", "aria-label": label });
  svg.append(mark("line", { x1: 2, x2: 118, y1: 8, y2: 8, class: "rail" }));
  if (known(low) && known(high))
    svg.append(mark("line", { x1: at(low), x2: at(high), y1: 8, y2: 8, class: "interval" }));
  if (known(stroke))
    svg.append(mark("line", { x1: at(stroke), x2: at(stroke), y1: 2, y2: 14, class: "stroke" }));
  if (known(middle)) svg.append(mark("circle", { cx: at(middle), cy: 8, r: 3.5, class: "dot" }));
  return svg;
}

function whyPart(row) {
  const details = valueOf(`details_${state.lang}`, row);
  const change = valueOf(`would_change_${state.lang}`, row);
  const list =
    details &&
    element("ul", { class: "facts" }, ...details.split(/；|; /).map((text) => element("li", {}, own(text))));
  return part(
    say("why"),
    list || null,
    change ? element("p", {}, element("strong", {}, `${say("would_change")}: `), own(change)) : null,
  );
}

/** What a click is worth, with its 80 % interval, against what the next one costs. */
function worthPart(row) {
  const names = ["value_per_click", "value_low80", "value_high80", "price_now"];
  const [worth, low, high, price] = names.map((name) => valueOf(name, row));
  if (!known(worth) || !known(price)) return null;
  const most = 1.08 * Math.max(...[worth, high, price].filter(known));
  const text = known(low) ? `${number(low, 2)}–${number(high, 2)}` : "";
  const line = rangeMark({
    low,
    high,
    middle: worth,
    own: price,
    most,
    label: `${number(worth, 2)} (${text})`,
  });
  line.classList.add("broad");
  return part(
    say("worth_title"),
    line,
    element("p", { class: "note" }, say("worth_said", number(worth, 2), text, number(price, 2))),
  );
}

/** The moves that the evidence weighed, with what each is expected to bring: only what the list holds. */
function movesPart(row) {
  const moves = [
    ["raise", valueOf("step_up", row), valueOf("gain_up", row), valueOf("p_step_up", row)],
    ["lower", valueOf("step_down", row), valueOf("gain_down", row), valueOf("p_step_down", row)],
    ["delete", null, valueOf("gain_delete", row), valueOf("p_not_worth", row)],
  ].filter(([name, by, gain]) => known(gain) && (name === "delete" || (known(by) && by !== 0)));
  if (!moves.length || !["keyword", "group"].includes(valueOf("level", row))) return null;
  const most = Math.max(...moves.map(([, , gain]) => Math.abs(gain)), 1e-9);
  const bar = (gain) => {
    const svg = mark("svg", { viewBox: "-60 0 120 12", class: "gain-mark", "aria-hidden": "true" });
    const width = (58 * Math.abs(gain)) / most;
    svg.append(
      mark("rect", { x: gain < 0 ? -width : 0, y: 2, width, height: 8, class: gain < 0 ? "loss" : "win" }),
      mark("line", { x1: 0, x2: 0, y1: 0, y2: 12, class: "rail" }),
    );
    return svg;
  };
  const rows = moves.map(([name, by, gain, chance]) => [
    wordFor("action", name),
    known(by) ? percent(by, 0, true) : "",
    amount(gain, true),
    bar(gain),
    known(chance) ? percent(chance, 0) : "",
  ]);
  const heads = [
    [say("move"), false],
    [say("by"), true],
    [say(data.undated ? "brings_in_period" : "brings"), true],
    ["", false],
    [say("chance"), true],
  ];
  return part(say("alternatives"), plainTable(heads, rows, say("alternatives")));
}

const COMPARED = [
  ["ctr", "ctr_score"],
  ["cvr", "cvr_score"],
  ["aov", null],
  ["rpc", null],
];

function peersPart(row) {
  const rows = COMPARED.flatMap(([name, score]) => {
    const [raw, middle, low, high] = [`${name}_raw`, name, `${name}_low80`, `${name}_high80`].map((one) =>
      valueOf(one, row),
    );
    if (!known(raw) && !known(middle)) return [];
    const most = 1.08 * Math.max(...[raw, middle, high].filter(known), 1e-9);
    const text = `${shown(name, low)}–${shown(name, high)}`;
    return [
      [
        labelOf(`${name}_raw`),
        shown(name, raw),
        rangeMark({ low, high, middle, own: raw, most, label: `${shown(name, middle)} (${text})` }),
        shown(name, middle),
        known(low) ? text : "",
        score ? shown(score, valueOf(score, row)) : "",
      ],
    ];
  });
  const [cpc, expected] = [valueOf("cpc_raw", row), valueOf("cpc", row)];
  if (known(cpc))
    rows.push([
      labelOf("cpc_raw"),
      shown("cpc_raw", cpc),
      "",
      shown("cpc", expected),
      "",
      shown("cpc_score", valueOf("cpc_score", row)),
    ]);
  if (!rows.length) return null;
  const weight = valueOf("own_weight", row);
  const heads = [
    ["", false],
    [say("own"), true],
    ["", false],
    [say("with_peers"), true],
    [say("range80"), true],
    [say("score"), true],
  ];
  return part(
    say("own_and_peers"),
    element("div", { class: "wide" }, plainTable(heads, rows, say("own_and_peers"))),
    known(weight) ? element("p", { class: "note" }, say("own_weight", percent(weight, 0))) : null,
  );
}

function weeksOf(row) {
  const held = beside.weeks;
  const ends = held.ends[table.account_number?.[row] ?? 0] ?? [];
  const of = (name) => held[name]?.slice(8 * row + 8 - ends.length, 8 * row + 8) ?? null;
  const cost = of("cost");
  return ends.length && cost?.some(known)
    ? { ends, cost, revenue: of("revenue"), conversions: of("conversions") }
    : null;
}

function weeksPart(row) {
  const weeks = weeksOf(row);
  if (!weeks) return null;
  return part(
    say(weeks.revenue ? "weeks" : "weeks_orders"),
    element("div", { class: "chart small-chart", id: "weeks" }),
  );
}

function drawWeeks(row) {
  const weeks = weeksOf(row);
  if (!weeks) return;
  const line = weeks.revenue ? ratio(weeks.revenue, weeks.cost) : weeks.conversions;
  const labels = weeks.ends.map((day) => day.slice(5));
  requestAnimationFrame(() => {
    const node = document.getElementById("weeks");
    if (!node) return;
    const option = spendOption(
      colours(),
      labels,
      weeks.cost,
      line ?? [],
      labelOf(weeks.revenue ? "roas" : "conversions"),
    );
    const text = weeks.ends
      .map((day, at) => `${say("week_to", day)}: ${number(weeks.cost[at] ?? 0, 2)}`)
      .join("; ");
    draw(node, option, `${say(weeks.revenue ? "weeks" : "weeks_orders")}. ${text}`);
  });
}

/** The words that move with a group, which have no decision of their own. */
function membersPart(row) {
  if (valueOf("level", row) !== "group" || !table.moved_with) return null;
  const name = valueOf("moved_with", row);
  const members = rowsOfTable
    .map((one) => one.row)
    .filter(
      (one) =>
        one !== row &&
        table.moved_with[one] === name &&
        valueOf("level", one) !== "group" &&
        (table.account_number?.[one] ?? 0) === (table.account_number?.[row] ?? 0),
    );
  if (!members.length) return null;
  const heads = [
    [say("word"), false],
    [labelOf("clicks"), true],
    [labelOf("conversions"), true],
    [labelOf("cost"), true],
    [say("bid"), true],
  ];
  const rows = members
    .slice(0, MOST_MEMBERS)
    .map((one) => [
      own(wordOf(one)),
      ...["clicks", "conversions", "cost"].map((column) => shown(column, valueOf(column, one))),
      bidText(one),
    ]);
  const more = members.length - rows.length;
  return part(
    say("members", number(members.length, 0)),
    element("div", { class: "wide" }, plainTable(heads, rows)),
    more > 0 ? element("p", { class: "note" }, say("more_members", number(more, 0))) : null,
  );
}

const FIGURES = [
  "impressions",
  "clicks",
  "cost",
  "conversions",
  "revenue",
  "roas",
  "bar_roas",
  "bar_cpa",
  "sold_at_margin",
  "bid",
  "new_bid",
  "target_bid",
  "cpc_now",
  "cpc_target",
  "value_per_click",
  "price_now",
  "margin",
  "refund_rate",
  "confidence",
  "money_at_stake",
  "clicks_change",
  "cost_change",
  "conversions_change",
  "revenue_change",
  "clicks_needed",
  "look_again",
  "quality_score",
  "position",
  "impression_share",
  "market_ctr",
  "market_cvr",
  "market_cpc",
  "terms_blocked",
  "orders_due",
  "new_match",
  "new_place",
  "search_term",
  "keyword",
  "kind",
  "item_id",
  "channel",
  "device",
  "first_day",
  "last_day",
];

function figuresPart(row) {
  const told = FIGURES.map((name) => [name, valueOf(name, row)]).filter(
    ([name, value]) => value !== null && value !== "" && data.columns[name],
  );
  const list = element(
    "dl",
    { class: "figures" },
    ...told.flatMap(([name, value]) => [
      element("dt", {}, labelOf(name)),
      element("dd", {}, own(shown(name, value))),
    ]),
  );
  const compared = [
    ["clicks", "period_clicks", "before_clicks"],
    ["cost", "period_cost", "before_cost"],
    ["roas", "period_roas", "before_roas"],
  ]
    .map(([name, now, before]) => [name, valueOf(now, row), valueOf(before, row)])
    .filter(([, now, before]) => known(now) && known(before))
    .map(([name, now, before]) => [labelOf(name), shown(name, now), shown(name, before)]);
  const periods = compared.length
    ? plainTable(
        [
          ["", false],
          [say("period"), true],
          [say("period_before"), true],
        ],
        compared,
      )
    : null;
  return part(say("figures"), periods, list);
}

function rulesPart(row) {
  const decided = valueOf("rule", row);
  const names = (name) => (valueOf(name, row) ?? "").split(/\s+/).filter(Boolean);
  const line = (name, how) =>
    element(
      "li",
      { class: how },
      element("strong", {}, say(how)),
      " · ",
      element("span", {}, inLang(data.rules[name]) || name),
      " ",
      element("code", {}, name),
    );
  const lines = [
    ...names("gated_by")
      .filter((name) => name !== decided)
      .map((name) => line(name, "held_back")),
    ...(decided ? [line(decided, "decided_by")] : []),
    ...names("matched")
      .filter((name) => name !== decided)
      .map((name) => line(name, "also")),
  ];
  return lines.length ? part(say("rules"), element("ol", { class: "path" }, ...lines)) : null;
}
