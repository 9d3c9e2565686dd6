import { hash } from "node:crypto";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { findAttachments, type AttachmentPlace } from "../../store/message/attachment-rows.ts";
import { attachmentIdOf, namedAttachments } from "../files/attachments.ts";
import { isDataUrl } from "../files/data-file.ts";

/** By attachment, the hash of what is in it. */
type Contents = ReadonlyMap<string, string>;

/** A file is known by what is in it: it may come as a `data:` URL again after it was stored. */
const fingerprint = (part: Part, contents: Contents): readonly string[] => {
  if (part.type === "text") return ["text", part.text];
  if (part.type !== "file") return [part.type, JSON.stringify(part)];
  if (!isDataUrl(part.url)) return ["file", contents.get(attachmentIdOf(part.url) ?? "") ?? part.url];
  return ["file", hash("sha256", Buffer.from(part.url.slice(part.url.indexOf(",") + 1), "base64"), "hex")];
};

const readContents = async (
  database: Database,
  { workspaceId, conversationId }: AttachmentPlace,
  parts: readonly Part[],
): Promise<Contents> => {
  const ids = namedAttachments(parts);
  const rows = ids.length === 0 ? [] : await findAttachments(database, workspaceId, ids);
  const shown = rows.filter(({ places }) => places.some(({ id }) => id === conversationId));
  return new Map(shown.map(({ id, sha256 }) => [id, sha256]));
};

/** The first of these messages that says the same as the parts, in the conversation that they all belong to. */
export const findSame = async <Message extends { readonly parts: readonly Part[] }>(
  database: Database,
  place: AttachmentPlace,
  messages: readonly Message[],
  parts: readonly Part[],
): Promise<Message | undefined> => {
  if (messages.length === 0) return undefined;
  const contents = await readContents(database, place, [...parts, ...messages.flatMap((message) => message.parts)]);
  const told = (said: readonly Part[]): string => JSON.stringify(said.map((part) => fingerprint(part, contents)));
  const wanted = told(parts);
  return messages.find((message) => told(message.parts) === wanted);
};
