import { z } from "zod";
import { gateJson } from "../../foundation/text-gate.ts";
import { artifactPartType, artifactParts } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { mapPartType } from "../../protocol/message/map-part.ts";
import { partSchema } from "../../protocol/resources.ts";
import { toolResultParts } from "../../protocol/message/tool-result-part.ts";

const mostBytes = 134_217_728;
const said = z.looseObject({ text: z.string() });

/** What can be told of a part by its type alone; a part of another shape is left out. */
const shapes: Readonly<Record<string, z.ZodType>> = {
  text: said,
  reasoning: said,
  "step-start": z.looseObject({}),
  file: z.looseObject({ url: z.string(), mediaType: z.string(), filename: z.string().optional() }),
  "source-document": z.looseObject({ sourceId: z.string(), mediaType: z.string(), title: z.string() }),
  "source-url": z.looseObject({
    sourceId: z.string(),
    url: z.string().regex(/^https?:\/\//i),
    title: z.string().optional(),
  }),
  [mapPartType]: z.looseObject({ data: z.looseObject({ features: z.array(z.unknown()) }) }),
  [artifactPartType]: z.custom<Part>((part) => artifactParts([partSchema.parse(part)]).length === 1),
  "data-natter-tool-result": z.custom<Part>((part) => toolResultParts([partSchema.parse(part)]).length === 1),
  "data-natter-guardrail": z.looseObject({ data: z.looseObject({}) }),
};
const callShape = z.looseObject({ toolCallId: z.string(), state: z.string(), toolName: z.string().optional() });
const endedStates = new Set(["output-available", "output-error", "output-denied"]);

/** Stands for a file that does not come along. */
export const fileNote = (name: string): Part => ({ type: "text", text: `[file: ${name}]` });

/** A call that waits for nobody any more: whoever could have answered it is not here. */
const ended = (part: Part): Part => {
  if (!("toolCallId" in part) || !("state" in part)) return part;
  if (endedStates.has(String(part.state))) return part;
  const { toolCallId, type } = part;
  const name = "toolName" in part ? { toolName: part.toolName } : {};
  const input = "input" in part ? part.input : null;
  const errorText = "It had not ended when this conversation was exported.";
  return partSchema.parse({ type, ...name, toolCallId, state: "output-error", input: input ?? null, errorText });
};

/** What may stand in a message that nobody here wrote: nothing that waits for anybody; files are looked at later. */
const cleanPart = (part: Part): Part[] => {
  const shape = Object.hasOwn(shapes, part.type) ? shapes[part.type] : undefined;
  if (shape !== undefined) return shape.safeParse(part).success ? [part] : [];
  if (part.type.startsWith("data-")) return part.type.startsWith("data-natter-") ? [] : [part];
  const isTool = part.type.startsWith("tool-") || part.type === "dynamic-tool";
  return isTool && callShape.safeParse(part).success ? [ended(part)] : [];
};

/** Parts as they may be stored. @throws NatterError `unprocessable`, `too_large` */
export const cleanParts = (parts: readonly Part[]): Part[] =>
  parts.flatMap(cleanPart).map((part) => partSchema.parse(gateJson(part, { maxBytes: mostBytes })));

/** The parts with artifacts under their new ids, wherever they are named. */
export const renameArtifacts = (parts: readonly Part[], idOf: ReadonlyMap<string, string>): readonly Part[] => {
  const renamed = [...idOf].filter(([from, to]) => from !== to);
  if (renamed.length === 0) return parts;
  return parts.map((part) => {
    const text = JSON.stringify(part);
    // ids of artifacts are UUIDs: nothing else in a message has this text
    const changed = renamed.reduce((json, [from, to]) => json.replaceAll(from, to), text);
    return changed === text ? part : partSchema.parse(JSON.parse(changed));
  });
};
