import type { ModelInfo } from "../../protocol/agent/model.ts";
import { catalogueRows } from "./catalogue-rows.ts";
import { fileAbilities, fileTypesOf } from "../files/file-types.ts";

/** What the name alone tells. */
const describe = (id: string, name: string): ModelInfo => ({
  id,
  name,
  contextTokens: null,
  maxOutputTokens: null,
  tools: true,
  reasoning: false,
  ...fileAbilities(fileTypesOf(id)),
});

const known: ReadonlyMap<string, ModelInfo> = new Map(
  catalogueRows.map(([id, name, contextTokens, maxOutputTokens, ability]) => [
    id,
    { ...describe(id, name), contextTokens, maxOutputTokens, reasoning: ability === "reasoning" },
  ]),
);

/** Anthropic's models are known elsewhere with a dot in the version. */
const dotted = (id: string): string => id.replace(/-(\d+)-(\d+)$/, "-$1.$2");

const otherNames = (id: string): (readonly [string, string])[] => {
  const name = dotted(id);
  if (!id.startsWith("anthropic/") || name === id) return [];
  return [
    [name, id],
    [name.slice("anthropic/".length), id],
    ...(name.includes("claude-") ? [[name.slice("anthropic/claude-".length), id] as const] : []),
  ];
};

/** Other names of known models, to their canonical ids. */
export const catalogueAliases: Readonly<Record<string, string>> = Object.fromEntries(
  [...known.keys()].flatMap(otherNames),
);

/** What ends the id of a model that is pinned to a day, or of the newest of its kind. */
const version = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/;

/** What is known of a model by its canonical id, pinned to a day or not; of one that the catalogue does not have, nothing but its id. */
export const describeModel = (id: string): ModelInfo => {
  const name = id.slice(id.indexOf("/") + 1);
  const found = known.get(id);
  if (found !== undefined) return found;
  const undated = known.get(id.replace(version, ""));
  return undated === undefined ? describe(id, name) : { ...undated, id, name };
};

/** The known models of a provider, best first. */
export const knownModels = (providerId: string): readonly ModelInfo[] =>
  [...known.values()].filter(({ id }) => id.startsWith(`${providerId}/`));
