import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");
const execute = promisify(execFile);

/** A project of somebody else that has the package installed. */
export interface Consumer {
  readonly folder: string;
  /** Runs a program in it; resolves with what it printed, rejects with that if it failed. */
  run(program: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

const runIn = async (folder: string, program: string, args: readonly string[]): Promise<string> => {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_update_notifier: "false" };
  try {
    const { stdout, stderr } = await execute(program, args, { cwd: folder, env, maxBuffer: 16_777_216 });
    return `${stdout}${stderr}`;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`, { cause });
  }
};

/** Builds the package into a folder and packs it; resolves with the path of the file. */
export const pack = async (folder: string): Promise<string> => {
  const built = join(folder, "built");
  await runIn(root, process.execPath, ["scripts/build-package.ts", built]);
  const [name = ""] = (await runIn(built, "npm", ["pack", "--silent", "--pack-destination", folder])).split("\n");
  return join(folder, name);
};

const createConsumer = async (install: (folder: string) => Promise<unknown>): Promise<Consumer> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-consumer-"));
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  for (const kind of ["registered", "unregistered"])
    await cp(join(root, "tests/types", kind, "application.ts"), join(folder, `${kind}.ts`));
  await install(folder);
  return {
    folder,
    run: (program, ...args) => runIn(folder, program, args),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** With the package's own dependencies and no other: those of this repository, by links. */
export const linkPackage = (file: string): Promise<Consumer> =>
  createConsumer(async (folder) => {
    const modules = join(folder, "node_modules");
    await mkdir(join(modules, "natter"), { recursive: true });
    await runIn(folder, "tar", ["-xzf", file, "-C", join(modules, "natter"), "--strip-components=1"]);
    const manifest: Manifest = JSON.parse(await readFile(join(modules, "natter/package.json"), "utf8"));
    for (const name of [...Object.keys(manifest.dependencies), "@types/node"]) {
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(root, "node_modules", name), join(modules, name));
    }
  });

/** As anybody installs it, from the registry. */
export const installPackage = (file: string): Promise<Consumer> =>
  createConsumer((folder) =>
    runIn(folder, "npm", ["install", file, "@types/node@24", "--prefer-offline", "--no-audit", "--no-fund"]),
  );

const compiler = join(root, "node_modules/typescript/bin/tsc");
const compilerOptions = ["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--types", "node"];
const libraries = ["--target", "es2024", "--lib", "es2024,dom,dom.asynciterable"];

const resolutions = { nodenext: "nodenext", bundler: "esnext" } as const;

/** Rejects with what the compiler finds wrong in an application, whose mistakes have to be found, on the package's types. */
export const compile = (
  { run }: Consumer,
  resolution: keyof typeof resolutions,
  application: "registered" | "unregistered",
): Promise<string> =>
  run(
    process.execPath,
    compiler,
    ...compilerOptions,
    ...libraries,
    "--moduleResolution",
    resolution,
    "--module",
    resolutions[resolution],
    `${application}.ts`,
  );

const counting = (entry: string): string => `
  import { registerHooks } from "node:module";
  const packages = new Set();
  registerHooks({ resolve(name, context, next) {
    const found = next(name, context);
    const place = found.url.split("/node_modules/");
    if (place.length > 1) packages.add(place.at(-1).split("/").slice(0, place.at(-1).startsWith("@") ? 2 : 1).join("/"));
    return found;
  } });
  const exported = await import(${JSON.stringify(entry)});
  console.log(JSON.stringify({ names: Object.keys(exported), packages: [...packages].toSorted() }));`;

/** What an entry of the package exports, and the packages that are loaded for it. */
export const importOf = async (
  { run }: Consumer,
  entry: string,
): Promise<{ readonly names: readonly string[]; readonly packages: readonly string[] }> =>
  JSON.parse(await run(process.execPath, "--input-type=module", "--eval", counting(entry)));
