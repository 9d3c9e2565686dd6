import { hash } from "node:crypto";

const longest = 64;
const hashLength = 8;

const shortHash = (text: string): string => hash("sha256", text).slice(0, hashLength);

/** What a server's tools are called before clashes are resolved: providers take `[A-Za-z0-9_-]{1,64}`. */
const plainName = (server: string, tool: string): string => `${server}__${tool.replaceAll(/[^A-Za-z0-9_-]/g, "_")}`;

const withHash = (name: string, text: string): string =>
  `${name.slice(0, longest - hashLength - 1)}_${shortHash(text)}`;

/**
 * The names that models call a server's tools by, as `tasks__add_task`, in the order given. A name that would be too
 * long, or that another tool has too, ends in a hash of what the server calls it: the same each time, whatever else the
 * server lists. Servers' names hold no `__` and do not end in `_`, so two servers' tools never clash.
 */
export const modelNames = (server: string, tools: readonly string[]): string[] => {
  const plain = tools.map((tool) => plainName(server, tool));
  return plain.map((name, index) => {
    const tool = tools[index] ?? "";
    const isUnchanged = name === `${server}__${tool}`;
    const isShared = plain.filter((other) => other === name).length > 1;
    return name.length > longest || (isShared && !isUnchanged) ? withHash(name, tool) : name;
  });
};

/**
 * The name of a tool that is not what it was: an approval that a person gave for the tool they saw, for one call or for
 * all of a conversation, is for another name.
 */
export const changedName = (name: string, fingerprint: string): string => withHash(name, fingerprint);
