import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The full path of the first of `names` that is executable in `folders` or, after them, on PATH; null if none is. */
export const findProgram = (names: readonly string[], folders: readonly string[] = []): string | null => {
  const searched = [...folders, ...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean)];
  const candidates = names.flatMap((name) => searched.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
};

const debianFolder = "/usr/lib/postgresql";

const newestFirst = (left: string, right: string): number => Number(right) - Number(left);

/** Debian keeps PostgreSQL's server programs off PATH, one folder a major version; the newest that is whole is taken. */
export const findPostgresFolder = (): string | null => {
  const versions = (() => {
    try {
      return readdirSync(debianFolder).toSorted(newestFirst);
    } catch {
      return [];
    }
  })();
  const folders = [
    ...versions.map((version) => join(debianFolder, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean),
  ];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => isExecutable(join(folder, name)))) ?? null;
};

export const findRedis = (): string | null => findProgram(["redis-server", "valkey-server"]);

export const findChromium = (): string | null =>
  findProgram(["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]);
