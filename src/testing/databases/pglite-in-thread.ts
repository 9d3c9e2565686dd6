import type { Filesystem } from "@electric-sql/pglite/basefs";
import { PgliteConnection } from "../../drivers/pglite/pglite-connection.ts";
import type { SyncJournal } from "../../drivers/pglite/pglite-journal.ts";
import { startPgliteServer } from "../../drivers/pglite/pglite-server.ts";
import type { SqlConnection } from "../../drivers/sql/sql-connection.ts";

export interface PgliteInThreadOptions {
  readonly files: Filesystem;
  readonly settings: readonly string[];
  readonly journal: SyncJournal;
}

export const fail = (cause: unknown): never => {
  throw cause;
};

/** PGlite in the thread of the test, which may then look into its files, its syncs and its clock. */
export const openPgliteInThread = async (options: PgliteInThreadOptions): Promise<SqlConnection> => {
  const listeners: ((message: Buffer) => void)[] = [];
  const send = (answers: Uint8Array<ArrayBuffer>): void => {
    for (const listener of listeners) setImmediate(() => listener(Buffer.from(answers.buffer)));
  };
  const server = await startPgliteServer({ ...options, send, onFailure: fail, onNeglect: fail });
  return new PgliteConnection({
    send: (requests) => void setImmediate(() => server.receive(requests)),
    onAnswers: (listener) => void listeners.push(listener),
    onEnd: () => {},
    close: () => server.close(),
  });
};
