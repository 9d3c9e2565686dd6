import { createId } from "../../foundation/ids.ts";
import type { Conversation } from "../../protocol/resources.ts";
import type { TransferDesk } from "./transfer-desk.ts";

/** What is done next: a text is said, one with a file, or one that is removed again; below which message, counted around. */
export type Step = readonly [action: "say" | "file" | "drop", number: number];

/** Leads a conversation as a person does. @returns its id */
export const leadConversation = async (
  { web, json }: Pick<TransferDesk, "web" | "json">,
  token: string,
  steps: readonly Step[],
): Promise<string> => {
  const body = { title: "Talk – 日本", pinned: true, settings: { temperature: 0.5 }, visibility: "workspace" };
  const { id } = await json<Conversation>("/v1/conversations", { token, body });
  const ids: string[] = [];
  for (const [action, number] of steps) {
    const messageId = createId();
    const parentId = ids.length === 0 ? null : ids[number % ids.length]!;
    const file = {
      type: "file",
      url: `data:text/plain;base64,${Buffer.from(`file ${number}`).toString("base64")}`,
      filename: "ä.txt",
    };
    const content =
      action === "file"
        ? { parts: [{ type: "text", text: "with a file" }, file] }
        : { text: `${action} \u{1f9e1} ${number}` };
    const path = `/v1/conversations/${id}/messages`;
    await json(path, { token, body: { message: { id: messageId, ...content }, parentId } });
    ids.push(messageId);
    if (action === "drop") await web.ask(`${path}/${messageId}`, { method: "DELETE", token });
    if (action === "drop") ids.pop();
  }
  return id;
};
