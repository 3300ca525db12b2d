// The three charts of the front, and the small ones of a row's panel.

const charts = new Map();

function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ["ink", "muted", "line", "paper", "bars", "accent", "good", "bad", "band", "event"].map((name) => [
      name,
      named(name),
    ]),
  );
}

/** Draws a chart into the element of this id; the words for who cannot see it go with it. */
function draw(id, option, label) {
  const node = typeof id === "string" ? document.getElementById(id) : id;
  charts.get(node)?.dispose();
  const chart = libraries.echarts.init(node, null, {
    renderer: "canvas",
    devicePixelRatio: Math.max(2, window.devicePixelRatio),
  });
  const ink = colours();
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink.muted },
    ...option,
  });
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", label);
  charts.set(node, chart);
  return chart;
}

function forget(node) {
  charts.get(node)?.dispose();
  charts.delete(node);
}

const tooltip = (ink) => ({
  renderMode: "richText",
  confine: true,
  backgroundColor: ink.paper,
  borderColor: ink.line,
  borderWidth: 1,
  padding: [8, 10],
  textStyle: { color: ink.ink, fontSize: 12 },
});
const axisText = (ink, more = {}) => ({ color: ink.muted, fontSize: 11, ...more });

function valueAxis(ink, name, more = {}) {
  return {
    type: "value",
    name,
    nameGap: 12,
    nameTextStyle: axisText(ink),
    axisLabel: axisText(ink, {
      hideOverlap: true,
      formatter: (value) => number(value, Math.abs(value) < 10 && value % 1 ? 1 : 0),
    }),
    splitLine: { lineStyle: { color: ink.line } },
    axisLine: { show: false },
    axisTick: { show: false },
    ...more,
  };
}

/** Bars of spend, and a line of what it brought: ROAS, or orders where no revenue is known. */
function spendOption(ink, labels, cost, line, lineName, marks = {}) {
  return {
    grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltip(ink),
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } },
      formatter: (points) =>
        [
          points[0].name,
          ...points
            .filter((one) => known(one.value))
            .map((one) => `${one.seriesName}  ${number(one.value, 2)}`),
        ].join("\n"),
    },
    legend: {
      top: 0,
      right: 0,
      itemWidth: 14,
      itemHeight: 8,
      textStyle: axisText(ink),
      data: [labelOf("cost"), lineName],
    },
    xAxis: {
      type: "category",
      data: labels,
      axisLabel: axisText(ink, { hideOverlap: true }),
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
    },
    yAxis: [valueAxis(ink, ""), valueAxis(ink, "", { splitLine: { show: false }, min: 0 })],
    series: [
      {
        name: labelOf("cost"),
        type: "bar",
        data: cost,
        itemStyle: { color: ink.bars, borderRadius: [2, 2, 0, 0] },
        barMaxWidth: 28,
        ...marks.bars,
      },
      {
        name: lineName,
        type: "line",
        yAxisIndex: 1,
        data: line,
        symbol: "circle",
        symbolSize: 5,
        connectNulls: true,
        lineStyle: { color: ink.accent, width: 2 },
        itemStyle: { color: ink.accent },
        ...marks.line,
      },
    ],
  };
}

const ratio = (sold, cost) => sold.map((one, at) => (known(one) && cost[at] > 0 ? one / cost[at] : null));

function captioned(id, title, said) {
  const card = document.getElementById(`${id}-card`);
  card.querySelector("h3").textContent = title;
  card.querySelector("p").textContent = said;
}

/** A break-even, or the lowest and the highest where they differ. */
function evenText([low, high]) {
  return number(low, 2) === number(high, 2) ? number(low, 2) : `${number(low, 2)}–${number(high, 2)}`;
}

