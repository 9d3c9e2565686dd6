import type { ModelInfo } from "../../protocol/agent/model.ts";
import { describeModel } from "../catalogue/catalogue.ts";
import { isRecord, textOf } from "../exchange/json.ts";

/** A kind of server that people run beside Natter, at the port where it listens unless it is told otherwise. */
export interface LocalServer {
  /** The part of its models' ids before the first `/`. */
  readonly id: string;
  /** Up to and without `/chat/completions`. */
  readonly baseUrl: string;
}

/** What is found where on loopback. */
export const usualLocalServers: readonly LocalServer[] = [
  { id: "ollama", baseUrl: "http://127.0.0.1:11434/v1" },
  { id: "lmstudio", baseUrl: "http://127.0.0.1:1234/v1" },
  { id: "llamacpp", baseUrl: "http://127.0.0.1:8080/v1" },
  { id: "vllm", baseUrl: "http://127.0.0.1:8000/v1" },
];

const maxBytes = 1_048_576;
const maxModels = 100;
const modelId = /^[A-Za-z0-9][\w.:@/+-]{0,180}$/;

const readModels = (body: unknown): string[] => {
  const data = isRecord(body) ? body["data"] : undefined;
  if (!Array.isArray(data)) return [];
  const ids = data.flatMap((model) => (isRecord(model) ? [textOf(model["id"]) ?? ""] : []));
  return ids.filter((id) => modelId.test(id)).slice(0, maxModels);
};

const ask = async ({ baseUrl }: LocalServer, milliseconds: number): Promise<string[]> => {
  const signal = AbortSignal.timeout(milliseconds);
  const response = await fetch(`${baseUrl}/models`, { signal, redirect: "error" });
  if (!response.ok || Number(response.headers.get("content-length") ?? 0) > maxBytes) return [];
  return readModels(await response.json());
};

/** Asks a server on loopback for its models; none when nobody answers in time, or something else than a model server. */
export const findLocalModels = async (server: LocalServer, milliseconds = 300): Promise<readonly ModelInfo[]> => {
  try {
    return (await ask(server, milliseconds)).map((model) => describeModel(`${server.id}/${model}`));
  } catch {
    // nobody is there, or it is no model server: the usual case, and nothing to tell anybody
    return [];
  }
};
