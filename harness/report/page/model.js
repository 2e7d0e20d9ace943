// What the messages say of each scenario: its attempts, their steps, their timelines. No drawing here.
(() => {
  "use strict";
  const GRAVITY = ["UNKNOWN", "PASSED", "SKIPPED", "PENDING", "UNDEFINED", "AMBIGUOUS", "FAILED"];

  const worst = (words) => words.reduce((a, b) => (GRAVITY.indexOf(b) > GRAVITY.indexOf(a) ? b : a), "PASSED");
  const ns = (time) => (time ? BigInt(time.seconds) * 1000000000n + BigInt(time.nanos) : 0n);
  // Control characters as their pictures, bidirectional ones by their numbers: no text may turn another around.
  const neutral = (value) => value
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => `<U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`)
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/[\u007f-\u009f]/g, "\u2421");
  const text = (value) => (typeof value === "string" ? neutral(value) : "");
  const number = (value) => (Number.isFinite(value) ? value : 0);

  // A timeline as it is drawn: whatever the attachment holds, only shapes that we know get through.
  function timelineOf(body) {
    let data;
    try {
      data = JSON.parse(body);
    } catch {
      return null;
    }
    if (!data || data.format !== 1 || !Array.isArray(data.lanes) || !Array.isArray(data.items)) return null;
    const lanes = data.lanes.map((lane) => ({ kind: text(lane.kind), name: text(lane.name) }));
    const items = data.items
      .filter((item) => item && lanes[item.lane])
      .map((item) => ({
        lane: item.lane,
        kind: text(item.kind),
        group: text(item.kind) === "log" ? "log" : lanes[item.lane].kind,
        title: text(item.title),
        state: text(item.state),
        at: number(item.at),
        until: Number.isFinite(item.until) ? item.until : null,
        ready: Number.isFinite(item.ready) ? item.ready : null,
        from: text(item.from),
        to: text(item.to),
        detail: item.detail && typeof item.detail === "object" ? item.detail : {},
      }));
    const gap = data.gap && {
      letter: text(data.gap.letter),
      headline: text(data.gap.headline),
      chain: text(data.gap.chain),
      first: text(data.gap.first),
      from: number(data.gap.from),
      until: number(data.gap.until),
      why: (Array.isArray(data.gap.why) ? data.gap.why : []).map((line) => ({
        at: Number.isFinite(line.at) ? line.at : null,
        text: text(line.text),
      })),
    };
    return { lanes, items, gap: gap || null, until: Math.max(1, number(data.until)), leftOut: number(data.left_out) };
  }

  // Where nothing but steps was seen, the messages are enough.
  function timelineOfSteps(attempt) {
    const at = (time) => Number((ns(time) - ns(attempt.began)) / 1000n);
    const items = attempt.steps
      .filter((step) => step.began)
      .map((step) => ({
        lane: 0,
        kind: "step",
        group: "step",
        title: step.text,
        state: step.status === "PASSED" || step.status === "SKIPPED" ? "" : "failed",
        at: at(step.began),
        until: step.ended ? at(step.ended) : null,
        ready: null,
        from: "",
        to: "",
        detail: { result: step.status.toLowerCase(), ...(step.message ? { message: step.message } : {}) },
      }));
    const last = items.reduce((a, b) => Math.max(a, b.until ?? b.at), 1);
    return { lanes: [{ kind: "step", name: "test" }], items, gap: null, until: last, leftOut: 0 };
  }

  function indexed(messages) {
    const known = { pickles: new Map(), lines: new Map(), cases: new Map(), attempts: new Map(), hooks: new Map(), keywords: new Map() };
    const walk = (child) => {
      for (const inner of (child.rule && child.rule.children) || []) walk(inner);
      const node = child.scenario || child.background;
      if (!node) return;
      if (child.scenario) known.lines.set(node.id, node.location.line);
      for (const step of node.steps) known.keywords.set(step.id, step.keyword);
      for (const examples of node.examples || [])
        for (const row of examples.tableBody || []) known.lines.set(row.id, row.location.line);
    };
    for (const message of messages) {
      if (message.gherkinDocument && message.gherkinDocument.feature) message.gherkinDocument.feature.children.forEach(walk);
      else if (message.pickle) known.pickles.set(message.pickle.id, message.pickle);
      else if (message.hook) known.hooks.set(message.hook.id, message.hook);
      else if (message.testCase) known.cases.set(message.testCase.id, message.testCase);
    }
    return known;
  }

  function stepsOf(testCase, pickle, known) {
    return testCase.testSteps.map((step) => {
      const of = pickle.steps.find((each) => each.id === step.pickleStepId);
      const hook = known.hooks.get(step.hookId);
      const place = hook && hook.sourceReference && hook.sourceReference.uri;
      return {
        id: step.id,
        hook: !of,
        text: of ? neutral((known.keywords.get(of.astNodeIds[0]) || "") + of.text) : `hook ${(hook && hook.name) || place || ""}`,
        status: "UNKNOWN",
        message: "",
        began: null,
        ended: null,
      };
    });
  }

  // All scenarios in the order of their first attempts.
  function scenariosOf(messages) {
    const known = indexed(messages);
    const scenarios = new Map();
    for (const message of messages) {
      if (message.testCaseStarted) begin(message.testCaseStarted);
      else if (message.testStepStarted) at(message.testStepStarted, (step, it) => (step.began = it.timestamp));
      else if (message.testStepFinished) at(message.testStepFinished, finish);
      else if (message.testCaseFinished) end(message.testCaseFinished);
      else if (message.attachment && message.attachment.mediaType === window.muster.TIMELINE) draw(message.attachment);
    }
    function begin(it) {
      const testCase = known.cases.get(it.testCaseId);
      const pickle = testCase && known.pickles.get(testCase.pickleId);
      if (!pickle) return;
      const line = (pickle.location && pickle.location.line) || pickle.astNodeIds.map((id) => known.lines.get(id)).filter(Boolean).pop() || 0;
      if (!scenarios.has(testCase.id))
        scenarios.set(testCase.id, { name: neutral(pickle.name), place: neutral(`${pickle.uri}:${line}`), attempts: [] });
      const attempt = { number: it.attempt || 0, began: it.timestamp, steps: stepsOf(testCase, pickle, known), timeline: null, ended: false };
      scenarios.get(testCase.id).attempts.push(attempt);
      known.attempts.set(it.id, attempt);
    }
    function at(it, take) {
      const attempt = known.attempts.get(it.testCaseStartedId);
      const step = attempt && attempt.steps.find((each) => each.id === it.testStepId);
      if (step) take(step, it);
    }
    function finish(step, it) {
      step.ended = it.timestamp;
      step.status = it.testStepResult.status;
      step.message = text(it.testStepResult.message) || text(it.testStepResult.exception && it.testStepResult.exception.message);
    }
    function end(it) {
      const attempt = known.attempts.get(it.testCaseStartedId);
      if (attempt) attempt.ended = true;
    }
    function draw(it) {
      const attempt = known.attempts.get(it.testCaseStartedId);
      if (attempt) attempt.timeline = timelineOf(it.body);
    }
    const made = [...scenarios.values()];
    for (const scenario of made) {
      for (const attempt of scenario.attempts) {
        attempt.status = attempt.ended ? worst(attempt.steps.map((step) => step.status)) : "UNKNOWN";
        attempt.failed = attempt.status !== "PASSED" && attempt.status !== "SKIPPED";
        attempt.culprit = attempt.steps.find((step) => step.status === attempt.status) || null;
        attempt.timeline = attempt.timeline || timelineOfSteps(attempt);
      }
      const last = scenario.attempts[scenario.attempts.length - 1];
      scenario.status = last.status;
      scenario.failed = last.failed;
      scenario.flaky = !last.failed && scenario.attempts.some((attempt) => attempt.failed);
    }
    return made;
  }

  // The first step of which two attempts tell different things; -1 when they tell the same.
  function divergence(a, b) {
    return a.steps.findIndex((step, i) => !b.steps[i] || step.status !== b.steps[i].status);
  }

  Object.assign(window.muster, { scenariosOf, divergence, neutral });
})();
