import { gateJson } from "../../foundation/text-gate.ts";
import { artifactPartType } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/chunk.ts";
import { mapPartType } from "../../protocol/map-part.ts";
import { partSchema } from "../../protocol/resources.ts";
import type { FindFile } from "./brought.ts";

const mostBytes = 134_217_728;
const plainTypes = new Set<string>([
  "text",
  "reasoning",
  "step-start",
  "source-document",
  mapPartType,
  artifactPartType,
]);
const ownTypes = new Set(["data-natter-tool-result", "data-natter-guardrail"]);
const endedStates = new Set(["output-available", "output-error", "output-denied"]);

const isWebUrl = (url: unknown): boolean => typeof url === "string" && /^https?:\/\//i.test(url);

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

/** What may stand in a message that nobody here wrote: nothing that waits for anybody, or is somebody else's. */
const cleanPart = (part: Part, findFile: FindFile): Part[] => {
  if (plainTypes.has(part.type) || ownTypes.has(part.type)) return [part];
  if (part.type === "file") {
    const isBrought = typeof part.url === "string" && (/^data:/i.test(part.url) || findFile(part.url) !== null);
    return [isBrought ? part : fileNote(part.filename ?? part.mediaType)];
  }
  if (part.type === "source-url") return isWebUrl(part.url) ? [part] : [];
  if (part.type.startsWith("data-")) return part.type.startsWith("data-natter-") ? [] : [part];
  const isTool = part.type.startsWith("tool-") || part.type === "dynamic-tool";
  return isTool && "state" in part && "toolCallId" in part ? [ended(part)] : [];
};

/** Parts as they may be stored. @throws NatterError `unprocessable`, `too_large` */
export const cleanParts = (parts: readonly Part[], findFile: FindFile): Part[] =>
  parts
    .flatMap((part) => cleanPart(part, findFile))
    .map((part) => partSchema.parse(gateJson(part, { maxBytes: mostBytes })));

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
