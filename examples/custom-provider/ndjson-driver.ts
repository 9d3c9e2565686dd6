import { NatterError, type ModelDriver, type ModelEnd, type ModelEvent } from "natter";

/** A line that the server answers with: words, a call of a tool, or the end with what was used. */
type Line =
  | { readonly text: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly input: unknown } }
  | { readonly end: { readonly inputTokens: number; readonly outputTokens: number } };

const unreachable = (cause: unknown): NatterError =>
  new NatterError("provider_unreachable", "The model's server can't be reached; try again later.", { cause });

const ask = async (url: string, body: object, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal };
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw signal.aborted ? signal.reason : unreachable(cause);
  });
  if (response.status === 429) throw new NatterError("provider_busy", "The model's server is busy; try again soon.");
  if (!response.ok || response.body === null)
    throw new NatterError("provider_failed", `The model's server answered ${response.status}.`);
  return response.body;
};

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line);
  }
}

const eventsOf = (line: Line): ModelEvent[] => {
  if ("text" in line) return [{ type: "text", id: "text", delta: line.text }];
  if (!("call" in line)) return [];
  const { id, name, input } = line.call;
  return [
    { type: "tool-input", callId: id, tool: name, delta: JSON.stringify(input) },
    { type: "tool-call", callId: id, tool: name, input },
  ];
};

/** Models of an inference server in the house, which answers with one JSON object a line. */
export const createNdjsonDriver = (url: string): ModelDriver => ({
  async stream({ model, instructions, messages, tools }, signal, sink): Promise<ModelEnd> {
    const body = await ask(url, { model: model.slice(model.indexOf("/") + 1), instructions, messages, tools }, signal);
    let hasCalls = false;
    try {
      for await (const line of linesOf(body)) {
        if ("end" in line) return { finishReason: hasCalls ? "tool-calls" : "stop", usage: line.end };
        hasCalls ||= "call" in line;
        sink(eventsOf(line));
      }
    } catch (cause) {
      throw signal.aborted ? signal.reason : unreachable(cause);
    }
    throw new NatterError("provider_failed", "The model's server broke off in the middle of an answer.");
  },
});