function drawDays(account, ink) {
  const days = account.days;
  document.getElementById("days-card").hidden = !days?.cost;
  if (!days?.cost) return;
  const inRevenue = Boolean(days.revenue);
  const labels = unpacked(days.day).map((day) => day.slice(5));
  captioned(
    "days",
    say(inRevenue ? "by_day" : "orders_by_day"),
    inRevenue
      ? account.break_even
        ? say("by_day_said", evenText(account.break_even))
        : say("by_day_plain")
      : say("orders_by_day_said"),
  );
  const line = inRevenue ? ratio(days.revenue, days.cost) : days.conversions;
  const name = inRevenue ? labelOf("roas") : labelOf("conversions");
  const marks = {};
  if (inRevenue && account.break_even) {
    const [low, high] = account.break_even;
    marks.line =
      low === high
        ? {
            markLine: {
              silent: true,
              symbol: "none",
              label: { show: false },
              lineStyle: { color: ink.bad, type: "dashed" },
              data: [{ yAxis: low }],
            },
          }
        : {
            markArea: {
              silent: true,
              itemStyle: { color: ink.band },
              data: [[{ yAxis: low }, { yAxis: high }]],
            },
          };
  }
  const spans = labels.flatMap((day, at) =>
    days.event[at] ? [[{ name: say("event"), xAxis: day }, { xAxis: day }]] : [],
  );
  if (spans.length)
    marks.bars = {
      markArea: {
        silent: true,
        itemStyle: { color: ink.event },
        label: { color: ink.muted, fontSize: 10 },
        data: spans,
      },
    };
  draw(
    "days",
    spendOption(ink, labels, days.cost, line, name, marks),
    say(inRevenue ? "by_day" : "orders_by_day"),
  );
}

function drawCampaigns(account, ink) {
  const told = unpackedAll(account.campaigns);
  const shownIn = Boolean(told.campaign && told.roas && told.cost);
  document.getElementById("campaigns-card").hidden = !shownIn;
  if (!shownIn) return;
  const even = told.break_even_roas;
  const lowest = even?.filter(known) ?? [];
  captioned(
    "campaigns",
    say("campaigns"),
    lowest.length
      ? say("campaigns_said", evenText([Math.min(...lowest), Math.max(...lowest)]))
      : say("campaigns_unknown"),
  );
  const most = Math.max(...(told.revenue ?? told.cost).map((one) => one ?? 0), 1);
  const points = told.campaign
    .map((campaign, at) => ({
      name: campaign || "–",
      value: [told.cost[at], told.roas[at] ?? 0],
      symbolSize: 8 + 40 * Math.sqrt(Math.max((told.revenue ?? told.cost)[at] ?? 0, 0) / most),
      itemStyle: {
        color: even && known(even[at]) && (told.roas[at] ?? 0) < even[at] ? ink.bad : ink.accent,
        opacity: 0.72,
      },
      label: { position: told.cost[at] > 0.6 * Math.max(...told.cost.filter(known)) ? "left" : "right" },
      at,
    }))
    .filter((one) => one.value[0] > 0);
  const line = lowest.length
    ? [...new Set([Math.min(...lowest), Math.max(...lowest)])].map((bar) => ({ yAxis: bar }))
    : [];
  const named = new Set(
    [...points]
      .sort((a, b) => b.value[0] - a.value[0])
      .slice(0, 8)
      .map((one) => one.name),
  );
  draw(
    "campaigns",
    {
      grid: { left: 8, right: 24, top: 30, bottom: 22, containLabel: true },
      tooltip: {
        ...tooltip(ink),
        formatter: ({ data: one }) =>
          one.at === undefined
            ? ""
            : [
                one.name.slice(0, 60),
                `${labelOf("cost")}  ${number(told.cost[one.at], 2)}`,
                told.revenue && known(told.revenue[one.at])
                  ? `${labelOf("revenue")}  ${number(told.revenue[one.at], 2)}`
                  : null,
                `${labelOf("roas")}  ${known(told.roas[one.at]) ? number(told.roas[one.at], 2) : "–"}`,
                even && known(even[one.at]) ? `${say("break_even")}  ${number(even[one.at], 2)}` : null,
              ]
                .filter(Boolean)
                .join("\n"),
      },
      xAxis: valueAxis(ink, labelOf("cost"), {
        nameLocation: "middle",
        nameGap: 26,
        splitLine: { show: false },
        axisLine: { show: true, lineStyle: { color: ink.line } },
      }),
      yAxis: valueAxis(ink, labelOf("roas"), { min: 0, nameTextStyle: axisText(ink, { align: "left" }) }),
      series: [
        {
          type: "scatter",
          data: points,
          label: {
            show: true,
            color: ink.ink,
            fontSize: 11,
            formatter: ({ name }) =>
              named.has(name) ? (name.length > 16 ? `${name.slice(0, 15)}…` : name) : "",
          },
          labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
          markLine: {
            silent: true,
            symbol: "none",
            lineStyle: { color: ink.bad, type: "dashed" },
            label: { show: false },
            data: line,
          },
        },
      ],
    },
    say("campaigns"),
  );
}

