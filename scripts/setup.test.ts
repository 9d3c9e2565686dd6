import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;

const write = async (path: string, content: unknown): Promise<void> => {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
};

const writeInstalled = (packages: object): Promise<void> => write("node_modules/.package-lock.json", { packages });

const run = (...args: string[]) => {
  const child = spawn(process.execPath, [join(root, "scripts/setup.mjs"), ...args], {
    env: { ...process.env, npm_execpath: join(root, "npm-cli.js") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, output }));
  return { child, ended, printed: (text: string) => expect.poll(() => output, { timeout: 10_000 }).toContain(text) };
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "natter-setup-"));
  await mkdir(join(root, "scripts"));
  await copyFile(new URL("setup.mjs", import.meta.url), join(root, "scripts/setup.mjs"));
  await write("package-lock.json", {
    packages: {
      "": {},
      "node_modules/zod": { version: "4.0.0" },
      "node_modules/binding-windows": { version: "1.0.0", optional: true },
    },
  });
  await write("npm-cli.js", 'console.log("npm", process.argv.slice(2).join(" "))');
  await write("scripts/build-web.ts", "");
  await write(
    "src/cli/main.ts",
    'const words: string[] = process.argv.slice(2); console.log("main", words.join(" "));',
  );
});

afterEach(() => rm(root, { recursive: true }));

test("a fresh clone installs first, from the lockfile, with the tools", async () => {
  const { code, output } = await run("start").ended;
  expect(output).toMatch(/npm ci --include=dev .*\n.*main start/s);
  expect(code).toBe(0);
});

test("what is installed already is not installed again, also without other platforms' binaries", async () => {
  await writeInstalled({ "node_modules/zod": { version: "4.0.0" } });
  const { output } = await run("start").ended;
  expect(output).toBe("main start\n");
});

test.each([
  ["another version", { "node_modules/zod": { version: "3.0.0" } }],
  ["a missing package", {}],
])("%s is installed anew", async (_what, packages) => {
  await writeInstalled(packages);
  const { output } = await run("start").ended;
  expect(output).toContain("npm ci");
});

test("a failed install ends it before the command, with one clear line", async () => {
  await write("npm-cli.js", "process.exit(5)");
  const { code, output } = await run("start").ended;
  expect(code).toBe(1);
  expect(output).toContain("natter: npm ci failed");
  expect(output).not.toContain("main");
});

test("arguments are passed on, and the command's exit code is its own", async () => {
  await writeInstalled({ "node_modules/zod": { version: "4.0.0" } });
  await write("src/cli/main.ts", 'console.log(process.argv.slice(2).join("|")); process.exit(7);');
  const { code, output } = await run("start", "--port", "80 81").ended;
  expect(output).toBe("start|--port|80 81\n");
  expect(code).toBe(7);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s reaches the command, which ends in its own time",
  async (signal) => {
    await writeInstalled({ "node_modules/zod": { version: "4.0.0" } });
    await write(
      "src/cli/main.ts",
      `process.on("${signal}", () => { console.log("draining"); process.exitCode = 3; clearInterval(timer); });
     const timer = setInterval(() => {}, 1000);
     console.log("ready");`,
    );
    const { child, ended, printed } = run("start");
    await printed("ready");
    child.kill(signal);
    expect(await ended).toEqual({ code: 3, signal: null, output: "ready\ndraining\n" });
  },
);

test("a command ended by a signal ends the same way", async () => {
  await writeInstalled({ "node_modules/zod": { version: "4.0.0" } });
  await write("src/cli/main.ts", 'process.kill(process.pid, "SIGKILL");');
  expect(await run("start").ended).toMatchObject({ code: null, signal: "SIGKILL" });
});

test("an unknown command is named, with the known ones", async () => {
  const { code, output } = await run("serve").ended;
  expect(code).toBe(1);
  expect(output).toMatch(/no command serve.*start, build, web, test, check/);
});

test("the web app is built before the server starts, and a failed build ends it", async () => {
  await writeInstalled({ "node_modules/zod": { version: "4.0.0" } });
  await write("scripts/build-web.ts", 'console.log("built");');
  expect((await run("start").ended).output).toBe("built\nmain start\n");
  await write("scripts/build-web.ts", "process.exitCode = 4;");
  const { code, output } = await run("start").ended;
  expect(code).toBe(1);
  expect(output).toContain("natter: the web app could not be built");
  expect(output).not.toContain("main");
});
