import type { UIMessage } from "ai";
import type { ArtifactReference } from "../artifact.ts";
import type { StartMetadata } from "./chunk.ts";
import type { FeatureCollection } from "./geo-json.ts";
import type { RegisteredAgents } from "../agent/register.ts";
import type { ToolResultData } from "./tool-result-part.ts";
import type { ToolTypes } from "../agent/tool-types.ts";

/** Natter's own parts, by what stands after `data-` in their types. */
export type NatterData = {
  "natter-artifact": ArtifactReference;
  "natter-map": FeatureCollection;
  "natter-tool-result": ToolResultData;
};

interface WithTools {
  readonly tools?: Readonly<Record<string, object>> | undefined;
}

/** The tools of each agent, as a union. */
type ToolsIn<Agents> = {
  [Id in keyof Agents]: Agents[Id] extends { readonly tools: infer Tools } ? Tools : never;
}[keyof Agents];

type NamesIn<Tools> = Tools extends unknown ? Extract<keyof Tools, string> : never;
type Named<Tools, Name extends string> = Tools extends Readonly<Record<Name, infer Tool>> ? Tool : never;

type InputOf<Tool> = Tool extends ToolTypes<infer Input, unknown> ? Input : unknown;
type OutputOf<Tool> = Tool extends ToolTypes<unknown, infer Output> ? Output : unknown;

/** What the tools of some agents take and give, by name; where two agents have different tools of one name, either. */
export type ToolsOfAgents<Agents> = {
  [Name in NamesIn<ToolsIn<Agents>>]: {
    input: InputOf<Named<ToolsIn<Agents>, Name>>;
    output: OutputOf<Named<ToolsIn<Agents>, Name>>;
  };
};

/** A message of AI SDK whose tool parts and data parts are those of some agents. Tools of MCP servers are not among them. */
export type MessageOfAgents<Agents extends Readonly<Record<string, WithTools>>> = UIMessage<
  StartMetadata,
  NatterData,
  ToolsOfAgents<Agents>
>;

/** A message as the application's own agents write it, for a client that does not import the server: `useChat<NatterUIMessage>()`. */
export type NatterUIMessage = UIMessage<StartMetadata, NatterData, ToolsOfAgents<RegisteredAgents>>;
