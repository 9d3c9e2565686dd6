import { useQuery } from "@tanstack/react-query";
import type { AgentDescription, Model } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";

const staleMs = 60_000;
const demoProvider = "natter";

const providerNames: Readonly<Record<string, string>> = {
  anthropic: "Anthropic",
  azure: "Azure OpenAI",
  compatible: "Compatible",
  deepseek: "DeepSeek",
  google: "Google",
  groq: "Groq",
  llamacpp: "llama.cpp",
  lmstudio: "LM Studio",
  natter: "Natter",
  ollama: "Ollama",
  openai: "OpenAI",
  vllm: "vLLM",
};

/** Who offers a model, by its id. */
export const providerOf = (modelId: string): string => {
  const provider = modelId.split("/", 1)[0] ?? modelId;
  return providerNames[provider] ?? provider;
};

/** Whether it is the script that plays a model. */
export const isDemo = (modelId: string): boolean => modelId.startsWith(`${demoProvider}/`);

/** What to call a model where the mark of the demo stands beside it. */
export const shortName = ({ id, name }: Pick<Model, "id" | "name">): string =>
  isDemo(id) ? name.replace(/\s*\(.*\)$/, "") : name;

// the same list each time, for those who compare
const none: readonly never[] = [];

export const useModels = (): readonly Model[] => {
  const client = useNatter();
  return useQuery({ queryKey: ["models"], queryFn: () => client.models(), staleTime: staleMs }).data?.data ?? none;
};

export const useAgents = (): readonly AgentDescription[] => {
  const client = useNatter();
  return useQuery({ queryKey: ["agents"], queryFn: () => client.agents(), staleTime: staleMs }).data?.data ?? none;
};

/** The model that answers: the one chosen, else the agent's, else the server's. */
export const answeringModel = (
  choices: { readonly agent: string | null; readonly model: string | null },
  models: readonly Model[],
  agents: readonly AgentDescription[],
): string | null => {
  const agent = agents.find(({ id, isDefault }) => (choices.agent === null ? isDefault : id === choices.agent));
  const chosen = choices.model ?? agent?.model ?? null;
  return chosen ?? models.find(({ isDefault }) => isDefault)?.id ?? null;
};
