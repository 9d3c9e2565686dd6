import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Of `package.json`, what decides what an image holds. Runs before anything is installed. */
interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const read = (): Package => JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"));

const { dependencies, devDependencies, peerDependencies } = read();

// who installs the package chooses among its optional peers; an image has them all, as they were tested
const peers = Object.fromEntries(
  Object.entries(peerDependencies).map(([name, range]) => [name, devDependencies[name] ?? range]),
);

console.log(JSON.stringify({ private: true, type: "module", dependencies: { ...dependencies, ...peers } }));
