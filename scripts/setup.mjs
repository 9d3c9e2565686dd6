// Any Node from 18 on must be able to run this file: it installs what the lockfile says, then goes on with the repository's own Node.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const ownNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

const commands = {
  start: ["src/cli/main.ts", "start"],
  build: ["scripts/build-package.ts"],
  web: ["node_modules/vite/bin/vite.js", "web"],
  test: ["node_modules/vitest/vitest.mjs", "run"],
  check: ["scripts/check.ts"],
  format: ["node_modules/oxfmt/bin/oxfmt"],
  bench: ["bench/main.ts"],
  "bench:long": ["bench/long-conversation.ts"],
  "bench:web": ["bench/web/main.ts"],
  faults: ["tests/faults/main.ts"],
  attacks: ["scripts/attacks.ts"],
  package: ["tests/package/main.ts"],
};

const buildWebApp = ["scripts/build-web.ts"];

// These serve the web app, or look at it; the build ends at once when its sources have not changed.
const needsWebApp = new Set(["start", "test", "attacks"]);

const fail = (message) => {
  console.error(`natter: ${message}`);
  process.exit(1);
};

const readPackages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

// npm records what it installed; packages meant for another platform are optional and may be missing from the record.
const isInstalled = () => {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = readPackages(record);
  return Object.entries(readPackages(join(root, "package-lock.json")))
    .filter(([path]) => path !== "")
    .every(([path, wanted]) => (installed[path] ? installed[path].version === wanted.version : wanted.optional));
};

const signals = ["SIGTERM", "SIGINT", "SIGHUP"];

const run = (program, args, environment) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...environment } });
    // A terminal sends Ctrl-C to the child as well, and a second one would cut its orderly end short.
    const forward = (signal) => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    // An npm that was killed outright passes no signal on; the port and the data folder must not stay taken.
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      child.kill("SIGTERM");
    }, 500);
    child.once("error", (error) => fail(`cannot run ${program}: ${error.message}`));
    child.once("close", (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.removeListener(name, forward);
      resolve({ code, signal });
    });
  });

const exitLike = ({ code, signal }) => {
  if (signal) process.kill(process.pid, signal);
  else process.exit(code);
};

const install = async () => {
  console.error("natter: installing dependencies …");
  const npm = process.env.npm_execpath ?? "";
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const end = await (basename(npm) === "npm-cli.js" ? run(process.execPath, [npm, ...args]) : run("npm", args));
  if (end.signal) exitLike(end);
  else if (end.code !== 0) fail("npm ci failed; what it printed is above");
};

const [name, ...extra] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`there is no command ${name}; there are ${Object.keys(commands).join(", ")}`);
if (!isInstalled()) await install();

const node = existsSync(ownNode) ? ownNode : process.execPath;
const environment = { PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter) };
if (needsWebApp.has(name)) {
  const built = await run(node, buildWebApp, environment);
  if (built.signal) exitLike(built);
  else if (built.code !== 0) fail("the web app could not be built; what is wrong stands above");
}
exitLike(await run(node, [...command, ...extra], environment));
