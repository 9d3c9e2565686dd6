import type { CompletionContext } from "../../completions/context.ts";
import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId, createSecret } from "../../foundation/ids.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { endExecution, retryExecution } from "../../store/background/ending.ts";
import {
  endedStatuses,
  findExecution,
  type ExecutionKey,
  type ExecutionRow,
} from "../../store/background/execution-rows.ts";
import { openExecution, toToolExecution } from "./open-execution.ts";

type Context = Pick<CompletionContext, "database" | "signals">;

const cancelled = { type: "failed", message: "A person cancelled this call." } as const;

/** Tells viewers of a change, and workers that there may be something to do, or to stop. */
export const announceExecution = (
  { signals }: Pick<Context, "signals">,
  key: ExecutionKey,
  revision: ConversationRevision,
): void => {
  publishHint(signals, revision, { kind: "tool-execution", id: key.id });
  signals.publish("background", JSON.stringify(key));
};

const shown = async ({ database }: Context, key: ExecutionKey, before: ExecutionRow): Promise<ToolExecution> =>
  toToolExecution((await findExecution(database, key)) ?? before);

/** Ends an execution at once, whatever its body does; that is told to stop within a second. Does nothing to one that has ended. */
export const cancelToolExecution = async (
  context: Context,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<ToolExecution> => {
  const { key, row } = await openExecution(context.database, principal, id, { permit });
  const revision = await endExecution(context.database, key, {
    status: "cancelled",
    result: cancelled,
    from: { round: row.round },
    continueJobId: null,
  });
  if (revision !== undefined) announceExecution(context, key, revision);
  return shown(context, key, row);
};

const refuseRetry = ({ status }: ExecutionRow, perUser: number): NatterError => {
  if (status === "completed") return new NatterError("conflict", "This call has succeeded; ask for another one.");
  if (!endedStatuses.includes(status))
    return new NatterError("conflict", "This call is still at work; cancel it first.");
  return new NatterError(
    "rate_limited",
    `${perUser} background tools of yours are at work already; wait until some are done, or cancel them.`,
    { retryAfter: 10 },
  );
};

/** Has an execution that did not succeed done again, for the caller: its body may be started again, and its result is another one. */
export const retryToolExecution = async (
  context: Context,
  principal: Principal,
  { id, perUser }: { readonly id: string; readonly perUser: number },
  permit: Permit,
): Promise<ToolExecution> => {
  const { database } = context;
  const { key, row, revision } = await database.transaction(async () => {
    const opened = await openExecution(database, principal, id, { permit, lock: true });
    if (opened.conversation.status === "archived")
      throw new NatterError("archived", "This conversation is archived; set its status to active first.");
    const retry = {
      jobId: createId(),
      secret: createSecret(),
      userId: principal.userId,
      perUser,
    };
    return { ...opened, revision: await retryExecution(database, opened.key, retry) };
  });
  if (revision === undefined) throw refuseRetry(row, perUser);
  announceExecution(context, key, revision);
  return shown(context, key, row);
};
