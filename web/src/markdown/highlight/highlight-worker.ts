import type { HighlightRequest } from "./highlight-protocol.ts";
import { createLineHighlighter } from "./line-highlighter.ts";

const highlight = createLineHighlighter();
let last: Promise<void> = Promise.resolve();

const answer = async (request: HighlightRequest): Promise<void> => {
  try {
    self.postMessage(await highlight(request));
  } catch (error) {
    console.warn("code stays without colours", error);
    self.postMessage({ id: request.id, from: request.from, lines: request.lines.map((line) => [line.length, 0]) });
  }
};

self.addEventListener("message", ({ data }: MessageEvent<HighlightRequest>) => {
  last = last.then(() => answer(data));
});
