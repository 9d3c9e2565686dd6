import { PGlite } from "@electric-sql/pglite";
import { EmscriptenBuiltinFilesystem } from "@electric-sql/pglite/basefs";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import type { SyncJournal } from "./pglite-journal.ts";
import type { DatabaseTemplate } from "./pglite-template.ts";

interface FileStream {
  readonly nfd: number;
  readonly path: string;
}

type Operations = Record<string, (stream: FileStream, ...parameters: unknown[]) => unknown>;

const logSegment = /\/pg_wal\/[0-9A-F]{24}$/;

// They change a folder, or a file other than the log: none of it may outlive a crash that the log before it does not.
const guardedNodeOperations = ["setattr", "mknod", "rename", "unlink", "rmdir", "symlink"];

const guard = (operations: Operations, name: string, before: (stream: FileStream) => void): void => {
  const operation = operations[name];
  if (!operation) return;
  operations[name] = (stream, ...parameters) => {
    before(stream);
    return operation(stream, ...parameters);
  };
};

const connect = (node: Operations, stream: Operations, journal: SyncJournal): void => {
  for (const name of guardedNodeOperations) guard(node, name, () => journal.settle());
  guard(stream, "setattr", () => journal.settle());
  guard(stream, "close", ({ path }) => {
    if (logSegment.test(path)) journal.settle();
  });
  guard(stream, "write", ({ path }) => {
    if (!logSegment.test(path)) journal.settle();
  });
};

/** PGlite's files in a folder, where its fsync reaches the disk: PGlite's own NodeFS knows none. */
export class DurableFiles extends NodeFS {
  readonly #journal: SyncJournal;

  constructor(folder: string, journal: SyncJournal) {
    super(folder);
    this.#journal = journal;
  }

  override async init(...[pglite, options]: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const journal = this.#journal;
    const fsync = ({ nfd, path }: FileStream): number => {
      if (logSegment.test(path)) journal.defer(nfd);
      else journal.sync(nfd);
      return 0;
    };
    emscriptenOpts.preRun = [
      ...(emscriptenOpts.preRun ?? []),
      ({ NODEFS }) => {
        connect(NODEFS.node_ops, NODEFS.stream_ops, journal);
        NODEFS.stream_ops.fsync = fsync;
      },
    ];
    return { emscriptenOpts };
  }
}

/** PGlite's files in memory, beginning as a copy of a template. */
export class MemoryFiles extends EmscriptenBuiltinFilesystem {
  readonly #template: DatabaseTemplate;

  constructor(template: DatabaseTemplate) {
    super();
    this.#template = template;
  }

  override async initialSyncFs(): Promise<void> {
    const files = this.pg?.Module.FS;
    if (!files) return;
    const root = PGlite.paths.PGDATA;
    files.mkdirTree(root, 0o700);
    for (const folder of this.#template.folders) files.mkdir(`${root}/${folder}`, 0o700);
    for (const [name, content] of Object.entries(this.#template.files)) files.writeFile(`${root}/${name}`, content);
  }
}
