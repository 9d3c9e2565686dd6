import type { BaseChatModel, BindToolsInput } from "@langchain/core/language_models/chat_models";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import type { ModelCall, ToolDescription } from "../../protocol/agent/model.ts";
import type { Turn } from "../../protocol/agent/turn.ts";
import type { Langgraph } from "./load-langgraph.ts";
import { createGenerations } from "./generations.ts";
import { registryMessages } from "./registry-messages.ts";
import { streamCall } from "./stream-call.ts";

const describeTool = ({ convertToOpenAITool }: Langgraph, tool: BindToolsInput): ToolDescription => {
  const { name, description, parameters } = convertToOpenAITool(tool).function;
  const inputSchema: ToolDescription["inputSchema"] = JSON.parse(JSON.stringify(parameters ?? { type: "object" }));
  return { name, inputSchema, ...(description === undefined ? {} : { description }) };
};

/** LangChain's own type says that some models take no tools; this one does. */
type ToolCallingModel = BaseChatModel & { bindTools: NonNullable<BaseChatModel["bindTools"]> };

/**
 * A model of this server for LangChain, within one turn: its calls pass the middleware and stand in the ledger, exactly
 * like those of Natter's own loop.
 */
export const createChatModel = (core: Langgraph, turn: Turn, model: string): ToolCallingModel => {
  class RegistryChatModel extends core.BaseChatModel {
    readonly #tools: readonly ToolDescription[];

    constructor(tools: readonly ToolDescription[] = []) {
      super({});
      this.#tools = tools;
    }

    override _llmType(): string {
      return "natter";
    }

    override bindTools(tools: BindToolsInput[]): RegistryChatModel {
      return new RegistryChatModel(tools.map((tool) => describeTool(core, tool)));
    }

    override async *_streamResponseChunks(
      messages: BaseMessage[],
      options: this["ParsedCallOptions"],
      run?: CallbackManagerForLLMRun,
    ): AsyncGenerator<ChatGenerationChunk> {
      const { instructions, told } = registryMessages(core, messages);
      const call: ModelCall = {
        model,
        messages: told,
        tools: this.#tools,
        settings: turn.settings,
        ...(instructions === "" ? {} : { instructions }),
      };
      const generations = createGenerations(core);
      for await (const said of streamCall(turn, call, options.signal ?? new AbortController().signal)) {
        const chunk = generations(said);
        if (chunk === null) continue;
        yield chunk;
        await run?.handleLLMNewToken(chunk.text, { prompt: 0, completion: 0 }, undefined, undefined, undefined, {
          chunk,
        });
      }
    }

    override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]) {
      let whole: ChatGenerationChunk | undefined;
      for await (const chunk of this._streamResponseChunks(messages, options)) whole = whole?.concat(chunk) ?? chunk;
      return { generations: whole === undefined ? [] : [whole] };
    }
  }
  return new RegistryChatModel();
};
