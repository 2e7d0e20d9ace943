// Runs before the standard report: keeps the timelines, which it has no picture for, to ourselves.
window.muster = { messages: window.CUCUMBER_MESSAGES, TIMELINE: "application/vnd.muster.timeline+json" };
window.CUCUMBER_MESSAGES = window.CUCUMBER_MESSAGES.filter(
  (message) => !(message.attachment && message.attachment.mediaType === window.muster.TIMELINE),
);
