import { execFile } from "node:child_process";
import { join } from "node:path";

const folders = ["src", "web", "tests", "scripts", "bench", "examples", "vitest.config.ts"];

const checks: Readonly<Record<string, readonly string[]>> = {
  format: ["node_modules/oxfmt/bin/oxfmt", "--check"],
  lint: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--report-unused-disable-directives", ...folders, "bin"],
  types: ["node_modules/typescript/bin/tsc", "--project", "."],
  "types of the web app": ["node_modules/typescript/bin/tsc", "--project", "web"],
  boundaries: ["scripts/check-boundaries.ts"],
  "dead code": ["node_modules/knip/bin/knip.js", "--no-progress"],
};

const root = join(import.meta.dirname, "..");

const check = (name: string, args: readonly string[]): Promise<boolean> => {
  const start = performance.now();
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 16_777_216 }, (error, stdout, stderr) => {
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      console.log(`${error ? "✗" : "✓"} ${name} (${seconds} s)`);
      if (error) console.log([stdout, stderr].filter(Boolean).join("\n"));
      resolve(error === null);
    });
  });
};

const passed = await Promise.all(Object.entries(checks).map(([name, args]) => check(name, args)));
process.exitCode = passed.every(Boolean) ? 0 : 1;
