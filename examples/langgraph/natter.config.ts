import { defineAgent, defineConfig, langgraph, tool } from "natter";
import { z } from "zod";
import { bookingGraph } from "./booking-graph.ts";

const trains = tool({
  description: "Trains of a day",
  inputSchema: z.object({ to: z.string(), day: z.iso.date() }),
  retrySafe: true,
  execute: ({ to }) => [{ train: "R 12", to, at: "09:40" }],
});

const book = tool({
  description: "Books a seat on a train",
  inputSchema: z.object({ train: z.string() }),
  execute: ({ train }) => ({ booked: train }),
});

export default defineConfig({
  agents: { default: defineAgent({ name: "Travel", tools: { trains, book }, runner: langgraph(bookingGraph) }) },
});
