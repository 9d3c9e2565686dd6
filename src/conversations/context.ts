import type { CompletionContext } from "../completions/context.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { AgentDirectory } from "../protocol/agent.ts";
import type { ModelDirectory } from "../protocol/model.ts";

export interface ConversationContext extends CompletionContext {
  readonly agents: AgentDirectory;
  readonly models: ModelDirectory;
  readonly blobs: BlobStore;
}
