import { NatterError } from "../../foundation/errors.ts";
import { createLocalModels } from "../../providers/local/local-models.ts";
import { createProviders } from "../../providers/registry.ts";
import { finding, type Check, type Finding } from "./finding.ts";

const providerOf = (id: string): string => id.slice(0, id.indexOf("/"));

const countByProvider = (ids: readonly string[]): string => {
  const counts = Map.groupBy(ids, providerOf);
  return [...counts]
    .map(([provider, { length }]) => `${provider} (${length} ${length === 1 ? "model" : "models"})`)
    .join(", ");
};

/** Which models can answer; nobody outside this machine is asked. */
export const checkProviders: Check = async ({ models, isLoopback }): Promise<readonly Finding[]> => {
  const local = createLocalModels();
  if (isLoopback) {
    local.list();
    await local.settled();
  }
  try {
    const providers = createProviders({ ...models, ...(isLoopback ? { local } : {}) });
    const ids = providers.models.list().map(({ id }) => id);
    const set = ids.filter((id) => providerOf(id) !== "natter");
    if (set.length > 0)
      return [finding("ok", "models", `${countByProvider(set)}; ${providers.models.defaultModel} answers by default`)];
    const advice = "set OPENAI_API_KEY, ANTHROPIC_API_KEY or another key that the README names";
    return ids.length === 0
      ? [finding("bad", "models", "no provider is set up, and the demo model is off in production", advice)]
      : [finding("note", "models", "no provider is set up: the demo model answers, which is no AI", advice)];
  } catch (thrown) {
    if (!(thrown instanceof NatterError)) throw thrown;
    return [finding("bad", "models", thrown.message)];
  }
};
