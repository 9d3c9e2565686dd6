import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { asNatterError, NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Job, JobHandler } from "../../jobs/job.ts";
import { findActedFor } from "../../people/recognise.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { beginImport, endImport, insertImportItem, lastImportedPosition } from "../../store/transfer/import-rows.ts";
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

/** Whoever brings the file, as they are now. @throws NatterError when they may store nothing here any more */
const findBringer = async ({ context }: ImportDependencies, { workspaceId, payload }: Job): Promise<Principal> => {
  const { userId } = payloadSchema.parse(payload);
  try {
    const principal = await findActedFor(context.database, workspaceId, userId);
    authorize(principal, "create", "workspace");
    return principal;
  } catch (cause) {
    const { code, status } = asNatterError(cause);
    if (status >= 500) throw cause;
    const reason = "whoever brought the file may store nothing in this workspace any more";
    throw new NatterError(code, `The import was stopped: ${reason}. What the report names has been taken.`, { cause });
  }
};

const readFile = async (dependencies: ImportDependencies, job: Job, signal: AbortSignal): Promise<void> => {
  const { database, blobs } = dependencies.context;
  await findBringer(dependencies, job);
  const done = await lastImportedPosition(database, { workspaceId: job.workspaceId, id: job.subject });
  const { findFile, conversations } = await openFile(blobs, job.subject);
  const known = new Map<string, Part>();
  for await (const { position, one } of conversations(done)) {
    signal.throwIfAborted();
    const principal = await findBringer(dependencies, job);
    await takeOne(dependencies, principal, one, { importId: job.subject, position, findFile, known });
  }
};

/** Reads an uploaded file conversation by conversation; after a crash it goes on behind the last one that has its end. */
export const createImportHandler =
  (dependencies: ImportDependencies): JobHandler =>
  async (job, signal) => {
    const { database, blobs } = dependencies.context;
    const key = { workspaceId: job.workspaceId, id: job.subject };
    if (!(await beginImport(database, key))) return blobs.delete(job.subject);
    try {
      await readFile(dependencies, job, signal);
      await endImport(database, key, "completed");
    } catch (thrown) {
      const error = asNatterError(thrown);
      const mayPass = signal.aborted || (error.status >= 500 && job.attempt < lastAttempt);
      if (mayPass) throw thrown;
      dependencies.logger.warn({ err: thrown, importId: job.subject }, "an import ended before its file did");
      await endImport(database, key, "failed", error.message);
    }
    await blobs.delete(job.subject);
  };
