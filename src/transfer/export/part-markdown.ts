import { attachmentIdOf } from "../../conversations/files/attachments.ts";
import { artifactParts, type ArtifactReference } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { mapPartType } from "../../protocol/message/map-part.ts";
import { toolResultParts } from "../../protocol/message/tool-result-part.ts";

/** Where what a message names is found; null: nowhere. */
export interface PartLinks {
  file(attachmentId: string): string | null;
  artifact(reference: ArtifactReference): string | null;
}

const mostCharacters = 4_000;

/** A text on one line that Markdown takes as it is. */
export const plainLine = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>#|]/g, "\\$&");

/** A link whose address holds nothing that ends it. */
export const linkTo = (text: string, address: string): string =>
  `[${plainLine(text)}](${encodeURI(address).replaceAll(/[()]/g, (bracket) => (bracket === "(" ? "%28" : "%29"))})`;

/** A text as it is, whatever stands in it. */
export const fenced = (text: string, language = ""): string => {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};

const codeSpan = (text: string): string => `\`${text.replaceAll(/[`\s]+/g, " ")}\``;

const jsonBlock = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters).toWellFormed()}\n…` : text;
  return fenced(cut, typeof value === "string" ? "" : "json");
};

const endOf: Readonly<Record<string, string>> = {
  "output-available": "",
  "output-error": ", failed",
  "output-denied": ", not allowed",
};

const toolText = (part: Part & object): string[] => {
  if (!("state" in part) || !("toolCallId" in part)) return [];
  const name = "toolName" in part ? String(part.toolName) : part.type.replace(/^tool-/, "");
  const input = "input" in part && part.input !== undefined ? [jsonBlock(part.input)] : [];
  const output = "output" in part && part.output !== undefined ? ["Result:", jsonBlock(part.output)] : [];
  const error = "errorText" in part && part.errorText !== undefined ? [jsonBlock(part.errorText)] : [];
  const end = endOf[String(part.state)] ?? ", not ended";
  return [`**Tool** ${codeSpan(name)}${end}`, ...input, ...output, ...error];
};

const placesText = (part: Part): string[] => {
  const names = [...JSON.stringify(part).matchAll(/"(?:name|title|label)":("(?:[^"\\]|\\.)*")/g)];
  const told = names.map(([, name = '""']) => plainLine(String(JSON.parse(name))));
  return [told.length === 0 ? "_A map_" : `_A map of ${told.join(", ")}_`];
};

const fileText = (part: Part & { readonly type: "file" }, links: PartLinks): string => {
  const name = part.filename ?? part.mediaType;
  const id = attachmentIdOf(part.url);
  const link = id === null ? null : links.file(id);
  if (link === null) return `_File: ${plainLine(name)}_`;
  return `${part.mediaType.startsWith("image/") ? "!" : ""}${linkTo(name, link)}`;
};

const artifactText = (part: Part, links: PartLinks): string[] =>
  artifactParts([part]).map((reference) => {
    const name = `${reference.title}, version ${reference.version}`;
    const link = links.artifact(reference);
    return link === null ? `_${plainLine(name)}_` : `**${linkTo(name, link)}**`;
  });

/** What a part says to a person, as paragraphs of Markdown; thoughts are left out. */
export const partMarkdown = (part: Part, links: PartLinks): string[] => {
  switch (part.type) {
    case "text":
      return [part.text];
    case "file":
      return [fileText(part, links)];
    case "source-url":
      return /^https?:/i.test(part.url) ? [linkTo(part.title ?? part.url, part.url)] : [];
    case "source-document":
      return [`_Source: ${plainLine(part.title)}_`];
    case mapPartType:
      return placesText(part);
    default:
      return [
        ...artifactText(part, links),
        ...toolResultParts([part]).flatMap(({ data }) => [
          `**Result of** ${codeSpan(data.tool)}`,
          jsonBlock("data" in data.outcome ? data.outcome.data : data.outcome),
        ]),
        ...(part.type.startsWith("tool-") || part.type === "dynamic-tool" ? toolText(part) : []),
      ];
  }
};
