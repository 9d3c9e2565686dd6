import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { deserialize, serialize } from "node:v8";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { NatterError } from "../../foundation/errors.ts";

/** The files of a new, empty database that was shut down: what `initdb` takes seconds to make. */
export interface DatabaseTemplate {
  /** Parents before their children. */
  readonly folders: readonly string[];
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const compression = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

const pgliteFolder = dirname(dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite")));

const readVersion = async (): Promise<string> => {
  const { version }: { version: string } = JSON.parse(await readFile(join(pgliteFolder, "package.json"), "utf8"));
  return version;
};

const nameTemplate = async (): Promise<string> => `pglite-${await readVersion()}.template`;

/** Where a template lies: in the published package beside this file, else cached in the nearest `node_modules`. */
const locateTemplate = async (): Promise<string> => {
  const name = await nameTemplate();
  const shipped = fileURLToPath(new URL(name, import.meta.url));
  if (existsSync(shipped)) return shipped;
  const modules = pgliteFolder.slice(0, pgliteFolder.indexOf("node_modules") + "node_modules".length);
  return join(modules, ".cache", "natter", name);
};

const initialise = async (folder: string): Promise<void> => {
  const pglite = await PGlite.create(folder);
  // Half of the files belong to databases that nobody connects to.
  await pglite.exec("update pg_database set datistemplate = false");
  for (const database of ["template0", "template1"]) await pglite.exec(`drop database ${database}`);
  await pglite.exec("vacuum freeze");
  await pglite.close();
};

const readFolder = async (folder: string): Promise<DatabaseTemplate> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const nameOf = (entry: (typeof entries)[number]): string => relative(folder, join(entry.parentPath, entry.name));
  const files = entries.filter((entry) => entry.isFile()).map(nameOf);
  return {
    folders: entries
      .filter((entry) => entry.isDirectory())
      .map(nameOf)
      .toSorted(),
    files: Object.fromEntries(
      await Promise.all(files.map(async (name) => [name, await readFile(join(folder, name))] as const)),
    ),
  };
};

const buildTemplate = async (): Promise<DatabaseTemplate> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-template-"));
  try {
    await initialise(folder);
    return await readFolder(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const store = async (file: string, template: DatabaseTemplate): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(partial, await compress(serialize(template), compression));
  await rename(partial, file);
};

const isReadOnly = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["EACCES", "EPERM", "EROFS"].includes(String(error.code));

const load = async (file: string): Promise<DatabaseTemplate> => {
  try {
    return deserialize(await decompress(await readFile(file)));
  } catch (cause) {
    throw new NatterError("unavailable", `The database template ${file} is damaged; delete it`, { cause });
  }
};

/**
 * The template that `given` names, else the empty one, which is built by `initdb` when this machine has none yet and
 * kept where `node_modules` may be written to.
 */
export const loadTemplate = async (given: string | null = null): Promise<DatabaseTemplate> => {
  if (given !== null) return load(given);
  const file = await locateTemplate();
  if (existsSync(file)) return load(file);
  const template = await buildTemplate();
  await store(file, template).catch((error: unknown) => {
    if (!isReadOnly(error)) throw error;
  });
  return template;
};

/** Writes the template into the folder of a built package, where `loadTemplate` finds it. */
export const shipTemplate = async (folder: string): Promise<void> =>
  store(join(folder, await nameTemplate()), await loadTemplate());

/** Makes a template of a database that was closed; the folder is the one that was opened. */
export const packTemplate = async (directory: string, file: string): Promise<void> =>
  store(file, await readFolder(join(directory, "database")));

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  await handle.sync();
  await handle.close();
};

/** Writes the template to a new folder. Either all of it is on the disk under that name, or nothing. */
export const unpackTemplate = async (template: DatabaseTemplate, folder: string): Promise<void> => {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  for (const name of template.folders) await mkdir(join(partial, name), { mode: 0o700 });
  await Promise.all(
    Object.entries(template.files).map(([name, content]) =>
      writeFile(join(partial, name), content, { mode: 0o600, flush: true }),
    ),
  );
  for (const name of ["", ...template.folders]) await syncFolder(join(partial, name));
  await rename(partial, folder);
  await syncFolder(dirname(folder));
};
