import { setTimeout as sleep } from "node:timers/promises";
import { isToolPart } from "../../src/protocol/message/fold.ts";
import { readStoredAnswer } from "./answer-check.ts";
import { leaseSeconds, openFleet } from "./fleet.ts";
import { auditLoad } from "./load-audit.ts";
import { askQuestion, createConversationId } from "./question.ts";
import { createRandom } from "./random.ts";
import type { FaultReport } from "./report.ts";
import { closingMilliseconds } from "./under-load.ts";

export interface BlockedOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** Tools that block, one after the other. */
  readonly blocks: number;
  readonly seed: number;
}

/** Four leases: a worker that renews every 10 s and is away for 40. */
const blockedMilliseconds = 4 * leaseSeconds * 1000;

/** A tool blocks the event loop of its worker for four leases: others take over, the body is not started again, and what it returns is published by nobody. */
export const blockLoops = async ({ blocks, seed, ...stores }: BlockedOptions): Promise<FaultReport> => {
  const fleet = await openFleet(stores);
  const random = createRandom(seed);
  try {
    const questions = [];
    const failures: string[] = [];
    for (let number = 1; number <= blocks; number += 1) {
      const plans = [
        {
          question: `blocks-${number}`,
          tokens: 3,
          delay: 5,
          tools: 1,
          toolMilliseconds: blockedMilliseconds,
          toolBlocks: true,
        },
        ...[1, 2, 3].map((other) => ({ question: `calm-${number}-${other}`, tokens: 40, delay: 50 })),
      ];
      const asked = plans.map((plan) =>
        askQuestion({
          plan,
          conversationId: createConversationId(random),
          token: fleet.token,
          url: () => random.pick(fleet.webs).url,
          others: 1,
        }),
      );
      await Promise.all(asked.map(({ ended }) => ended));
      questions.push(...asked);
      const [blocking] = asked;
      if (blocking === undefined) continue;
      const { parts } = await readStoredAnswer(() => fleet.webs[0]?.url ?? "", fleet.token, blocking);
      if (!parts.some((part) => isToolPart(part) && part.state === "output-error"))
        failures.push(`blocks-${number}: its outcome is told, by a worker that had lost it`);
    }
    await sleep(closingMilliseconds);
    const audit = await auditLoad(fleet, { questions, problems: [], gaps: 0, duplicates: 0 });
    const output = audit.failures.length > 0 ? fleet.workers.map((worker) => worker.output) : [];
    return {
      fault: "blocked",
      figures: { blocks, blockedMilliseconds, leaseSeconds, ...audit.figures },
      failures: [...failures, ...audit.failures, ...output],
    };
  } finally {
    await fleet.close();
  }
};
