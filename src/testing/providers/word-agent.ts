import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import { z } from "zod";

/** An agent behind AG-UI that follows the words of `createWordModel`. */
export interface WordAgent {
  readonly url: string;
  /** Runs that were left by whoever asked, before their end. */
  readonly closed: number;
  close(): Promise<void>;
}

const inputSchema = z.object({
  threadId: z.string(),
  runId: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() }).loose()),
  resume: z.array(z.object({ interruptId: z.string(), payload: z.object({ approved: z.boolean() }) })).optional(),
});

type Input = z.infer<typeof inputSchema>;

const said = (id: string, ...words: readonly string[]): object[] => [
  { type: "TEXT_MESSAGE_START", messageId: id, role: "assistant" },
  ...words.map((delta) => ({ type: "TEXT_MESSAGE_CONTENT", messageId: id, delta })),
  { type: "TEXT_MESSAGE_END", messageId: id },
];

const called = (toolCallId: string, name: string, input: unknown): object[] => [
  { type: "TOOL_CALL_START", toolCallId, toolCallName: name },
  { type: "TOOL_CALL_ARGS", toolCallId, delta: JSON.stringify(input).slice(0, 4) },
  { type: "TOOL_CALL_ARGS", toolCallId, delta: JSON.stringify(input).slice(4) },
  { type: "TOOL_CALL_END", toolCallId },
];

const gave = (toolCallId: string, result: unknown): object => ({
  type: "TOOL_CALL_RESULT",
  messageId: `of-${toolCallId}`,
  toolCallId,
  content: JSON.stringify(result),
});

const finished = ({ threadId, runId }: Input, outcome?: object): object => ({
  type: "RUN_FINISHED",
  threadId,
  runId,
  usage: [{ provider: "test", model: "python", inputTokens: 10, outputTokens: 2 }],
  ...(outcome === undefined ? {} : { outcome }),
});

const interrupt = (toolCallId: string): object => ({
  type: "interrupt",
  interrupts: [{ id: `interrupt-of-${toolCallId}`, reason: "tool_call", toolCallId }],
});

/** What one run says; null at its end: it falls silent. */
const eventsOf = (input: Input): (object | null)[] => {
  const word = input.messages.findLast(({ role }) => role === "user")?.content;
  const id = input.runId;
  const call = `call-${id}`;
  switch (word) {
    case "hello":
      return [...said(id, "one ", "two"), finished(input)];
    case "call":
      return [
        ...said(id, "let me see "),
        ...called(call, "add", { a: 2, b: 3 }),
        gave(call, { sum: 5 }),
        ...said(`${id}-2`, "it is 5"),
        finished(input),
      ];
    case "hang":
      return [...said(id, "before").slice(0, 2), null];
    case "fail":
      return [...said(id, "half"), { type: "RUN_ERROR", message: "secret detail" }];
    case "crash":
      return [
        ...said(id, "first "),
        ...called(call, "add", { a: 2, b: 3 }),
        gave(call, { sum: 5 }),
        ...said(`${id}-2`, "second "),
        null,
      ];
    default: {
      const [answer] = input.resume ?? [];
      if (answer === undefined) return [...called(call, "pay", { cents: 500 }), finished(input, interrupt(call))];
      const { interruptId, payload } = answer;
      const result = payload.approved ? { paid: true } : "The tool call was denied.";
      return [gave(interruptId.replace("interrupt-of-", ""), result), ...said(id, "done"), finished(input)];
    }
  }
};

const answer = (response: ServerResponse, input: Input): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const { threadId, runId } = input;
  for (const event of [{ type: "RUN_STARTED", threadId, runId }, ...eventsOf(input)])
    if (event !== null) response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (!eventsOf(input).includes(null)) response.end();
};

export const createWordAgent = async (): Promise<WordAgent> => {
  let closed = 0;
  const server = createServer((request, response) => {
    response.once("close", () => {
      if (!response.writableEnded) closed += 1;
    });
    void request.toArray().then((bytes) => {
      answer(response, inputSchema.parse(JSON.parse(Buffer.concat(bytes).toString())));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/`,
    get closed() {
      return closed;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
