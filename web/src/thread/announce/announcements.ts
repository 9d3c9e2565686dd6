import type { ConversationView, MessageView } from "natter/client";
import { adviseOn } from "../answer/failure-advice.ts";
import { groupParts, isTool, textOf } from "../message/part-groups.ts";
import { countSentences } from "./sentences.ts";
import { summarizeTool, toolName, type ToolSummary } from "../tools/tool-summary.ts";
import { wordsOf } from "../tools/tool-words.ts";

type View = Pick<ConversationView, "messages" | "waiting" | "live" | "connection" | "executions">;

/** What a screen reader is to be told: `status` in a pause, `alert` at once. */
export interface Announcement {
  readonly status: string | null;
  readonly alert: string | null;
}

const silence: Announcement = { status: null, alert: null };
const status = (text: string): Announcement => ({ status: text, alert: null });
const alert = (text: string): Announcement => ({ status: null, alert: text });

const liveMessage = ({ messages, live }: View): MessageView | undefined =>
  live === null ? undefined : messages.findLast(({ id }) => id === live.messageId);

const toolsOf = (message: MessageView | undefined): readonly ToolSummary[] =>
  (message?.parts ?? [])
    .filter(isTool)
    .filter(({ state }) => state !== "approval-requested")
    .map(summarizeTool);

const questionsOf = (message: MessageView | undefined): ReadonlyMap<string, string> =>
  new Map(
    groupParts(message?.parts ?? []).flatMap((group) =>
      group.kind === "approval" ? [[group.part.approval.id, wordsOf(toolName(group.part))]] : [],
    ),
  );

/** What a person is asked now, and was not before. */
const newQuestion = (before: View, after: View): string | null => {
  if (after.live?.phase !== "waiting") return null;
  const known = questionsOf(liveMessage(before));
  const asked = [...questionsOf(liveMessage(after))].flatMap(([id, words]) => (known.has(id) ? [] : [words]));
  if (asked.length > 0) return `Your decision is needed: ${asked.join(", ")}. Press F6 to go there.`;
  return before.live?.phase === "waiting" || known.size > 0 ? null : "You are asked something. Press F6 to go there.";
};

const endings: Readonly<Partial<Record<string, string>>> = {
  completed: "finished",
  failed: "failed",
  cancelled: "was cancelled",
};

/** What ended in the background. */
const backgroundNews = (before: View, after: View): string | null => {
  const known = new Map(before.executions.map(({ id, status: was }) => [id, was]));
  const news = after.executions.flatMap(({ id, tool, status: now }) => {
    const was = known.get(id);
    const ended = endings[now];
    return ended === undefined || was === undefined || was === now ? [] : [`${wordsOf(tool)} ${ended}`];
  });
  return news.length === 0 ? null : news.join(". ");
};

const newUnsent = (before: View, after: View): boolean => {
  const unsent = ({ messages, waiting }: View) =>
    [...messages, ...waiting].flatMap(({ id, state }) => (state === "unsent" ? [id] : []));
  const known = new Set(unsent(before));
  return unsent(after).some((id) => !known.has(id));
};

const ending = (before: View, after: View): Announcement | null => {
  const { live } = before;
  if (live === null || after.live?.completionId === live.completionId) return null;
  const ended = after.messages.findLast(({ id }) => id === live.messageId);
  switch (ended?.state) {
    case "finished": {
      const sentences = countSentences(textOf(ended.parts));
      return status(`Answer finished, ${sentences} ${sentences === 1 ? "sentence" : "sentences"}`);
    }
    case "cancelled":
      return status("Stopped");
    case "failed":
      return alert(`The answer failed. ${adviseOn(ended.error ?? { code: "failed", message: "" }).sentence}`);
    default:
      return null;
  }
};

const toolNews = (before: View, after: View): string | null => {
  const known = new Map(toolsOf(liveMessage(before)).map((tool) => [tool.callId, tool.status]));
  const news = toolsOf(liveMessage(after)).flatMap(({ callId, name, status: now }) => {
    if (now === "running") return known.has(callId) ? [] : [`Using ${name}`];
    if (now === "done") return known.has(callId) ? [] : [`Used ${name}`];
    if (now === "failed" || now === "unknown" || now === "denied")
      return known.get(callId) === now ? [] : [`${name} ${now === "unknown" ? "ended in an unknown way" : now}`];
    return [];
  });
  return news.length === 0 ? null : news.join(". ");
};

const phaseNews = (before: View, { live }: View): string | null => {
  const phase = before.live?.completionId === live?.completionId ? before.live?.phase : undefined;
  if (live === null || phase === live.phase) return null;
  if (live.phase === "streaming") return "Writing";
  return live.phase === "thinking" && phase === undefined ? "Thinking" : null;
};

const liveNews = (before: View, after: View): string | null => {
  const news = [backgroundNews(before, after), toolNews(before, after), phaseNews(before, after)].filter(
    (words) => words !== null,
  );
  return news.length === 0 ? null : news.join(". ");
};

/** What became of a conversation between two views of it, in words; the most important thing if there are several. */
export const announce = (before: View, after: View): Announcement => {
  if (newUnsent(before, after)) return alert("Message not sent");
  const ended = ending(before, after);
  if (ended !== null) return ended;
  if (before.connection !== after.connection)
    return status(after.connection === "connected" ? "Connected" : "Connection lost");
  if (after.waiting.length > before.waiting.length) return status(`Queued, ${after.waiting.length} waiting`);
  const question = newQuestion(before, after);
  if (question !== null) return alert(question);
  const news = liveNews(before, after);
  return news === null ? silence : status(news);
};