function drawLastMoney(account, ink) {
  const told = unpackedAll(account.last_money);
  const count = told.word?.length ?? 0;
  document.getElementById("last-money-card").hidden = count < 2;
  if (count < 2) return;
  const orders = !told.bar_roas;
  captioned("last-money", say("last_money"), say(orders ? "last_money_orders" : "last_money_said", count));
  const bars = told.sold_at_margin.map((value, at) => ({
    value,
    itemStyle: {
      color: !orders && known(told.bar_roas[at]) && value < told.bar_roas[at] ? ink.bad : ink.bars,
      borderRadius: [0, 2, 2, 0],
    },
  }));
  const digits = orders ? 4 : 2;
  const rowAxis = { type: "category", inverse: true, axisTick: { show: false }, axisLine: { show: false } };
  draw(
    "last-money",
    {
      grid: { left: 8, right: 8, top: 8, bottom: 4, containLabel: true },
      tooltip: {
        ...tooltip(ink),
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } },
        formatter: ([one]) =>
          [
            told.word[one.dataIndex].slice(0, 60),
            told.campaign?.[one.dataIndex]?.slice(0, 60),
            `${labelOf("sold_at_margin")}  ${number(told.sold_at_margin[one.dataIndex], digits)}`,
            orders || !known(told.bar_roas[one.dataIndex])
              ? null
              : `${say("bar")}  ${number(told.bar_roas[one.dataIndex], 2)}`,
          ]
            .filter(Boolean)
            .join("\n"),
      },
      xAxis: valueAxis(ink, "", { min: 0, ...(orders ? { axisLabel: { show: false } } : {}) }),
      yAxis: [
        {
          ...rowAxis,
          data: told.word,
          axisLabel: axisText(ink, { color: ink.ink, width: 130, overflow: "truncate", interval: 0 }),
        },
        {
          ...rowAxis,
          data: told.sold_at_margin.map((value) => number(value, digits)),
          axisLabel: axisText(ink, { color: ink.ink, interval: 0 }),
        },
      ],
      series: [
        { type: "bar", data: bars, barMaxWidth: 14 },
        ...(orders
          ? []
          : [
              {
                type: "scatter",
                silent: true,
                data: told.bar_roas.map((bar, at) => [bar, at]).filter(([bar]) => known(bar)),
                symbol: "rect",
                symbolSize: [2, 16],
                itemStyle: { color: ink.ink },
              },
            ]),
      ],
    },
    say("last_money"),
  );
}

function drawCharts() {
  const account = data.accounts[state.account];
  const ink = colours();
  if (!account) return;
  drawDays(account, ink);
  drawCampaigns(account, ink);
  drawLastMoney(account, ink);
  const any = [...document.querySelectorAll("#charts .card")].some((card) => !card.hidden);
  document.getElementById("charts").hidden = !any;
}
