import { describe, expect, test } from "vitest";
import { startChunk } from "../../protocol/message/chunk.ts";
import type { Completion, Message } from "../../protocol/resources.ts";
import { buildView } from "./build-view.ts";
import { leaveLive, putOutgoing, receiveLive, receiveMessages, receiveStart } from "./conversation-changes.ts";
import { createConversationState, type ConversationState, type OutgoingMessage } from "./conversation-state.ts";
import { LiveMessage } from "../live/live-message.ts";

const completion = (sequence: number, status: Completion["status"]): Completion => ({
  id: `c${sequence}`,
  conversationId: "conversation-1",
  messageId: `m${sequence}`,
  status,
  crashes: 0,
  agent: "default",
  model: "test/model",
  usage: null,
  costMicros: null,
  timing: { createdAt: "2026-01-01T00:00:00.000Z", startedAt: null, finishedAt: null },
  cancelledBy: null,
  error: null,
});

const message = (sequence: number, parentId: string | null, text = `text ${sequence}`): Message => ({
  id: `m${sequence}`,
  conversationId: "conversation-1",
  parentId,
  authorId: null,
  sequence,
  role: sequence % 2 === 1 ? "user" : "assistant",
  parts: text === "" ? [] : [{ type: "text", text }],
  metadata: null,
  completionId: sequence % 2 === 1 ? null : `c${sequence}`,
  completion: sequence % 2 === 1 ? null : completion(sequence, text === "" ? "queued" : "completed"),
  vote: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  deletedAt: null,
});

const withStatus = (row: Message, status: Completion["status"]): Message => ({
  ...row,
  completion: completion(row.sequence, status),
});

const removed = (row: Message): Message => ({ ...row, parts: [], deletedAt: "2026-01-02T00:00:00.000Z" });

const stateOf = (messages: readonly Message[], activeLeafId: string): ConversationState => ({
  ...receiveMessages(messages, 0)(createConversationState("conversation-1", "ready")),
  activeLeafId,
});

const live = new LiveMessage();
const speak = (delta: string): void => live.take({ chunk: { type: "text-delta", id: "t", delta } });

