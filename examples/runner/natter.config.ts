import { defineAgent, defineConfig, tool } from "natter";
import { z } from "zod";
import { stockRunner } from "./stock-runner.ts";

const pieces = new Map([
  ["AB-12", 7],
  ["CD-34", 0],
]);

const stock = tool({
  description: "Pieces of an article in stock",
  inputSchema: z.object({ article: z.string() }),
  retrySafe: true,
  execute: ({ article }) => pieces.get(article) ?? 0,
});

export default defineConfig({
  agents: { default: defineAgent({ name: "Stock", tools: { stock }, runner: stockRunner() }) },
});
