import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { asNatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Job, JobHandler } from "../../jobs/job.ts";
import { findActedFor } from "../../people/recognise.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { insertImportItem, lastImportedPosition, setImportStatus } from "../../store/transfer/import-rows.ts";
import type { BroughtOrFailure } from "./brought.ts";
import { openFile } from "./read-file.ts";
import { storeBrought, type ImportPlace } from "./store-brought.ts";

const payloadSchema = z.object({ userId: z.string() });
const lastAttempt = 5;

export interface ImportDependencies {
  readonly context: ConversationContext;
  readonly logger: Logger;
}

/** A conversation that is refused is reported, and the next one is taken; what may pass by itself ends the attempt. */
const takeOne = async (
  { context, logger }: ImportDependencies,
  principal: Principal,
  one: BroughtOrFailure,
  place: ImportPlace,
): Promise<void> => {
  const key = { workspaceId: principal.workspaceId, id: place.importId };
  const fail = (title: string | null, error: string) =>
    insertImportItem(context.database, key, {
      position: place.position,
      title,
      outcome: "failed",
      conversation_id: null,
      messages: 0,
      error,
      left_out: [],
    });
  if ("failure" in one) return void (await fail(one.title, one.failure));
  try {
    await storeBrought(context, principal, one.brought, place);
  } catch (thrown) {
    const error = asNatterError(thrown);
    if (error.code === "unavailable") throw thrown;
    const { importId, position } = place;
    logger.warn({ err: thrown, importId, position }, "a conversation could not be imported");
    await fail(one.brought.conversation.title?.slice(0, 500) ?? null, error.message);
  }
};

const readFile = async (dependencies: ImportDependencies, job: Job, signal: AbortSignal): Promise<void> => {
  const { database, blobs } = dependencies.context;
  const { userId } = payloadSchema.parse(job.payload);
  const principal = await findActedFor(database, job.workspaceId, userId);
  authorize(principal, "create", "workspace");
  const done = await lastImportedPosition(database, { workspaceId: job.workspaceId, id: job.subject });
  const { findFile, conversations } = await openFile(blobs, job.subject);
  const known = new Map<string, Part>();
  for await (const { position, one } of conversations(done)) {
    signal.throwIfAborted();
    await takeOne(dependencies, principal, one, { importId: job.subject, position, findFile, known });
  }
};

/** Reads an uploaded file conversation by conversation; after a crash it goes on behind the last one that has its end. */
export const createImportHandler =
  (dependencies: ImportDependencies): JobHandler =>
  async (job, signal) => {
    const { database, blobs } = dependencies.context;
    const key = { workspaceId: job.workspaceId, id: job.subject };
    await setImportStatus(database, key, "running");
    try {
      await readFile(dependencies, job, signal);
      await setImportStatus(database, key, "completed");
    } catch (thrown) {
      const error = asNatterError(thrown);
      const mayPass = signal.aborted || (error.status >= 500 && job.attempt < lastAttempt);
      if (mayPass) throw thrown;
      dependencies.logger.warn({ err: thrown, importId: job.subject }, "an import ended before its file did");
      await setImportStatus(database, key, "failed", error.message);
    }
    await blobs.delete(job.subject);
  };
