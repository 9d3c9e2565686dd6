import type { ConversationView, LivePhase, MessageState, MessageView, Part, ToolExecution } from "natter/client";
import { describe, expect, it } from "vitest";
import { announce } from "./announcements.ts";

type View = Parameters<typeof announce>[0];

const answer = (state: MessageState, parts: readonly Part[] = [], error: MessageView["error"] = null): MessageView =>
  ({ id: "a1", role: "assistant", parentId: "u1", state, parts, error }) as unknown as MessageView;

const tool = (state: "input-available" | "output-error"): Part =>
  ({ type: "tool-add", toolCallId: "1", state, input: {}, errorText: "No." }) as Part;

const view = (phase: LivePhase | null, message: MessageView, more: Partial<View> = {}): View => ({
  messages: [message],
  waiting: [],
  executions: [],
  connection: "connected",
  live:
    phase === null
      ? null
      : { completionId: "c1", messageId: "a1", phase, tool: null, since: 0, phaseSince: 0, wasRecovered: false },
  ...more,
});

const words: Part = { type: "text", text: "One. Two. Three." };

describe("what a screen reader hears (N10)", () => {
  it("names each state once", () => {
    const idle = view(null, answer("queued"));
    const thinking = view("thinking", answer("thinking"));
    const streaming = view("streaming", answer("streaming", [words]));
    expect(announce(idle, thinking).status).toBe("Thinking");
    expect(announce(thinking, thinking).status).toBeNull();
    expect(announce(thinking, streaming).status).toBe("Writing");
    expect(announce(streaming, streaming).status).toBeNull();
    expect(announce(streaming, view(null, answer("finished", [words]))).status).toBe("Answer finished, 3 sentences");
    expect(announce(streaming, view(null, answer("cancelled", [words]))).status).toBe("Stopped");
  });

  it("says at once what a person is asked, each question once, and where it is (N5)", () => {
    const asked = (id: string, name: string): Part =>
      ({ type: `tool-${name}`, toolCallId: id, state: "approval-requested", input: {}, approval: { id } }) as Part;
    const thinking = view("thinking", answer("thinking"));
    const one = view("waiting", answer("waiting", [asked("1", "send_money")]));
    const two = view("waiting", answer("waiting", [asked("1", "send_money"), asked("2", "createTicket")]));
    expect(announce(thinking, one).alert).toBe("Your decision is needed: Send money. Press F6 to go there.");
    expect(announce(one, one).alert).toBeNull();
    expect(announce(one, two).alert).toBe("Your decision is needed: Create ticket. Press F6 to go there.");
    expect(announce(two, one).alert).toBeNull();
    const form = view("waiting", answer("waiting", [tool("input-available")]));
    expect(announce(thinking, form).alert).toBe("You are asked something. Press F6 to go there.");
    expect(announce(form, form).alert).toBeNull();
    expect(announce(one, form).alert).toBeNull();
  });

  it("says what has ended in the background, and nothing of what had ended before the page looked (B7)", () => {
    const execution = (status: string) => ({ id: "e1", tool: "cost_forecast", status }) as ToolExecution;
    const idle = view(null, answer("finished", [words]));
    const going = { ...idle, executions: [execution("running")] };
    expect(announce(idle, { ...idle, executions: [execution("completed")] }).status).toBeNull();
    expect(announce(going, { ...idle, executions: [execution("completed")] }).status).toBe("Cost forecast finished");
    expect(announce(going, { ...idle, executions: [execution("failed")] }).status).toBe("Cost forecast failed");
    expect(announce(going, going).status).toBeNull();
  });

  it("names a tool when it begins and when it fails", () => {
    const thinking = view("thinking", answer("thinking"));
    const running = view("tool-running", answer("tool-running", [tool("input-available")]));
    const failed = view("thinking", answer("thinking", [tool("output-error")]));
    expect(announce(thinking, running).status).toBe("Using add");
    expect(announce(running, failed).status).toBe("add failed");
    expect(announce(failed, failed).status).toBeNull();
  });

  it("names a tool that was quicker than the page", () => {
    const thinking = view("thinking", answer("thinking"));
    const done: Part = { type: "tool-add", toolCallId: "1", state: "output-available", input: {}, output: 3 };
    const streaming = view("streaming", answer("streaming", [done, words]));
    expect(announce(thinking, streaming).status).toBe("Used add. Writing");
    expect(announce(streaming, streaming).status).toBeNull();
  });

  it("says at once what went wrong", () => {
    const streaming = view("streaming", answer("streaming", [words]));
    const failed = view(null, answer("failed", [words], { code: "provider_busy", message: "secret" }));
    expect(announce(streaming, failed)).toEqual({
      status: null,
      alert: "The answer failed. The model has too much to do right now.",
    });
    expect(announce(failed, view(null, answer("unsent"))).alert).toBe("Message not sent");
  });

  it("counts what waits, and tells of the connection", () => {
    const streaming = view("streaming", answer("streaming", [words]));
    const waiting = [{ id: "u2", state: "queued" }] as unknown as ConversationView["waiting"];
    expect(announce(streaming, { ...streaming, waiting }).status).toBe("Queued, 1 waiting");
    const lost: View = { ...streaming, connection: "interrupted" };
    expect(announce(streaming, lost).status).toBe("Connection lost");
    expect(announce(lost, streaming).status).toBe("Connected");
  });
});
