import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { tool } from "../tools/tool.ts";

const fewDice = 2;
const mostSeconds = 3_600;

/** Asks before it throws a handful: what an approval looks like, on something that harms nobody. */
export const rollDice = tool({
  description: "Rolls dice and tells what each shows. More than two dice are rolled only when the person allows it.",
  inputSchema: z.object({ dice: z.int().min(1).max(100), sides: z.int().min(2).max(1_000).default(6) }),
  approval: ({ dice }) => dice > fewDice,
  retrySafe: true,
  execute: ({ dice, sides }) => Array.from({ length: dice }, () => randomInt(sides) + 1),
});

/** A question that the model asks in the middle of its answer, which goes on with what the person says. */
export const askPerson = tool({
  description: "Asks the person one question and waits for the answer. Only for what can't be found out otherwise.",
  inputSchema: z.object({ question: z.string().min(1).max(1_000) }),
  outputSchema: z.object({ answer: z.string().min(1).max(4_000) }),
});

/** Comes back by itself, also when nobody watches and when the server was started again meanwhile. */
export const remind = tool({
  description:
    "Reminds the person by a message of its own after so many seconds. Say that you will, and end your answer.",
  inputSchema: z.object({ seconds: z.int().min(1).max(86_400), about: z.string().min(1).max(1_000) }),
  retrySafe: true,
  background: { attempts: 3, timeout: "2d", onResult: "continue" },
  execute: async ({ seconds, about }, job) => {
    const left = (): number => job.startedAt.getTime() + seconds * 1_000 - Date.now();
    for (let remaining = left(); remaining > 0; remaining = left()) {
      await job.progress({ ratio: 1 - remaining / (seconds * 1_000), note: `in ${Math.ceil(remaining / 1_000)} s` });
      await wait(Math.min(remaining, Math.max(1_000, (seconds * 1_000) / 60)), undefined, { signal: job.abortSignal });
    }
    return { about };
  },
});

/** Goes on after the answer has ended, and tells how far it is. */
export const timer = tool({
  description: "Counts so many seconds in the background; its result comes with a later message.",
  inputSchema: z.object({ seconds: z.int().min(1).max(mostSeconds), steps: z.int().min(1).max(60).default(3) }),
  retrySafe: true,
  background: { attempts: 3, timeout: "2h" },
  execute: async ({ seconds, steps }, job) => {
    for (let step = 1; step <= steps; step += 1) {
      await job.progress({ ratio: (step - 1) / steps, note: `${step} of ${steps}` });
      await wait((seconds * 1_000) / steps, undefined, { signal: job.abortSignal });
    }
    return { seconds, endedAt: new Date().toISOString() };
  },
});
