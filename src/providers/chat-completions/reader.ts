import type { Usage } from "../../protocol/agent/model.ts";
import type { AnswerReader } from "../exchange/answer-body.ts";
import type { CallIds } from "../call-ids.ts";
import { answerBrokeOff, errorFromProvider, providerError } from "../errors.ts";
import { textBlock, type Block, type EventBatch } from "../exchange/event-batch.ts";
import { readJson } from "../exchange/json.ts";
import { readFinishReason, readFrame, type Frame } from "./frame.ts";
import { learnTemplate, matchTemplate, type Template } from "./template.ts";
import { createToolCalls } from "./tool-call-deltas.ts";

interface TextState {
  block: Block | null;
  type: "text" | "reasoning" | null;
  blocks: number;
}

const sayInto =
  (batch: EventBatch, state: TextState) =>
  (type: "text" | "reasoning", delta: string): void => {
    if (state.type !== type || state.block === null) {
      if (state.block !== null) batch.close(state.block);
      state.blocks += 1;
      state.type = type;
      state.block = textBlock(type, `${type}-${state.blocks}`);
    }
    batch.add(state.block, delta);
  };

/**
 * Finds the text of frames that differ in nothing else, without parsing them whole. Learning costs as much as parsing
 * twice: a stream whose frames differ in more is left alone soon.
 */
const createShortcut = () => {
  let template: Template | null = null;
  let credit = 4;
  return {
    match(data: string): string | null {
      const text = template === null ? null : matchTemplate(template, data);
      if (text !== null && credit < 4) credit += 0.1;
      return text;
    },
    learn(data: string): void {
      if (credit < 1) return;
      credit -= 1;
      template = learnTemplate(data) ?? template;
    },
  };
};

const parseFrame = (data: string): Frame => {
  const read = readJson(data);
  if ("cause" in read) throw providerError("provider_failed", read.cause);
  const frame = readFrame(read.value);
  if (frame.error !== undefined) throw errorFromProvider({ said: frame.error });
  return frame;
};

/**
 * Reads a `chat.completion.chunk` by another, or a whole `chat.completion`. It is done after `[DONE]`; done without a
 * finish reason it ends as `other`.
 */
export const createChatReader = (batch: EventBatch, callIds: CallIds): AnswerReader => {
  const texts: TextState = { block: null, type: null, blocks: 0 };
  const say = sayInto(batch, texts);
  const toolCalls = createToolCalls(batch, callIds);
  const shortcut = createShortcut();
  let usage: Usage | undefined;
  let finish: string | undefined;
  let isRefusal = false;
  let isDone = false;

  const readWhole = (data: string): void => {
    const frame = parseFrame(data);
    for (const { type, delta } of frame.said) say(type, delta);
    for (const delta of frame.toolCalls) toolCalls.read(delta);
    isRefusal ||= frame.isRefusal;
    finish = frame.finish ?? finish;
    usage = frame.usage ?? usage;
    if (frame.said.length === 1) shortcut.learn(data);
  };

  return {
    get isDone() {
      return isDone;
    },
    get isFinished() {
      return finish !== undefined;
    },
    read(data) {
      if (isDone) return;
      const text = shortcut.match(data);
      if (text === null && data === "[DONE]") isDone = true;
      else if (text === null) readWhole(data);
      else if (text !== "") say("text", text);
    },
    end() {
      if (finish === undefined && !isDone) throw answerBrokeOff();
      if (texts.block !== null) batch.close(texts.block);
      toolCalls.end();
      const finishReason = finish === undefined ? "other" : readFinishReason(finish, isRefusal);
      return { finishReason, ...(usage === undefined ? {} : { usage }) };
    },
  };
};
