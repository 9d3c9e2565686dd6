import { setTimeout as wait } from "node:timers/promises";
import { completed, defineAgent, defineConfig, tool } from "natter";
import { z } from "zod";

const sections = ["customers", "orders", "refunds"] as const;

/** Stands for a slow query. */
const count = async (section: string, month: string, signal: AbortSignal): Promise<number> => {
  await wait(1_500, undefined, { signal });
  return section.length * 100 + Number(month.slice(5));
};

const report = tool({
  description: "Counts what happened in a month. Takes a while: its result comes later, in a message of its own.",
  inputSchema: z.object({ month: z.string().regex(/^\d{4}-\d{2}$/) }),
  retrySafe: true,
  background: { attempts: 3, timeout: "10m", onResult: "continue" },
  execute: async ({ month }, job) => {
    const counts: Record<string, number> = {};
    for (const [index, section] of sections.entries()) {
      await job.progress({ ratio: index / sections.length, note: `counting ${section}` });
      counts[section] = await count(section, month, job.abortSignal);
    }
    return completed({ month, counts });
  },
});

export default defineConfig({
  agents: {
    default: defineAgent({
      instructions: "You write reports. When one comes from the background, tell it to the person in two sentences.",
      tools: { report },
    }),
  },
});
