// The timeline as a thing to use: zoom, filter, choice by mouse and by keyboard, what is known of the chosen item.
(() => {
  "use strict";
  const { draw, seconds, shown, neutral } = window.muster;
  const GROUPS = [["step", "steps"], ["process", "processes"], ["http", "calls"], ["sse", "frames"], ["event", "events"], ["wait", "waits"], ["log", "output"], ["fault", "faults"]];

  function make(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  function button(label, title, act) {
    const made = make("button", { type: "button", title }, label);
    made.addEventListener("click", act);
    return made;
  }

  function fact(list, name, value) {
    list.append(make("dt", {}, neutral(name)), make("dd", { class: "mono" }, neutral(typeof value === "string" ? value : JSON.stringify(value))));
  }

  class Timeline {
    constructor() {
      this.view = { from: 0, until: 1, hidden: new Set(), search: "", chosen: -1 };
      this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      this.svg.setAttribute("tabindex", "0");
      this.svg.setAttribute("role", "listbox");
      this.plot = make("div", { class: "plot" }, this.svg);
      this.detail = make("div", { class: "detail", "aria-live": "polite", hidden: "" });
      this.filters = make("span", { class: "bar", role: "group", "aria-label": "what is shown" });
      this.search = make("input", { type: "search", placeholder: "find", "aria-label": "find in the timeline", size: "12" });
      this.gapButton = button("gap", "zoom to the gap (g)", () => this.toGap());
      this.bar = make("div", { class: "bar" },
        button("+", "zoom in (+)", () => this.zoom(0.5)), button("−", "zoom out (−)", () => this.zoom(2)),
        button("all", "show all (0)", () => this.fit()), this.gapButton, this.search, this.filters);
      const keys = make("p", { class: "keys" }, "keys in the picture: ← → items by time, ↑ ↓ lanes, Enter detail, Esc close, + − zoom, [ ] move, 0 all, g gap; drag and Ctrl+wheel do the same");
      this.root = make("div", { class: "timeline" }, this.bar, this.plot, this.detail, keys);
      this.listen();
    }

    listen() {
      this.search.addEventListener("input", () => {
        this.view.search = this.search.value.toLowerCase();
        this.paint();
      });
      this.svg.addEventListener("click", (event) => this.choose(this.indexAt(event), true));
      this.svg.addEventListener("keydown", (event) => this.key(event));
      this.svg.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.usAt(event));
      }, { passive: false });
      this.svg.addEventListener("pointerdown", (event) => (this.grabbed = { x: event.clientX, from: this.view.from, until: this.view.until }));
      this.svg.addEventListener("pointermove", (event) => this.drag(event));
      window.addEventListener("pointerup", () => (this.grabbed = null));
      window.addEventListener("resize", () => this.timeline && this.paint());
    }

    show(timeline, name) {
      this.timeline = timeline;
      this.view.chosen = -1;
      this.detail.hidden = true;
      this.gapButton.hidden = !timeline.gap;
      this.svg.setAttribute("aria-label", `timeline of ${name}`);
      this.filters.replaceChildren(...GROUPS.filter(([group]) => timeline.items.some((item) => item.group === group)).map(([group, label]) => {
        const box = make("input", { type: "checkbox", "data-group": group });
        box.checked = !this.view.hidden.has(group);
        box.addEventListener("change", () => {
          box.checked ? this.view.hidden.delete(group) : this.view.hidden.add(group);
          this.paint();
        });
        return make("label", {}, box, label);
      }));
      if (timeline.leftOut > 0) this.filters.append(make("span", { class: "soft" }, `${timeline.leftOut} more were left out`));
      this.fit();
    }

    paint() {
      this.drawn = draw(this.svg, this.timeline, this.view);
      if (this.view.chosen >= 0) this.svg.setAttribute("aria-activedescendant", `muster-item-${this.view.chosen}`);
      else this.svg.removeAttribute("aria-activedescendant");
    }

    range(from, until) {
      const all = this.timeline.until, span = Math.min(all * 1.04, Math.max(200, until - from));
      this.view.from = Math.max(-0.02 * all, Math.min(from, all * 1.02 - span));
      this.view.until = this.view.from + span;
      this.paint();
    }
    fit() { this.range(-0.01 * this.timeline.until, this.timeline.until * 1.01); }
    toGap() {
      const { from, until } = this.timeline.gap, margin = Math.max(1000, (until - from) * 0.1);
      this.range(from - margin, until + margin);
    }
    zoom(factor, around) {
      const chosen = this.timeline.items[this.view.chosen];
      const centre = around ?? (chosen ? chosen.at : (this.view.from + this.view.until) / 2);
      this.range(centre - (centre - this.view.from) * factor, centre + (this.view.until - centre) * factor);
    }
    move(share) {
      const span = this.view.until - this.view.from;
      this.range(this.view.from + share * span, this.view.until + share * span);
    }
    drag(event) {
      if (!this.grabbed || event.buttons !== 1 || Math.abs(event.clientX - this.grabbed.x) < 4) return;
      const { from, until, x } = this.grabbed;
      const by = ((x - event.clientX) / Math.max(1, this.svg.clientWidth - 160)) * (until - from);
      this.range(from + by, until + by);
    }

    usAt(event) {
      const box = this.svg.getBoundingClientRect();
      return this.drawn.scale.us((event.clientX - box.left) * (this.svg.viewBox.baseVal.width / box.width));
    }
    indexAt(event) {
      const group = event.target.closest && event.target.closest("[data-index]");
      return group ? Number(group.getAttribute("data-index")) : -1;
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = {
        ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1), ArrowDown: () => this.changeLane(1), ArrowUp: () => this.changeLane(-1),
        Home: () => this.step(-Infinity), End: () => this.step(Infinity), Enter: () => this.choose(this.view.chosen, true), " ": () => this.choose(this.view.chosen, true),
        Escape: () => this.choose(-1), "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), 0: () => this.fit(),
        "[": () => this.move(-0.25), "]": () => this.move(0.25), g: () => this.timeline.gap && this.toGap(),
      };
      if (!acts[event.key]) return;
      event.preventDefault();
      acts[event.key]();
    }

    order() {
      return this.timeline.items.map((item, index) => ({ item, index })).filter((each) => shown(each.item, this.view)).sort((a, b) => a.item.at - b.item.at || a.index - b.index);
    }
    step(by) {
      const order = this.order();
      if (order.length === 0) return;
      const now = order.findIndex((each) => each.index === this.view.chosen);
      this.choose(order[Math.max(0, Math.min(order.length - 1, now < 0 && by === 1 ? 0 : now + by))].index);
    }
    changeLane(by) {
      const lanes = this.drawn.plan.lanes, chosen = this.timeline.items[this.view.chosen];
      const now = chosen ? lanes.findIndex((lane) => lane.index === chosen.lane) : by > 0 ? -1 : lanes.length;
      const lane = lanes[Math.max(0, Math.min(lanes.length - 1, now + by))];
      if (!lane) return;
      const at = chosen ? chosen.at : this.view.from;
      this.choose(lane.items.reduce((a, b) => (Math.abs(b.item.at - at) < Math.abs(a.item.at - at) ? b : a)).index);
    }

    choose(index, open) {
      this.view.chosen = index;
      const item = this.timeline.items[index];
      if (item && (item.at < this.view.from || item.at > this.view.until)) {
        const span = this.view.until - this.view.from;
        this.range(item.at - span / 2, item.at + span / 2);
      } else this.paint();
      const drawn = item && document.getElementById(`muster-item-${index}`);
      if (drawn) drawn.scrollIntoView({ block: "nearest" });
      if (!item || (!open && this.detail.hidden)) {
        if (!item) this.detail.hidden = true;
        return;
      }
      this.tell(item);
    }
    tell(item) {
      const list = make("dl");
      const lane = this.timeline.lanes[item.lane];
      fact(list, "lane", `${lane.kind} ${lane.name}`);
      fact(list, "at", seconds(item.at));
      if (item.ready !== null) fact(list, "ready after", seconds(item.ready - item.at));
      if (item.until !== null) fact(list, "took", seconds(item.until - item.at));
      if (item.state) fact(list, "state", item.state);
      for (const [name, value] of Object.entries(item.detail)) fact(list, name, value);
      this.detail.replaceChildren(make("h2", {}, item.title), list);
      this.detail.hidden = false;
    }
  }

  Object.assign(window.muster, { Timeline, make });
})();
