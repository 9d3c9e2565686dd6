import { setTimeout as sleep } from "node:timers/promises";
import { answerCall } from "../../src/completions/approvals/answer-call.ts";
import { decide } from "../../src/completions/approvals/decide.ts";
import { listOpenQuestions } from "../../src/completions/approvals/open-questions.ts";
import type { Accepted } from "../../src/conversations/sending/accept.ts";
import { NatterError } from "../../src/foundation/errors.ts";
import { permitAll, type Spine } from "../../src/testing/spine.ts";

const permits = { own: permitAll, others: permitAll };

const answerOne = async ({ context, principal }: Spine, { conversationId }: Accepted): Promise<void> => {
  const { approvals, clientCalls } = await listOpenQuestions(context.database, principal, conversationId, permitAll);
  const [approval] = approvals;
  const [call] = clientCalls;
  if (approval !== undefined)
    await decide(context, principal, { approvalId: approval.id, decision: "once", reason: null }, permitAll);
  else if (call !== undefined)
    await answerCall(context, principal, { toolExecutionId: call.id, result: { output: "seen" } }, permits);
};

/** Answers every question of an answer, each as soon as it is open, until the answer was seen to its end, or `stop`. */
export const answerAll = (spine: Spine, accepted: Accepted, ended: Promise<unknown>) => {
  const over = new AbortController();
  void ended.finally(() => over.abort());
  const answering = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      await answerOne(spine, accepted).catch((thrown: unknown) => {
        if (!(thrown instanceof NatterError && thrown.code === "conflict")) throw thrown;
      });
      await sleep(2);
    }
  })();
  return {
    async stop(): Promise<void> {
      over.abort();
      await answering;
    },
  };
};
