import { PGlite } from "@electric-sql/pglite";
import type { Filesystem } from "@electric-sql/pglite/basefs";
import { type Answer, readAnswer } from "./pglite-answer.ts";
import type { SyncJournal } from "./pglite-journal.ts";
import { startMaintenance } from "./pglite-maintenance.ts";
import { AnswerOutbox } from "./pglite-outbox.ts";
import { RequestWriter } from "./pglite-request.ts";

export interface PgliteServerOptions {
  readonly files: Filesystem;
  /** PostgreSQL's settings, as `name=value`. */
  readonly settings: readonly string[];
  readonly journal: SyncJournal;
  /** Takes answers, in the order of the requests; see `AnswerOutbox`. */
  readonly send: (answers: Uint8Array<ArrayBuffer>) => void;
  /** Nothing more can be answered. */
  readonly onFailure: (cause: unknown) => void;
  /** Its upkeep failed: it goes on, but may grow or slow down. */
  readonly onNeglect: (cause: unknown, statement: string) => void;
}

/** PGlite behind the bytes of the PostgreSQL protocol. */
export interface PgliteServer {
  receive(requests: Uint8Array): void;
  close(): Promise<void>;
}

const common = ["shared_buffers=16MB", "timezone=UTC", "datestyle=ISO", "default_statistics_target=25"];

/** For files on a disk: PGlite's fdatasync does nothing, its fsync is ours. */
export const durableSettings: readonly string[] = [...common, "fsync=on", "wal_sync_method=fsync"];

export const volatileSettings: readonly string[] = [
  ...common,
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
];

// PGlite's own parameters turn fsync off (-F).
const parameters = PGlite.defaultStartParams.filter((parameter) => parameter !== "-F");

/** Starts PGlite on these files and resolves when it takes requests. */
export const startPgliteServer = async (options: PgliteServerOptions): Promise<PgliteServer> => {
  const { files, settings, journal, send, onFailure, onNeglect } = options;
  const startParams = [...parameters, ...settings.flatMap((setting) => ["-c", setting])];
  const pglite = await PGlite.create({ fs: files, startParams });
  journal.begin();

  const execute = (request: Uint8Array): Uint8Array[] => {
    const parts: Uint8Array[] = [];
    pglite
      .execProtocolRawStream(request, {
        syncToFs: false,
        // A window into the memory of PGlite, which reuses it.
        onRawData: (bytes) => parts.push(bytes.slice()),
      })
      .catch(onFailure);
    // Where it need not wait for files, the call has done all its work when it returns.
    return parts;
  };
  const writer = new RequestWriter();
  const outbox = new AnswerOutbox({ journal, execute, send, onFailure });

  const ask = (statement: string): Answer => {
    writer.query(statement);
    const { answer } = readAnswer(Buffer.concat(execute(writer.take())), 0, null);
    journal.settle();
    return answer;
  };
  const stopMaintenance = startMaintenance({ ask, activity: () => outbox.activity, onFailure: onNeglect });

  return {
    receive: (requests) => {
      try {
        outbox.post(requests);
      } catch (cause) {
        onFailure(cause);
      }
    },
    close: async () => {
      stopMaintenance();
      journal.end();
      outbox.close();
      await pglite.close();
    },
  };
};
