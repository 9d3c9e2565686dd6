import type { ModelMessage } from "../../protocol/agent/model.ts";

const drafts = {
  document: {
    kind: "document",
    title: "How to make tea",
    content: [
      "# How to make tea",
      "For one pot. It takes **eight minutes**, most of which you wait.",
      "## What you need",
      "- Fresh water, half a litre\n- Two spoons of black tea\n- A pot that is warm",
      "## What you do",
      "1. Boil the water, and warm the pot with some of it.\n2. Pour the rest over the leaves.\n3. Wait **four minutes**, then take the leaves out.",
      "| Tea | Water | Minutes |\n| --- | ---: | ---: |\n| Black | 100 °C | 4 |\n| Green | 75 °C | 2 |\n| Herbs | 100 °C | 8 |",
      "> Milk goes in last. Opinions differ.\n",
    ].join("\n\n"),
  },
  code: {
    kind: "code",
    title: "Fibonacci",
    language: "typescript",
    content:
      "export const fibonacci = (index: number): number =>\n  index < 2 ? index : fibonacci(index - 1) + fibonacci(index - 2);\n",
  },
  html: {
    kind: "html",
    title: "A counter",
    content:
      '<!doctype html>\n<meta charset="utf-8">\n<style>body { font: 1.5rem system-ui; text-align: center; padding: 3rem }</style>\n<p>Pressed <b id="count">0</b> times</p>\n<button onclick="count.textContent = Number(count.textContent) + 1">Press</button>\n',
  },
  svg: {
    kind: "svg",
    title: "A cup",
    content:
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 100" fill="none" stroke="currentColor" stroke-width="6">\n  <path d="M20 30h60v30a25 25 0 0 1-25 25H45a25 25 0 0 1-25-25z" />\n  <path d="M80 40h8a12 12 0 0 1 0 24h-8" />\n</svg>\n',
  },
} as const;

const isKind = (word: string): word is keyof typeof drafts => Object.hasOwn(drafts, word);

/** What the demo model writes. */
export const demoArtifact = (word = "document"): unknown => (isKind(word) ? drafts[word] : drafts.document);

const referenceIn = (value: unknown): { artifactId: string; version: number } | null =>
  typeof value === "object" &&
  value !== null &&
  "artifactId" in value &&
  "version" in value &&
  typeof value.artifactId === "string" &&
  typeof value.version === "number"
    ? { artifactId: value.artifactId, version: value.version }
    : null;

/** The artifact that a conversation was last told of; null: none. */
export const demoLastArtifact = (
  messages: readonly ModelMessage[],
): { readonly artifactId: string; readonly version: number } | null => {
  for (const message of messages.toReversed()) {
    if (message.role !== "tool") continue;
    for (const part of message.content.toReversed()) {
      if (part.type !== "tool-result" || part.output.type !== "json") continue;
      const reference = referenceIn(part.output.value);
      if (reference !== null) return reference;
    }
  }
  return null;
};
