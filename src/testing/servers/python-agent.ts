import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, readFile, rm, stat } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";
import { findFreePort } from "./private-server.ts";
import { until } from "../spine.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");
const exampleFolder = join(root, "examples/pydantic-ai");
const requirements = join(exampleFolder, "requirements.txt");
const lockSeconds = 240;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** One test file at a time makes what all of them use; a lock that its owner left is taken over. */
const withLock = async <Result>(path: string, work: () => Promise<Result>): Promise<Result> => {
  for (;;) {
    const isTaken = await mkdir(path).then(
      () => false,
      () => true,
    );
    if (!isTaken) break;
    const made = await stat(path).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > lockSeconds * 1_000)
      await rm(path, { recursive: true, force: true });
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
};

const makeEnvironment = async (python: string): Promise<string> => {
  const version = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const folder = join(root, "node_modules/.cache/natter", `pydantic-ai-${version}`);
  const done = join(folder, "natter-done");
  await mkdir(join(folder, ".."), { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (await exists(done)) return folder;
    await rm(folder, { recursive: true, force: true });
    await run(python, ["-m", "venv", folder], { timeout: 120_000 });
    await run(join(folder, "bin/python"), ["-m", "pip", "install", "--quiet", "-r", requirements], {
      timeout: 200_000,
    });
    await mkdir(done);
    return folder;
  });
};

/**
 * A Python with PydanticAI, made once in the cache of `node_modules`. Null, and a line that says so, where there is no
 * Python or no package index; that is an error with `NATTER_TEST_REQUIRE=all`.
 */
export const preparePydanticAi = async (): Promise<string | null> => {
  const python = findProgram(["python3"]);
  try {
    if (python === null) throw new Error("there is no python3");
    return await makeEnvironment(python);
  } catch (cause) {
    const why = `the tests that need PydanticAI (python3 with venv, and PyPI)`;
    if (process.env["NATTER_TEST_REQUIRE"] === "all")
      throw new Error(`NATTER_TEST_REQUIRE=all, but ${why} can't run`, { cause });
    console.log(`skipped: ${why}, which can't be had here: ${String(cause).split("\n")[0] ?? ""}`);
    return null;
  }
};

export interface PythonAgent {
  readonly url: string;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Serves the PydanticAI agent of `examples/pydantic-ai` on a free port. */
export const startPythonAgent = async (environment: string): Promise<PythonAgent> => {
  const port = await findFreePort();
  const child = spawn(
    join(environment, "bin/python"),
    ["-m", "uvicorn", "agent:app", "--port", String(port), "--log-level", "warning"],
    {
      cwd: exampleFolder,
      stdio: ["ignore", "ignore", "inherit"],
      env: { PATH: process.env["PATH"], PYTHONDONTWRITEBYTECODE: "1" },
    },
  );
  const url = `http://127.0.0.1:${port}/`;
  await until(
    () =>
      fetch(url).then(
        ({ status }) => status === 405,
        () => false,
      ),
    60,
  );
  return {
    url,
    async kill() {
      const ended = child.exitCode === null ? once(child, "exit") : null;
      child.kill("SIGKILL");
      await ended;
    },
  };
};
