import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const root = join(import.meta.dirname, "..");
const extensions = /[^/]\.(tsx?|md|sql|css|mjs|cjs|json|ya?ml|py)$/;
const folders = /^(src|web|tests|docs|scripts|bench|examples|bin|deploy)\//;
/** What a document speaks of that is no file of ours: what people have, what there must not be. */
const notOurs = new Set(["conversations.json", "types.ts", "index.ts", "foo/bar.ts"]);

/** Where a path may begin, besides the root and the document's own folder. */
const beginnings = ["", "src", "web/src", "web", "src/testing"];

const listFiles = (): readonly string[] =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter(Boolean);

const foldersOf = (file: string): readonly string[] => {
  const folder = dirname(file);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
};

const linksOf = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].flatMap(([, link = ""]) => (/^[a-z]+:/.test(link) ? [] : [link]));

const pathsOf = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`\s{}*]+)`/g)]
    .map(([, path = ""]) => path.replace(/\/$/, ""))
    .filter((path) => (extensions.test(path) || folders.test(path)) && !/^(\/|~|@|\.natter|https?:)/.test(path))
    .filter((path) => !notOurs.has(path));

/** Every file or folder that a document names and that is not there, as `document: path`. */
export const findMissingPaths = (): readonly string[] => {
  const files = listFiles();
  const known = new Set([...files, ...files.flatMap(foldersOf)]);
  const names = new Set(files.map((file) => file.slice(file.lastIndexOf("/") + 1)));
  const isThere = (document: string, path: string): boolean =>
    [...beginnings, dirname(document)].some((beginning) => known.has(normalize(join(beginning, path)))) ||
    (!path.includes("/") && names.has(path));
  return files
    .filter((file) => file.endsWith(".md"))
    .flatMap((document) => {
      const text = readFileSync(join(root, document), "utf8").replaceAll(/```.*?```/gs, "");
      return [...linksOf(text), ...pathsOf(text)]
        .filter((path) => !isThere(document, path))
        .map((path) => `${document}: ${path}`);
    });
};
