// The head of the page: what failed and why, and the timeline of the first failure; the standard report follows.
(() => {
  "use strict";
  const { messages, scenariosOf, divergence, Timeline, make, seconds } = window.muster;
  const SHOWN = 20; // failures with their reasons; the others are in the report below

  const firstLines = (text, count) => text.split("\n").slice(0, count).join("\n");

  function whyOf(gap) {
    return make("ul", { class: "why" }, ...gap.why.slice(0, 8).map((line) =>
      make("li", { class: "mono" }, make("time", {}, line.at === null ? "" : seconds(line.at)), make("span", {}, line.text))));
  }

  // Attempts side by side; the step at which they part is marked.
  function attemptsOf(scenario) {
    const [first] = scenario.attempts, last = scenario.attempts[scenario.attempts.length - 1];
    const parts = divergence(first, last);
    const head = make("tr", {}, make("th", {}, "step"), ...scenario.attempts.map((each) => make("th", {}, `attempt ${each.number + 1}`)));
    const rows = first.steps.map((step, i) => make("tr", i === parts ? { class: "parts" } : {}, make("td", {}, step.text),
      ...scenario.attempts.map((each) => make("td", {}, each.steps[i] ? each.steps[i].status.toLowerCase() : ""))));
    const told = parts < 0 ? "all attempts went the same way" : `they part at: ${first.steps[parts].text}`;
    return make("details", {}, make("summary", {}, `${scenario.attempts.length} attempts: ${told}`), make("table", { class: "attempts" }, head, ...rows));
  }

  function failureOf(scenario, show) {
    const attempt = [...scenario.attempts].reverse().find((each) => each.failed);
    const { gap } = attempt.timeline, step = attempt.culprit;
    const card = make("article", { class: scenario.flaky ? "failure flaky" : "failure" });
    const open = make("button", { type: "button" }, "timeline");
    open.addEventListener("click", () => show(scenario, attempt));
    const word = scenario.flaky ? "flaky" : attempt.status === "UNKNOWN" ? "never ended" : attempt.status.toLowerCase();
    card.append(make("h2", {}, make("span", { class: "bad" }, word.toUpperCase()), ` ${scenario.name} `, make("span", { class: "soft" }, `${scenario.place} `), open));
    if (gap) {
      card.append(make("p", { class: "headline" }, gap.letter ? `gap ${gap.letter}: ${gap.headline}` : gap.headline), whyOf(gap));
      card.append(make("div", { class: "facts" }, [gap.chain, gap.first && `first gap ${gap.first}`].filter(Boolean).join(" · ")));
    } else if (step) {
      card.append(make("pre", { class: "said" }, firstLines(step.message || `the step is ${word}`, 12)));
    }
    if (step) card.append(make("div", { class: "facts" }, `${step.hook ? "" : "step: "}${step.text}`));
    if (scenario.attempts.length > 1) card.append(attemptsOf(scenario));
    return card;
  }

  function counted(scenarios) {
    const words = new Map();
    for (const each of scenarios) {
      const word = each.flaky ? "flaky" : each.status.toLowerCase();
      words.set(word, (words.get(word) || 0) + 1);
    }
    return [...words].map(([word, count]) => `${count} ${word}`).join(", ") || "no scenario";
  }

  function chooser(scenarios, timeline) {
    const select = make("select", { "aria-label": "scenario" });
    const entries = scenarios.flatMap((scenario) => scenario.attempts.map((attempt) => ({ scenario, attempt })));
    entries.forEach(({ scenario, attempt }, i) => {
      const again = scenario.attempts.length > 1 ? ` (attempt ${attempt.number + 1})` : "";
      select.append(make("option", { value: String(i) }, `${attempt.failed ? "✗" : "✓"} ${scenario.name}${again}`));
    });
    const show = (scenario, attempt) => {
      select.value = String(entries.findIndex((each) => each.attempt === attempt));
      timeline.show(attempt.timeline, scenario.name);
    };
    select.addEventListener("change", () => show(entries[select.value].scenario, entries[select.value].attempt));
    return { select, show };
  }

  const scenarios = scenariosOf(messages);
  const root = make("section", { id: "muster", "aria-label": "summary and timeline" });
  const bad = scenarios.filter((each) => each.failed), flaky = scenarios.filter((each) => each.flaky);
  const verdict = bad.length > 0 ? "failed" : "passed";
  root.append(make("h1", {}, make("span", { class: bad.length > 0 ? "bad" : "good" }, `muster: ${verdict}`), make("span", { class: "counts" }, `  ${counted(scenarios)}`)));
  document.body.insertBefore(root, document.getElementById("content"));
  if (scenarios.length === 0) return;
  const timeline = new Timeline();
  const { select, show } = chooser(scenarios, timeline);
  const cards = [...bad, ...flaky].slice(0, SHOWN).map((each) => failureOf(each, (scenario, attempt) => {
    show(scenario, attempt);
    timeline.root.scrollIntoView({ block: "nearest" });
  }));
  timeline.bar.prepend(select);
  if (cards.length > 0) root.append(cards[0]);
  root.append(timeline.root, ...cards.slice(1));
  if (bad.length + flaky.length > SHOWN) root.append(make("p", { class: "soft" }, `${bad.length + flaky.length - SHOWN} more in the report below`));
  // a run of nothing but steps has its picture, folded away
  const seen = scenarios.find((each) => each.failed) || scenarios.find((each) => each.flaky) || scenarios.find((each) => each.attempts[0].timeline.lanes.length > 1) || scenarios[0];
  show(seen, [...seen.attempts].reverse().find((each) => each.failed) || seen.attempts[0]);
})();
