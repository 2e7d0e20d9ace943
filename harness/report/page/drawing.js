// Draws a timeline into an SVG: lanes, bars, moments, arrows, the gap. Texts of programs only ever become text nodes.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const ORDER = ["step", "process", "http", "sse", "event", "sink", "wait", "fault"];
  const SIDE = 150, ROW = 18, PAD = 5, HEAD = 22, LETTER = 6.3, MARGIN = 12;

  function element(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // As many letters as fit, and an ellipsis.
  function fitted(text, pixels) {
    const letters = Math.floor(pixels / LETTER);
    if (letters < 2) return "";
    return text.length <= letters ? text : text.slice(0, letters - 1) + "…";
  }

  const seconds = (us) => (us / 1e6).toFixed(3) + " s";

  function tickOf(span, pixels) {
    const least = (span / Math.max(1, pixels)) * 90;
    const power = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least);
  }

  // Which items are drawn: filters hide groups, a search dims what it does not find.
  const shown = (item, view) => !view.hidden.has(item.group);
  function found(item, view) {
    if (!view.search) return true;
    return (item.title + " " + item.kind + " " + JSON.stringify(item.detail)).toLowerCase().includes(view.search);
  }

  // Lanes from top to bottom, with a row for each item: what overlaps stands below each other.
  function layout(timeline, view) {
    const rank = (lane) => (ORDER.indexOf(lane.kind) < 0 ? ORDER.length : ORDER.indexOf(lane.kind));
    const lanes = timeline.lanes
      .map((lane, index) => ({ ...lane, index, items: [] }))
      .sort((a, b) => rank(a) - rank(b) || a.index - b.index);
    const byIndex = new Map(lanes.map((lane) => [lane.index, lane]));
    timeline.items.forEach((item, index) => {
      if (shown(item, view)) byIndex.get(item.lane).items.push({ item, index, row: 0 });
    });
    let y = HEAD;
    const visible = lanes.filter((lane) => lane.items.length > 0);
    for (const lane of visible) {
      const ends = [];
      const base = lane.items.some((each) => each.item.kind === "run") ? 1 : 0;
      for (const each of lane.items) {
        if (each.item.kind === "run") continue;
        if (each.item.until === null && each.item.state !== "open") continue;
        let row = ends.findIndex((end) => end <= each.item.at);
        if (row < 0) row = ends.length;
        ends[row] = each.item.until ?? timeline.until;
        each.row = base + row;
      }
      // moments stand below what lasts
      for (const each of lane.items) if (each.item.kind !== "run" && each.item.until === null && each.item.state !== "open") each.row = base + ends.length;
      const rows = lane.items.reduce((most, each) => Math.max(most, each.row + 1), 1);
      lane.y = y;
      lane.height = rows * ROW + PAD;
      y += lane.height;
    }
    return { lanes: visible, height: y + 4 };
  }

  function drawItem(into, each, lane, scale, room, view) {
    const { item } = each;
    const y = lane.y + PAD / 2 + each.row * ROW + 1;
    const classes = ["item", item.group === "log" ? "process log" : lane.kind, item.state === "failed" ? "failed" : ""];
    if (view.chosen === each.index) classes.push("chosen");
    if (!found(item, view)) classes.push("dim");
    const group = element("g", { class: classes.filter(Boolean).join(" "), "data-index": each.index, id: `muster-item-${each.index}`, role: "option" });
    group.setAttribute("aria-label", `${lane.name}: ${item.title}, at ${seconds(item.at)}${item.state ? ", " + item.state : ""}`);
    group.setAttribute("aria-selected", String(view.chosen === each.index));
    group.append(element("title", {}, `${item.title}\n${seconds(item.at)}`));
    const x = scale.x(item.at);
    if (item.until !== null || item.state === "open") {
      const left = Math.max(x, SIDE);
      const width = Math.max(3, Math.min(scale.x(item.until ?? scale.end), scale.right) - left);
      group.append(element("rect", { class: "shape", x: left, y, width, height: ROW - 3, rx: 2 }));
      if (item.ready !== null) {
        const ready = scale.x(item.ready);
        if (ready > left) group.append(element("rect", { class: "starting", x: left, y, width: Math.min(ready - left, width), height: ROW - 3 }));
        if (ready >= SIDE && ready <= scale.right) group.append(element("line", { class: "ready", x1: ready, x2: ready, y1: y - 1, y2: y + ROW - 2 }));
      }
      const inside = fitted(item.title, width - 8);
      if (inside && inside.length > 3) group.append(element("text", { class: "in", x: left + 4, y: y + 11.5 }, inside));
      else if (room - width > 40) group.append(element("text", { x: left + width + 3, y: y + 11.5 }, fitted(item.title, room - width - 6)));
    } else if (item.kind === "log") {
      group.append(element("rect", { class: "shape", x: x - 1, y: y + 3, width: 3, height: ROW - 8 }));
      if (room > 60) group.append(element("text", { class: "name", x: x + 5, y: y + 11.5 }, fitted(item.title, room - 10)));
    } else {
      const m = y + ROW / 2 - 1.5;
      group.append(element("path", { class: "shape", d: `M${x - 5} ${m}L${x} ${m - 5}L${x + 5} ${m}L${x} ${m + 5}Z` }));
      if (room > 36) group.append(element("text", { x: x + 8, y: y + 11.5 }, fitted(item.title, room - 14)));
    }
    into.append(group);
  }

  // How far it is, in pixels, from each item to the next one of its row.
  function rooms(lane, scale) {
    const made = new Map(), last = new Map();
    for (const each of lane.items) {
      const before = last.get(each.row);
      if (before !== undefined) made.set(before, scale.x(each.item.at) - scale.x(before.item.at));
      last.set(each.row, each);
    }
    for (const each of last.values()) made.set(each, scale.right - scale.x(each.item.at));
    return made;
  }

  function drawArrows(svg, plan, timeline, scale, view) {
    const middle = (name) => {
      const lane = plan.lanes.find((each) => (each.kind === "process" || each.kind === "step") && each.name === name);
      return lane ? lane.y + PAD / 2 + ROW / 2 : null;
    };
    for (const item of timeline.items) {
      if (!item.from || !shown(item, view)) continue;
      const from = middle(item.from), to = middle(item.to), x = scale.x(item.at);
      if (from === null || to === null || x < SIDE || x > scale.right) continue;
      const bad = item.state === "failed" ? " failed" : "", down = to > from ? -1 : 1;
      const dim = found(item, view) ? "" : " dim";
      svg.append(element("line", { class: "arrow" + bad + dim, x1: x, x2: x, y1: from, y2: to + down * 5 }));
      svg.append(element("path", { class: "tip" + bad + dim, d: `M${x} ${to}l-4 ${down * 7}h8Z` }));
    }
  }

  // Draws anew; gives back where things are, for those who move about in it.
  function draw(svg, timeline, view) {
    const width = Math.max(480, svg.parentElement.clientWidth || 1000);
    const right = width - MARGIN, pixels = right - SIDE, span = Math.max(1, view.until - view.from);
    const scale = { right, end: view.until, x: (us) => SIDE + ((us - view.from) / span) * pixels, us: (x) => view.from + ((x - SIDE) / pixels) * span };
    const plan = layout(timeline, view);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${plan.height}`);
    svg.setAttribute("height", plan.height);
    plan.lanes.forEach((lane, i) => {
      if (i % 2 === 0) svg.append(element("rect", { class: "stripe", x: 0, y: lane.y, width, height: lane.height }));
    });
    const step = tickOf(span, pixels);
    for (let at = Math.ceil(view.from / step) * step; at <= view.until; at += step) {
      svg.append(element("line", { class: "tick", x1: scale.x(at), x2: scale.x(at), y1: HEAD - 6, y2: plan.height }));
      svg.append(element("text", { class: "name", x: scale.x(at) + 3, y: HEAD - 8 }, `${+(at / 1e6).toPrecision(6)} s`));
    }
    if (timeline.gap) {
      const from = Math.max(SIDE, scale.x(timeline.gap.from)), until = Math.min(right, scale.x(timeline.gap.until));
      if (until > SIDE && from < right) svg.append(element("rect", { class: "gap", x: from, y: HEAD - 4, width: Math.max(4, until - from), height: plan.height - HEAD + 2 }));
    }
    const inner = element("g");
    for (const lane of plan.lanes) {
      const room = rooms(lane, scale);
      for (const each of lane.items) {
        const end = each.item.until ?? (each.item.state === "open" ? timeline.until : each.item.at);
        if (end >= view.from && each.item.at <= view.until) drawItem(inner, each, lane, scale, room.get(each) || 0, view);
      }
    }
    svg.append(inner);
    drawArrows(svg, plan, timeline, scale, view);
    if (timeline.gap && scale.x(timeline.gap.until) > SIDE && scale.x(timeline.gap.from) < right) {
      const name = timeline.gap.letter ? `gap ${timeline.gap.letter}` : "gap";
      const x = Math.max(SIDE, scale.x(timeline.gap.from));
      svg.append(element("rect", { class: "side", x, y: 0, width: name.length * 7.2 + 6, height: HEAD - 5 }));
      svg.append(element("text", { class: "gap-name", x: x + 3, y: HEAD - 9 }, name));
    }
    svg.append(element("rect", { class: "side", x: 0, y: 0, width: SIDE - 4, height: plan.height }));
    for (const lane of plan.lanes) svg.append(element("text", { class: "name", x: 6, y: lane.y + PAD / 2 + 13 }, fitted(lane.name || lane.kind, SIDE - 12)));
    return { plan, scale };
  }

  Object.assign(window.muster, { draw, seconds, shown });
})();
