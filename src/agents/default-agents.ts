import { z } from "zod";
import { tool } from "../tools/tool.ts";
import { artifactTools } from "./artifact-tools.ts";
import { defineAgent } from "./define-agent.ts";
import { askPerson, remind, rollDice, timer } from "./interactive-tools.ts";

const currentTime = tool({
  description: "Tells the current date and time (UTC)",
  inputSchema: z.object({}),
  retrySafe: true,
  execute: () => new Date().toISOString(),
});

const add = tool({
  description: "Adds two numbers",
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  retrySafe: true,
  execute: ({ a, b }) => a + b,
});

const showPlaces = tool({
  description: "Shows places on a map beside the answer",
  inputSchema: z.object({
    places: z
      .array(
        z.object({
          name: z.string().max(200),
          latitude: z.number().min(-90).max(90),
          longitude: z.number().min(-180).max(180),
        }),
      )
      .min(1)
      .max(100),
  }),
  retrySafe: true,
  execute: ({ places }) => ({ places }),
});

/** Who answers on a server whose configuration names no agents. */
export const defaultAgents = {
  default: defineAgent({
    name: "Assistant",
    instructions:
      "You are a helpful assistant. Answer in the language of the question, briefly unless asked for more. Use Markdown where it helps.",
    tools: { currentTime, add, showPlaces, rollDice, askPerson, timer, remind, ...artifactTools },
  }),
};
