import type { ModelMessage } from "../../protocol/agent/model.ts";
import { readFileContent } from "../files/file-content.ts";

const sizeOf = (base64: string): string => {
  const bytes = Buffer.byteLength(base64, "base64");
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000).toLocaleString("en")} kB`;
};

/** What the demo model was given of files in a person's message, one line each; it looks into none of them. */
export const demoFiles = (message: ModelMessage | undefined): string[] => {
  if (message?.role !== "user" || typeof message.content === "string") return [];
  return message.content.flatMap((part) => {
    if (part.type !== "file") return [];
    const content = readFileContent(part.data);
    const size = content.type === "base64" ? `, ${sizeOf(content.base64)}` : "";
    return [`- \`${(part.filename ?? "a file").replaceAll("`", "'")}\` (${part.mediaType}${size})`];
  });
};
