import { fdatasyncSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { EmscriptenBuiltinFilesystem } from "@electric-sql/pglite/basefs";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import type { DatabaseTemplate } from "./pglite-template.ts";

interface FileStream {
  readonly nfd: number;
}

/** PGlite's files in a folder, where its fsync reaches the disk: PGlite's own NodeFS knows none. */
export class DurableFiles extends NodeFS {
  readonly #onSync: () => void;

  constructor(folder: string, onSync: () => void) {
    super(folder);
    this.#onSync = onSync;
  }

  override async init(...[pglite, options]: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const sync = (stream: FileStream): number => {
      fdatasyncSync(stream.nfd);
      this.#onSync();
      return 0;
    };
    emscriptenOpts.preRun = [
      ...(emscriptenOpts.preRun ?? []),
      (module) => {
        module.NODEFS.stream_ops.fsync = sync;
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
