import { setTimeout as sleep } from "node:timers/promises";
import { permitOf } from "../../auth/authorize.ts";
import { getCompletion } from "../../completions/read.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import { getMessage } from "../../conversations/messages.ts";
import { NatterError, statusOfCode, type ErrorCode } from "../../foundation/errors.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Completion } from "../../protocol/resources.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { toolCallsOf, type WholeAnswer } from "./whole-answer.ts";

const pollMs = 1_000;

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(statusOfCode, code);
const isOver = ({ status }: Completion): boolean => status !== "queued" && status !== "running";

/** What every problem after accepting says: it is stored, and where. */
const acceptedDetails = ({
  conversationId,
  completionId,
  messageId,
  userMessageId,
}: Accepted): Record<string, unknown> => ({
  accepted: true,
  conversationId,
  completionId,
  messageId,
  userMessageId,
});

const failureOf = (completion: Completion, accepted: Accepted): NatterError => {
  const { code, message } = completion.error ?? { code: "provider_failed", message: "The answer failed; try again." };
  return new NatterError(isErrorCode(code) ? code : "provider_failed", message, {
    details: { ...acceptedDetails(accepted), completionStatus: completion.status },
  });
};

/** The completion as soon as it has ended or waits for a person; undefined when the time is up. */
const awaitEnd = async (
  log: ChunkLog,
  completionId: string,
  waitMs: number,
  read: () => Promise<Completion>,
): Promise<Completion | undefined> => {
  const deadline = performance.now() + waitMs;
  let wake = new AbortController();
  const stopWatching = log.watch(completionId, (page) => (page.ended ? wake.abort() : undefined));
  try {
    for (;;) {
      const completion = await read();
      if (isOver(completion)) return completion;
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await sleep(Math.min(left, pollMs), undefined, { signal: wake.signal }).catch(
        () => (wake = new AbortController()),
      );
    }
  } finally {
    stopWatching();
  }
};

const readAnswer = async (
  { context: { database }, log }: HttpDependencies,
  principal: Principal,
  accepted: Accepted,
  waitMs: number,
): Promise<WholeAnswer> => {
  // who may send may see what it is answered, also by a key that reads nothing else
  const permit = permitOf(principal, "send");
  const completion = await awaitEnd(log, accepted.completionId, waitMs, () =>
    getCompletion(database, principal, accepted.completionId, permit),
  );
  if (completion === undefined) {
    throw new NatterError("timeout", "The message is accepted and its answer goes on; read it from the completion.", {
      details: acceptedDetails(accepted),
    });
  }
  if (completion.status === "failed") throw failureOf(completion, accepted);
  const message = await getMessage(database, principal, accepted, permit);
  return {
    conversationId: accepted.conversationId,
    completionId: accepted.completionId,
    status: completion.status,
    message,
    toolCalls: toolCallsOf(message.parts),
    usage: completion.usage,
    createdAt: message.createdAt,
  };
};

/**
 * The answer of `stream: false` (promise 1). Cancelled or waiting, it is what there is so far.
 * @throws NatterError `timeout` while the completion goes on, or the completion's own error; all carry the ids and `accepted: true`
 */
export const awaitAnswer = async (
  dependencies: HttpDependencies,
  principal: Principal,
  accepted: Accepted,
  waitMs: number,
): Promise<WholeAnswer> => {
  try {
    return await readAnswer(dependencies, principal, accepted, waitMs);
  } catch (thrown) {
    if (thrown instanceof NatterError && thrown.details?.accepted === true) throw thrown;
    // a 404 or 503 here would say that nothing was stored
    throw new NatterError("internal", "The message is accepted, but its answer could not be read.", {
      cause: thrown,
      details: acceptedDetails(accepted),
    });
  }
};
