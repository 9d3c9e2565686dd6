import type { ModelMessage } from "../../protocol/agent/model.ts";

/** What a model reads of a content: so much text, and so many files, whose bytes are no text. */
export interface Measured {
  readonly text: string;
  readonly files: number;
}

const shortest = 1_000;

/** Whether a text is a file in base64, by itself or as a `data:` URL. */
const isEncoded = (text: string): boolean =>
  text.length >= shortest &&
  (/^data:[^,]{0,200};base64,/i.test(text.slice(0, 300)) || /^[A-Za-z0-9+/_-]+={0,2}$/.test(text));

/** A value as JSON, with the files in it counted instead of written out. */
export const measureJson = (value: unknown): Measured => {
  let files = 0;
  const withoutFiles = (_key: string, member: unknown): unknown => {
    if (typeof member !== "string" || !isEncoded(member)) return member;
    files += 1;
    return "";
  };
  return { text: JSON.stringify(value, withoutFiles) ?? "", files };
};

type Content = Exclude<ModelMessage["content"], string>[number];

const measurePart = (part: Content): Measured => {
  if (part.type === "text" || part.type === "reasoning") return { text: part.text, files: 0 };
  const isFile = part.type === "file" || part.type === "image" || part.type === "reasoning-file";
  return isFile ? { text: "", files: 1 } : measureJson(part);
};

/** A message as a model reads it, part by part. */
export const measureMessage = ({ content }: ModelMessage): Measured[] =>
  typeof content === "string" ? [{ text: content, files: 0 }] : content.map(measurePart);
