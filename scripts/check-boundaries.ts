import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseSync, Visitor, type VisitorObject } from "oxc-parser";
import { environmentReaders, mayImport, packagesOf } from "./rooms.ts";

interface Import {
  readonly from: string | null;
  readonly typeOnly: boolean;
  readonly offset: number;
}

interface Facts {
  readonly imports: readonly Import[];
  readonly environmentReads: readonly number[];
}

type MemberExpression = Parameters<NonNullable<VisitorObject["MemberExpression"]>>[0];
type Node = MemberExpression["object"] | MemberExpression["property"];

const isNamed = (node: Node, name: string): boolean =>
  (node.type === "Identifier" && node.name === name) || (node.type === "Literal" && node.value === name);

const isProcess = (node: Node): boolean =>
  node.type === "MemberExpression" ? isNamed(node.property, "process") : isNamed(node, "process");

const readFacts = (file: string, source: string): Facts => {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`src/${file}: ${errors[0].message}`);
  const imports: Import[] = [];
  const environmentReads: number[] = [];
  new Visitor({
    ImportDeclaration({ source: from, importKind, specifiers, start }) {
      const typeOnly =
        importKind === "type" ||
        (specifiers.length > 0 &&
          specifiers.every((name) => name.type === "ImportSpecifier" && name.importKind === "type"));
      imports.push({ from: from.value, typeOnly, offset: start });
      const named = specifiers.flatMap((name) => (name.type === "ImportSpecifier" ? [name.imported] : []));
      if (/^(node:)?process$/.test(from.value) && named.some((name) => isNamed(name, "env"))) {
        environmentReads.push(start);
      }
    },
    ExportNamedDeclaration({ source: from, exportKind, start }) {
      if (from) imports.push({ from: from.value, typeOnly: exportKind === "type", offset: start });
    },
    ExportAllDeclaration({ source: from, exportKind, start }) {
      imports.push({ from: from.value, typeOnly: exportKind === "type", offset: start });
    },
    ImportExpression({ source: from, start }) {
      const literal = from.type === "Literal" && typeof from.value === "string" ? from.value : null;
      imports.push({ from: literal, typeOnly: false, offset: start });
    },
    TSImportType({ source: from, start }) {
      imports.push({ from: from.value, typeOnly: true, offset: start });
    },
    MemberExpression({ object, property, start }) {
      if (isNamed(property, "env") && isProcess(object)) environmentReads.push(start);
    },
    VariableDeclarator({ id, init, start }) {
      const properties = id.type === "ObjectPattern" ? id.properties : [];
      const takesEnvironment = properties.some((entry) => entry.type === "Property" && isNamed(entry.key, "env"));
      if (takesEnvironment && init && isProcess(init)) environmentReads.push(start);
    },
  }).visit(program);
  return { imports, environmentReads };
};

const isWithin = (path: string, place: string): boolean => path.startsWith(`${place}/`) || path.startsWith(`${place}.`);

const ruleFor = (path: string): string | undefined =>
  Object.keys(mayImport)
    .filter((place) => isWithin(path, place))
    .toSorted((left, right) => right.length - left.length)[0];

const roomOf = (path: string): string => path.split("/")[0] ?? path;

const complaintAbout = (path: string, { from, typeOnly }: Import): string | null => {
  const room = roomOf(path);
  const rule = ruleFor(path);
  const allowed = rule === undefined ? undefined : mayImport[rule];
  if (allowed === undefined) return `the room ${room} has no line in scripts/rooms.ts`;
  if (allowed === "*") return null;
  if (from === null) return "imports a computed path, which cannot be checked";
  if (!from.startsWith(".")) {
    const packages = packagesOf[room];
    const name = from.split("/", from.startsWith("@") ? 2 : 1).join("/");
    const permission = packages?.[name];
    if (!packages || permission === "value" || (permission === "type" && typeOnly)) return null;
    return `${room} may not import ${permission === "type" ? `values of ${name}` : name}`;
  }
  const target = normalize(join(dirname(path), from));
  if (target.startsWith("..") || !target.includes("/")) return `${room} may not import ${from}, outside every room`;
  const targetRoom = roomOf(target);
  if (targetRoom === room || allowed.split(" ").some((place) => isWithin(target, place))) return null;
  return `${rule} may not import ${targetRoom} (${from})`;
};

const isTest = (path: string): boolean => path.endsWith(".test.ts") || path.endsWith(".test.tsx");
const isComposition = (path: string): boolean => !path.includes("/");
const lineAt = (source: string, offset: number): number => source.slice(0, offset).split("\n").length;

/** What breaks the table of rooms in one file; `path` is relative to `src/`. One line each: file, line, complaint. */
export const findViolations = (path: string, source: string): string[] => {
  if (isTest(path)) return [];
  const { imports, environmentReads } = readFacts(path, source);
  const complaints = imports.map((entry) => ({
    offset: entry.offset,
    complaint: isComposition(path) ? null : complaintAbout(path, entry),
  }));
  const reads = environmentReads.map((offset) => ({
    offset,
    complaint: environmentReaders.includes(roomOf(path)) ? null : "reads process.env, which only config may",
  }));
  return [...complaints, ...reads].flatMap(({ offset, complaint }) =>
    complaint === null ? [] : [`src/${path}:${lineAt(source, offset)} ${complaint}`],
  );
};

/** Checks every source file under `folder`. Throws when it finds none: a check of nothing must not pass. */
export const checkBoundaries = (folder: string): { inspected: number; violations: readonly string[] } => {
  const paths = globSync("**/*.{ts,tsx}", { cwd: folder });
  if (paths.length === 0) throw new Error(`${folder} holds no source file, so nothing was checked`);
  const violations = paths.flatMap((path) => findViolations(path, readFileSync(join(folder, path), "utf8")));
  return { inspected: paths.length, violations };
};

if (import.meta.main) {
  const { inspected, violations } = checkBoundaries(join(import.meta.dirname, "..", "src"));
  for (const violation of violations) console.error(violation);
  console.log(`${inspected} files inspected, ${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
