import type { ArtifactReference, Part } from "natter/client";
import { artifactOf, isWriting, shownArtifacts, writtenBy } from "../../artifacts/card/artifact-parts.ts";

export type TextPart = Extract<Part, { type: "text" }>;
export type ReasoningPart = Extract<Part, { type: "reasoning" }>;
export type ToolPart = Extract<Part, { type: `tool-${string}` }> | Extract<Part, { type: "dynamic-tool" }>;
export type FilePart = Extract<Part, { type: "file" }>;
export type SourcePart = Extract<Part, { type: "source-url" | "source-document" }>;
export type DataPart = Extract<Part, { type: `data-${string}` }>;

/** A call that waits for a person to allow it. */
export type AskedPart = Extract<ToolPart, { state: "approval-requested" }>;

/** What is shown as one thing. */
export type PartGroup = { readonly key: string } & (
  | { readonly kind: "text"; readonly part: TextPart }
  | { readonly kind: "reasoning"; readonly parts: readonly ReasoningPart[] }
  | { readonly kind: "tools"; readonly parts: readonly ToolPart[] }
  | { readonly kind: "approval"; readonly part: AskedPart }
  | { readonly kind: "form"; readonly part: ToolPart }
  | { readonly kind: "files"; readonly parts: readonly FilePart[] }
  | { readonly kind: "sources"; readonly parts: readonly SourcePart[] }
  | { readonly kind: "result"; readonly part: DataPart }
  | { readonly kind: "map"; readonly part: DataPart }
  | { readonly kind: "artifact"; readonly artifact: ArtifactReference }
  | { readonly kind: "writing"; readonly part: ToolPart }
  | { readonly kind: "data"; readonly part: DataPart }
);

/** Whether a part is a call of a tool. */
export const isTool = (part: Part): part is ToolPart => part.type === "dynamic-tool" || part.type.startsWith("tool-");
const isSource = (part: Part): part is SourcePart => part.type === "source-url" || part.type === "source-document";
const isData = (part: Part): part is DataPart => part.type.startsWith("data-");
/** Natter's own facts, for programs. */
const isInternal = (part: Part): boolean => part.type.startsWith("data-natter-");

const isBegun = ({ state }: ToolPart): boolean => state === "input-streaming" || state === "input-available";

const toolGroup = (part: ToolPart, key: string, isForm: (part: ToolPart) => boolean): PartGroup => {
  if (part.state === "approval-requested") return { kind: "approval", key, part };
  if (isForm(part)) return { kind: "form", key, part };
  return isWriting(part) && isBegun(part) ? { kind: "writing", key, part } : { kind: "tools", key, parts: [part] };
};

const groupOf = (part: Part, key: string, isForm: (part: ToolPart) => boolean): PartGroup | null => {
  if (part.type === "text") return part.text === "" ? null : { kind: "text", key, part };
  if (part.type === "reasoning") return part.text === "" ? null : { kind: "reasoning", key, parts: [part] };
  if (part.type === "file") return { kind: "files", key, parts: [part] };
  if (isTool(part)) return toolGroup(part, key, isForm);
  const artifact = artifactOf(part);
  if (artifact !== null) return { kind: "artifact", key, artifact };
  if (isData(part) && part.type === "data-natter-tool-result") return { kind: "result", key, part };
  if (isData(part) && part.type === "data-natter-map") return { kind: "map", key, part };
  if (isData(part)) return isInternal(part) ? null : { kind: "data", key, part };
  return null;
};

/** The two as one, if they are of a kind that is shown together. */
const joined = (left: PartGroup | undefined, right: PartGroup): PartGroup | null => {
  if (left?.kind === "reasoning" && right.kind === "reasoning")
    return { ...left, parts: [...left.parts, ...right.parts] };
  if (left?.kind === "tools" && right.kind === "tools") return { ...left, parts: [...left.parts, ...right.parts] };
  if (left?.kind === "files" && right.kind === "files") return { ...left, parts: [...left.parts, ...right.parts] };
  return null;
};

const noForms = (): boolean => false;

/**
 * The parts of a message as they are shown: neighbours of a kind together, sources at the end, steps not at all. `isForm`
 * tells of a call whether the person is to answer it.
 */
export const groupParts = (
  parts: readonly Part[],
  isForm: (part: ToolPart) => boolean = noForms,
): readonly PartGroup[] => {
  const groups: PartGroup[] = [];
  const shown = shownArtifacts(parts);
  for (const [index, part] of parts.entries()) {
    // its card says it already
    if (shown.has(writtenBy(part) ?? "")) continue;
    const group = groupOf(part, `${index}`, isForm);
    if (group === null) continue;
    const both = joined(groups.at(-1), group);
    if (both === null) groups.push(group);
    else groups[groups.length - 1] = both;
  }
  const sources = parts.filter(isSource);
  return sources.length === 0 ? groups : [...groups, { kind: "sources", key: "sources", parts: sources }];
};

/** Everything that was said, without reasoning and tools. */
export const textOf = (parts: readonly Part[]): string =>
  parts
    .flatMap((part) => (part.type === "text" && part.text !== "" ? [part.text] : []))
    .join("\n\n")
    .trim();
