import { z } from "zod";

const hooks = ["accept", "completion", "model", "chunk"];

const isMiddleware = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || !("name" in value)) return false;
  const members = new Map(Object.entries(value));
  const areFunctions = hooks.every((hook) => ["undefined", "function"].includes(typeof members.get(hook)));
  return typeof value.name === "string" && value.name !== "" && areFunctions;
};

const namesIn = (list: readonly unknown[]): unknown[] =>
  list.map((each) => (typeof each === "object" && each !== null && "name" in each ? each.name : undefined));

/** A list of middleware, each once: two of a name could not be told apart in logs. */
export const middlewareSchema = z
  .array(z.unknown().refine(isMiddleware, `must be { name, ${hooks.join("?, ")}? } with functions, as log() makes it`))
  .refine(
    (list) => new Set(namesIn(list)).size === list.length,
    "must not hold two of one name; give them other names",
  );
