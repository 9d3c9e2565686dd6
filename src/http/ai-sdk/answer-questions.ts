import { permitOf } from "../../auth/authorize.ts";
import { answerMessage, nothingOpen } from "../../completions/approvals/answer-message.ts";
import { admitTo } from "../../completions/open.ts";
import { findAttachable } from "../../completions/read.ts";
import { restoreLog } from "../../completions/log/restore-log.ts";
import type { AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import { startChunk } from "../../protocol/message/chunk.ts";
import { formatFrame } from "../../protocol/message/frames.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { answerPermits } from "../questions/answer-permits.ts";
import type { HttpDependencies } from "../dependencies.ts";
import type { Showing } from "../streams/view.ts";

/**
 * Takes an assistant message as the answer to what it asked: decisions by the ids of their approvals, results by the
 * calls that wait for them. What is shown is `start` of the same message, and its log from where it stopped.
 * @throws NatterError `conflict` when nothing in it is to be answered
 */
export const answerQuestions = async (
  { context, log }: Pick<HttpDependencies, "context" | "log">,
  principal: Principal,
  { id: conversationId, messages: { last } }: AiSdkRequest,
): Promise<Showing> => {
  if (last.role !== "assistant") throw nothingOpen();
  const { database } = context;
  const active = await findAttachable(database, principal, conversationId, permitOf(principal, "read"));
  if (active === null || active.status === "queued") throw nothingOpen();
  const { workspaceId, completionId, messageId, userMessageId, sequence } = active;
  const key = { workspaceId, completionId, conversationId };
  await restoreLog(database, log, key);
  const head = await log.read(completionId, Number.MAX_SAFE_INTEGER, 1);
  const place = { workspaceId, conversationId };
  await answerMessage(
    context,
    principal,
    { active, messageId: last.id, told: last.parts, admit: (permit) => admitTo(database, place, permit) },
    answerPermits(principal),
  );
  const start = startChunk(messageId, { conversationId, completionId, userMessageId, sequence });
  const preface = formatFrame({ chunk: start });
  if (head === null) return { from: "log", view: { key, after: 1, preface } };
  return { from: "log", view: { key, epoch: head.epoch, after: head.last, preface } };
};
