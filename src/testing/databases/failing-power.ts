import { closeSync, cpSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { DurableFiles } from "../../drivers/pglite/pglite-files.ts";
import type { SyncJournal } from "../../drivers/pglite/pglite-journal.ts";

interface UnsyncedWrite {
  readonly file: string;
  readonly at: number;
  readonly before: Buffer;
  readonly sizeBefore: number;
}

interface Stream {
  readonly nfd: number;
  readonly path: string;
}

type StreamWrite = (
  ...parameters: [stream: Stream, buffer: Uint8Array, offset: number, length: number, position: number]
) => number;

const root = "/pglite/data/";
const isLog = (file: string): boolean => file.startsWith("pg_wal/");

const undo = (folder: string, { file, at, before, sizeBefore }: UnsyncedWrite): void => {
  // PostgreSQL renames or removes some before it would need them again.
  if (!existsSync(join(folder, file))) return;
  const descriptor = openSync(join(folder, file), "r+");
  if (before.length > 0) writeSync(descriptor, before, 0, before.length, at);
  ftruncateSync(descriptor, Math.max(sizeBefore, at + before.length));
  closeSync(descriptor);
};

/** A disk that forgets, at a power cut, what was written to it and never synced. */
export class FailingPower extends DurableFiles {
  readonly #folder: string;
  readonly #journal: SyncJournal;
  readonly #fileOf = new Map<number, string>();
  #unsynced: UnsyncedWrite[] = [];

  /** Writes to files other than the log while a sync of the log was put off. */
  hurried = 0;
  /** Those of them that reached the file before the log did. */
  overtaking = 0;
  /** Called after each write to a file: a moment at which the power may fail. */
  onWrite: () => void = () => {};

  constructor(folder: string, journal: SyncJournal) {
    super(folder, journal);
    this.#folder = folder;
    this.#journal = journal;
  }

  /** What the journal reports: from now on a power cut spares this file's writes. */
  synced(descriptor: number): void {
    const file = this.#fileOf.get(descriptor);
    this.#unsynced = this.#unsynced.filter((write) => write.file !== file);
  }

  override async init(pglite: PGlite, options: Parameters<DurableFiles["init"]>[1]) {
    const initialised = await super.init(pglite, options);
    initialised.emscriptenOpts.preRun?.push(({ NODEFS }) => {
      const write: StreamWrite = NODEFS.stream_ops.write;
      NODEFS.stream_ops.write = (...parameters: Parameters<StreamWrite>) => {
        const [{ nfd, path }, , , length, position] = parameters;
        const file = path.slice(root.length);
        this.#fileOf.set(nfd, file);
        const remembered = this.#remember(file, position, length);
        const isHurried = !isLog(file) && this.#journal.isPending();
        const written = write(...parameters);
        if (isHurried) this.hurried += 1;
        if (isHurried && this.#journal.isPending()) this.overtaking += 1;
        this.#unsynced.push(remembered);
        this.onWrite();
        return written;
      };
    });
    return initialised;
  }

  #remember(file: string, at: number, length: number): UnsyncedWrite {
    const descriptor = openSync(join(this.#folder, file), "r");
    const before = Buffer.alloc(length);
    const read = readSync(descriptor, before, 0, length, at);
    const sizeBefore = fstatSync(descriptor).size;
    closeSync(descriptor);
    return { file, at, before: before.subarray(0, read), sizeBefore };
  }

  /**
   * Copies the folder as a disk would hold it after a power cut at this moment. Of what was not synced it keeps a random
   * beginning of the log, and of other files each page or not; or else, the worst, no log and all pages.
   */
  cut(copy: string, random: () => number): void {
    cpSync(this.#folder, copy, { recursive: true });
    const isWorst = random() < 0.5;
    const logged = this.#unsynced.filter(({ file }) => isLog(file));
    const lost = new Set([
      ...logged.slice(isWorst ? 0 : Math.floor(random() * (logged.length + 1))),
      ...this.#unsynced.filter(({ file }) => !isLog(file) && !isWorst && random() < 0.5),
    ]);
    for (const write of this.#unsynced.toReversed()) if (lost.has(write)) undo(copy, write);
  }
}
