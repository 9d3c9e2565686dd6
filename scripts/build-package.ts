import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { shipTemplate } from "../src/drivers/pglite/pglite-template.ts";
import { packageManifest } from "./package-manifest.ts";

const root = join(import.meta.dirname, "..");
const [folder = "dist"] = process.argv.slice(2);
const target = resolve(root, folder);

/** Files that are published as they are, at the place where built code looks for them. */
const copied = ["LICENSE", "README.md", "CHANGELOG.md", "src/store/migrations", "web/dist"];

const run = (...args: string[]): void => {
  try {
    execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  } catch {
    // what is wrong was printed
    process.exit(1);
  }
};

const copy = (path: string): void =>
  cpSync(join(root, path), join(target, path), { recursive: true, filter: (file) => !file.endsWith(".stamp") });

const buildCommand = (): void => {
  const source = readFileSync(join(root, "bin/natter.cjs"), "utf8");
  cpSync(join(root, "bin"), join(target, "bin"), { recursive: true });
  writeFileSync(join(target, "bin/natter.cjs"), source.replace("src/cli/main.ts", "src/cli/main.js"));
};

// the same folders as here, so that every path from file to file holds
rmSync(target, { recursive: true, force: true });
run("scripts/build-web.ts");
run("node_modules/typescript/bin/tsc", "--project", "tsconfig.build.json", "--outDir", target);
for (const path of copied) copy(path);
buildCommand();
await shipTemplate(join(target, "src/drivers/pglite"));
writeFileSync(join(target, "package.json"), `${JSON.stringify(packageManifest(), null, 2)}\n`);
console.log(
  `natter: the package lies in ${relative(root, target)}; npm pack ./${relative(root, target)} makes one file of it`,
);
