import { readFileSync, writeFileSync } from "node:fs";

/** The file in which the tool of `fixture/natter.config.ts` writes a line when it starts and one when it ends. */
export interface ToolFile {
  readonly path: string;
  starts(): string[];
  ends(): string[];
}

export const createToolFile = (path: string): ToolFile => {
  writeFileSync(path, "");
  const read = (what: string): string[] =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));
  return { path, starts: () => read("start"), ends: () => read("end") };
};
