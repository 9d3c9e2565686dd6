import type { ApiKey, NewApiKey } from "../../protocol/people/api-key.ts";
import type { Page } from "../../protocol/page.ts";
import type { CreateKeyBody } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

/** Your API keys in a workspace. */
export const keyCalls = ({ json, response }: Requester) => ({
  list: (): Promise<Page<ApiKey>> => json("/v1/api-keys"),
  create: (body: CreateKeyBody): Promise<NewApiKey> => json("/v1/api-keys", { body }),
  revoke: async (keyId: string): Promise<void> => void (await response(`/v1/api-keys/${keyId}`, { method: "DELETE" })),
});
