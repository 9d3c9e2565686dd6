import { replay } from "../completions/log/replay.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { notFound } from "../protocol/people/access.ts";
import type { AdminChunks } from "../protocol/admin/chunks.ts";
import type { Chunk } from "../protocol/message/chunk.ts";
import { parseFrames } from "../protocol/message/frames.ts";
import { foreignFormat, isOwnFormat } from "../protocol/message/log-format.ts";
import type { LogHead } from "../ports/chunk-log.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { listAdminCompletionRows } from "../store/admin/completion-rows.ts";
import { toCompletion } from "./describe.ts";

const pageBytes = 262_144;

export interface ChunksQuery {
  readonly completionId: string;
  readonly after: number;
  readonly limit: number;
}

interface Told {
  readonly head: Omit<LogHead, "epoch"> & { readonly epoch: string | null };
  /** Those after the place asked for, one more than the limit at most. */
  readonly chunks: readonly Chunk[];
}

/** Null: there is no log (any more). */
const readLog = async (
  { log }: HttpDependencies,
  { completionId, after, limit }: ChunksQuery,
): Promise<Told | null> => {
  const chunks: Chunk[] = [];
  for (;;) {
    const page = await log.read(completionId, after + chunks.length, pageBytes);
    if (page === null || page.last === 0) return null;
    if (!isOwnFormat(page.epoch)) throw foreignFormat(page.epoch);
    const frames = page.entries.flatMap((entry) =>
      parseFrames(entry.frames).slice(Math.max(0, after + chunks.length + 1 - entry.first)),
    );
    chunks.push(...frames.map(({ chunk }) => chunk));
    if (frames.length === 0 || chunks.length > limit) return { head: page, chunks };
  }
};

const readRows = async (
  { context: { database } }: HttpDependencies,
  principal: Principal,
  { completionId, after }: ChunksQuery,
): Promise<Told> => {
  const told = await replay(database, { workspaceId: principal.workspaceId, completionId });
  if (told === null) throw notFound("completion");
  const { chunks, ending } = told;
  return { head: { epoch: null, last: chunks.length, ended: ending !== null }, chunks: chunks.slice(after) };
};

/**
 * The chunks of a completion as they were stored: all of each where the caller may read the conversation, elsewhere
 * only of which type they are and how large.
 * @throws NatterError `not_found`; `unavailable` for a log that another version writes
 */
export const readRawChunks = async (
  dependencies: HttpDependencies,
  principal: Principal,
  query: ChunksQuery,
): Promise<AdminChunks> => {
  const { completionId: id, after, limit } = query;
  const { workspaceId } = principal;
  const { database } = dependencies.context;
  const [row] = await listAdminCompletionRows(database, { workspaceId, id }, { after: undefined, limit: 1 });
  if (row === undefined) throw notFound("completion");
  const { isReadable } = toCompletion(principal)(row);
  const { head, chunks } = (await readLog(dependencies, query)) ?? (await readRows(dependencies, principal, query));
  return {
    isReadable,
    source: head.epoch === null ? "rows" : "log",
    epoch: head.epoch,
    last: head.last,
    isEnded: head.ended,
    data: chunks.slice(0, limit).map((chunk, index) => ({
      position: after + index + 1,
      type: chunk.type,
      bytes: Buffer.byteLength(JSON.stringify(chunk)),
      chunk: isReadable ? { ...chunk } : null,
    })),
    nextAfter: chunks.length > limit ? after + limit : null,
  };
};
