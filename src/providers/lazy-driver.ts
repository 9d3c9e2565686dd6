import type { ModelDriver } from "../protocol/agent/model.ts";
import { providerError } from "./errors.ts";
import { isRecord } from "./exchange/json.ts";

const isMissing = (thrown: unknown): boolean => isRecord(thrown) && thrown["code"] === "ERR_MODULE_NOT_FOUND";

/**
 * A driver that needs a package, which is loaded by the first call. A package that is missing is told with the command
 * that installs it; the next call tries again.
 * @throws NatterError `provider_misconfigured`, by a call
 */
export const createLazyDriver = (packageName: string, load: () => Promise<ModelDriver>): ModelDriver => {
  let loading: Promise<ModelDriver> | undefined;
  const loaded = async (): Promise<ModelDriver> => {
    try {
      return await (loading ??= load());
    } catch (thrown) {
      loading = undefined;
      const hint = { text: `This model needs one more package: npm install ${packageName}` };
      throw providerError("provider_misconfigured", thrown, isMissing(thrown) ? hint : {});
    }
  };
  return {
    async stream(call, signal, sink) {
      signal.throwIfAborted();
      const driver = await loaded();
      return driver.stream(call, signal, sink);
    },
  };
};
