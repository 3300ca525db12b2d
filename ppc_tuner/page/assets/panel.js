// A row opened beside the table: what it is about, the decision on it, and the parts of row_parts.js.

const panel = document.getElementById("panel");
let opened = null;
let openedFrom = null;

async function openPanel(row, focused = null) {
  await loadBeside();
  opened = row;
  fillPanel(row);
  if (!panel.open) {
    openedFrom = document.activeElement;
    panel.showModal();
  }
  panel.scrollTop = 0;
  document.getElementById(focused ?? "panel-title").focus();
}

function closePanel() {
  panel.close();
}

panel.addEventListener("close", () => {
  panel.querySelectorAll(".chart").forEach(forget);
  const row = opened;
  opened = null;
  // A decision draws its row anew, and with it the button from which the panel was opened.
  const button = grid?.getRow(row)?.getElement().querySelector("button.word");
  (openedFrom?.isConnected && openedFrom !== document.body ? openedFrom : button)?.focus();
});
panel.addEventListener("click", (event) => {
  if (event.target === panel) closePanel();
});

function step(by) {
  const rows = rowsInView();
  const next = rows[rows.indexOf(opened) + by];
  if (next === undefined) return;
  openPanel(next);
}

function part(title, ...children) {
  const kept = children.filter(Boolean);
  return kept.length ? element("section", {}, element("h3", {}, title), ...kept) : null;
}

function fillPanel(row) {
  panel.querySelectorAll(".chart").forEach(forget);
  const parts = [
    panelHead(row),
    element("p", { class: "reason" }, own(reasonOf(row))),
    decisionForm(row),
    whyPart(row),
    worthPart(row),
    movesPart(row),
    peersPart(row),
    weeksPart(row),
    membersPart(row),
    figuresPart(row),
    rulesPart(row),
  ];
  panel.replaceChildren(element("div", { class: "sheet" }, ...parts.filter(Boolean)));
  drawWeeks(row);
}

function panelHead(row) {
  const rows = rowsInView();
  const at = rows.indexOf(row);
  const button = (name, sign, action, disabled = false) => {
    const one = element(
      "button",
      { type: "button", class: "plain", "aria-label": say(name), title: say(name), disabled },
      sign,
    );
    one.addEventListener("click", action);
    return one;
  };
  const about = [
    wordFor("match_type", valueOf("match_type", row)),
    placeOf(row),
    valueOf("item", row),
  ].filter(Boolean);
  return element(
    "header",
    {},
    element(
      "div",
      { class: "panel-tools" },
      button("previous", "↑", () => step(-1), at <= 0),
      button("next", "↓", () => step(1), at < 0 || at === rows.length - 1),
      button("close", "✕", closePanel),
    ),
    element("h2", { id: "panel-title", tabindex: "-1" }, own(wordOf(row))),
    element("p", { class: "muted" }, ...about.flatMap((text, number) => [number ? " · " : "", own(text)])),
    element(
      "p",
      { class: "panel-move" },
      actionTag(valueOf("action", row)),
      " ",
      element("strong", {}, bidText(row)),
      gainText(row)
        ? element(
            "span",
            { class: "muted" },
            ` · ${say(data.undated ? "gain_of_period" : "gain")} ${gainText(row)}`,
          )
        : null,
    ),
  );
}

function decisionForm(row) {
  if (!table.acts[row]) {
    const group = valueOf("moved_with", row);
    return element("p", { class: "note" }, group ? say("follows_group", group) : say("nothing_to_decide"));
  }
  const made = decisions.get(row) ?? {};
  const form = element("form", { class: "decide", "aria-label": say("decide") });
  const marks = ["accept", "reject"].map((decision) => {
    const one = element(
      "button",
      { type: "button", class: `wide-mark ${decision}`, "aria-pressed": String(made.decision === decision) },
      say(decision),
    );
    one.addEventListener("click", () => {
      setDecision(row, made.decision === decision ? { decision: "", bid: "" } : { decision, bid: "" });
      refill(row, `.wide-mark.${decision}`);
    });
    return one;
  });
  form.append(element("div", { class: "choices" }, ...marks));
  if (table.bears_bid[row]) form.append(bidField(row, made));
  const note = element("input", {
    type: "text",
    id: "note",
    maxlength: "500",
    placeholder: say("note_hint"),
    value: made.note ?? "",
  });
  note.addEventListener("change", () => setDecision(row, { note: note.value.trim() }));
  form.append(element("label", { class: "field grow" }, element("span", {}, say("note")), note));
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function bidField(row, made) {
  const bid = element("input", {
    type: "text",
    inputmode: "decimal",
    id: "final-bid",
    autocomplete: "off",
    value: made.bid ?? "",
    "aria-describedby": "bid-fault",
  });
  const fault = element("span", { id: "bid-fault", class: "bad small", role: "alert" });
  bid.addEventListener("change", () => {
    const text = bid.value.trim().replace(",", ".");
    const fits = text === "" || /^\d{1,9}(\.\d{1,6})?$/.test(text);
    fault.textContent = fits ? "" : say("bid_wrong");
    bid.setAttribute("aria-invalid", String(!fits));
    if (!fits) return;
    setDecision(row, text ? { decision: "change", bid: text } : { decision: "", bid: "" });
    refill(row, "#note");
  });
  return element(
    "label",
    { class: "field" },
    element("span", {}, `${say("change")}: ${say("final_bid")}`),
    bid,
    fault,
  );
}

function refill(row, focused) {
  const top = panel.scrollTop;
  fillPanel(row);
  panel.scrollTop = top;
  panel.querySelector(focused)?.focus();
}
