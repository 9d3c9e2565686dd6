import type { CompletionContext } from "../completions/context.ts";
import type { StorageLimits } from "./files/storage.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { OpenCaps } from "../store/message/acceptance.ts";
import type { AgentDirectory } from "../protocol/agent/agent.ts";
import type { ModelDirectory } from "../protocol/agent/model.ts";

/** A completion that was accepted. */
export interface AcceptedCompletion {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly completionId: string;
}

export interface ConversationContext extends CompletionContext {
  /** Told once of each completion that was accepted, after its commit. */
  readonly onAccepted?: (completion: AcceptedCompletion) => void;
  /** How many completions may be open; absent: any number. */
  readonly caps?: OpenCaps;
  /** Background tools of one user that are at work at a time; absent: as many as usual. */
  readonly backgroundPerUser?: number;
  readonly agents: AgentDirectory;
  readonly models: ModelDirectory;
  readonly blobs: BlobStore;
  /** What people may store; absent: as usual. */
  readonly storage?: StorageLimits | undefined;
  /** False: artifacts are only read. Absent: they are written, too. */
  readonly takesArtifacts?: boolean | undefined;
}