describe("the view of a conversation", () => {
  const thread = [message(1, null), message(2, "m1"), message(3, "m2"), message(4, "m3", "")];

  test("a token changes the message that it belongs to, and no other object", () => {
    const metadata = { conversationId: "conversation-1", completionId: "c4", userMessageId: "m3", sequence: 4 };
    live.take({ chunk: startChunk("m4", metadata) });
    live.take({ chunk: { type: "text-start", id: "t" } });
    speak("one ");
    const state = stateOf([...thread.slice(0, 3), withStatus(thread[3]!, "running")], "m4");
    const first = receiveLive(live.snapshot()!)(receiveStart(live.snapshot()!)(state));
    const before = buildView(first, null);
    expect(buildView(first, before)).toBe(before);
    speak("two");
    const after = buildView(receiveLive(live.snapshot()!)(first), before);
    expect(after).not.toBe(before);
    expect(after.messages.slice(0, 3).every((entry, index) => entry === before.messages[index])).toBe(true);
    expect(after.messages[3]).not.toBe(before.messages[3]);
    expect(after.waiting).toBe(before.waiting);
    expect(after.live).toBe(before.live);
  });

  test("N5, N13 an answer that waits for a person says so: by its question, or by its row while a client's tool is awaited", () => {
    const metadata = { conversationId: "conversation-1", completionId: "c4", userMessageId: "m3", sequence: 4 };
    const asking = new LiveMessage();
    const call = { toolCallId: "call-1", toolName: "pay", input: {} };
    asking.take({ chunk: startChunk("m4", metadata) });
    asking.take({ chunk: { type: "start-step" } });
    asking.take({ chunk: { type: "tool-input-available", ...call } });
    const phaseIn = (status: Completion["status"]): (string | undefined)[] => {
      const rows = [...thread.slice(0, 3), withStatus(thread[3]!, status)];
      const snapshot = asking.snapshot()!;
      const view = buildView(receiveLive(snapshot)(receiveStart(snapshot)(stateOf(rows, "m4"))), null);
      return [view.live?.phase, view.messages.at(-1)?.state];
    };
    expect(phaseIn("running")).toEqual(["tool-running", "tool-running"]);
    expect(phaseIn("waiting")).toEqual(["waiting", "waiting"]);
    asking.take({ chunk: { type: "tool-approval-request", approvalId: "a1", toolCallId: "call-1" } });
    expect(phaseIn("running")).toEqual(["waiting", "waiting"]);
    asking.take({ chunk: { type: "tool-approval-response", approvalId: "a1", approved: true } });
    expect(phaseIn("running")).toEqual(["tool-running", "tool-running"]);
    const rows = [...thread.slice(0, 3), withStatus(thread[3]!, "waiting")];
    expect(buildView(stateOf(rows, "m4"), null).messages.at(-1)?.state).toBe("waiting");
  });

  test("the same rows, read again, change nothing, whatever the order of their members", () => {
    const state = stateOf(thread.slice(0, 2), "m2");
    const before = buildView(state, null);
    const again = thread.slice(0, 2).map((row) => Object.fromEntries(Object.entries(row).toReversed()) as Message);
    expect(buildView(receiveMessages(again)(state), before)).toBe(before);
  });

  test("removed messages and those that wait have no place, and those under them keep theirs", () => {
    const rows = [
      message(1, null),
      message(2, "m1"),
      removed(message(3, "m2")),
      message(4, "m3"),
      message(5, null),
      message(6, "m5", ""),
    ];
    const state: ConversationState = {
      ...stateOf(rows, "m4"),
      waiting: [{ completionId: "c6", messageId: "m5", parts: rows[4]!.parts, createdAt: "" }],
    };
    const view = buildView(state, null);
    expect(view.messages.map(({ id }) => id)).toEqual(["m1", "m2", "m4"]);
    expect(view.messages[0]!.siblings).toEqual(["m1"]);
    expect(view.waiting.map(({ id, state: kind }) => [id, kind])).toEqual([["m5", "queued"]]);
  });

  test("an answer that is asked for again keeps its question in the thread while it waits", () => {
    const rows = [message(1, null), message(2, "m1"), { ...message(4, "m1", ""), sequence: 3 }];
    const state: ConversationState = {
      ...stateOf(rows, "m2"),
      waiting: [{ completionId: "c4", messageId: "m1", parts: rows[0]!.parts, createdAt: "" }],
    };
    expect(buildView(state, null).messages.map(({ id, siblings }) => [id, siblings])).toEqual([
      ["m1", ["m1"]],
      ["m2", ["m2"]],
    ]);
  });

  test("what was said stays when another answer takes its place", () => {
    const metadata = { conversationId: "conversation-1", completionId: "c4", userMessageId: "m3", sequence: 4 };
    const said = new LiveMessage();
    said.take({ chunk: startChunk("m4", metadata) });
    said.take({ chunk: { type: "text-start", id: "t" } });
    said.take({ chunk: { type: "text-delta", id: "t", delta: "half" } });
    const state = leaveLive(receiveLive(said.snapshot()!)(stateOf(thread, "m4")));
    const reread = receiveMessages([withStatus(state.tree.messages.get("m4")!, "cancelled")])(state);
    expect(buildView(reread, null).messages.at(-1)).toMatchObject({ state: "cancelled", parts: [{ text: "half" }] });
  });

  test("a send shows as a bubble when nothing is answered, and in the tray otherwise", () => {
    const sent: OutgoingMessage = {
      id: "outgoing-0001",
      idempotencyKey: "k",
      parts: [{ type: "text", text: "next" }],
      options: {},
      edits: null,
      parentId: undefined,
      createdAt: "",
      creates: null,
      error: null,
    };
    const idle = buildView(putOutgoing(sent)(stateOf(thread.slice(0, 2), "m2")), null);
    expect(idle.messages.at(-1)).toMatchObject({ id: sent.id, state: "sending", parentId: "m2" });
    const busy = receiveLive(live.snapshot()!)(stateOf(thread, "m4"));
    const view = buildView(putOutgoing(sent)(busy), null);
    expect(view.messages.at(-1)!.id).toBe("m4");
    expect(view.waiting).toMatchObject([{ id: sent.id, state: "sending" }]);
  });
});
