import type {
  Artifact,
  ArtifactDiff,
  ArtifactDraft,
  ArtifactVersion,
  ListedArtifact,
} from "../../protocol/artifact.ts";
import type { Page } from "../../protocol/page.ts";
import type { ChangeArtifactBody } from "./bodies.ts";
import { conversationPath } from "./conversation-calls.ts";
import type { Requester } from "../requests/requester.ts";

const artifactPath = (id: string): string => `/v1/artifacts/${encodeURIComponent(id)}`;

/** With `version` a write is refused (412) when there is a newer one. */
export interface ArtifactSeen {
  readonly version?: number | undefined;
}

/** Which versions are compared. */
export interface DiffQuery {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const seenHeaders = ({ version }: ArtifactSeen) => ({ "if-match": version === undefined ? undefined : `"${version}"` });

/** Documents beside conversations. */
export const artifactCalls = ({ json, response }: Requester) => ({
  /** The last changed first. */
  list: (conversationId: string): Promise<Page<ListedArtifact>> =>
    json(`${conversationPath(conversationId)}/artifacts`),
  create: (conversationId: string, draft: ArtifactDraft): Promise<Artifact> =>
    json(`${conversationPath(conversationId)}/artifacts`, { body: draft }),
  /** The newest version, or the one that is named. */
  get: (id: string, version?: number): Promise<Artifact> =>
    json(version === undefined ? artifactPath(id) : `${artifactPath(id)}/versions/${version}`),
  /** The newest first. */
  versions: (id: string): Promise<Page<ArtifactVersion>> => json(`${artifactPath(id)}/versions`),
  /** What differs between two versions; absent: what the newest has changed of the one before. */
  diff: (id: string, between: DiffQuery = {}): Promise<ArtifactDiff> =>
    json(`${artifactPath(id)}/diff`, { query: { ...between } }),
  /** Writes a new version. */
  change: (id: string, body: ChangeArtifactBody, seen: ArtifactSeen = {}): Promise<Artifact> =>
    json(artifactPath(id), { method: "PATCH", body, headers: seenHeaders(seen) }),
  /** Makes an earlier version the newest again. */
  restore: (id: string, version: number, seen: ArtifactSeen = {}): Promise<Artifact> =>
    json(`${artifactPath(id)}/restore`, { body: { version }, headers: seenHeaders(seen) }),
  remove: async (id: string): Promise<void> => void (await response(artifactPath(id), { method: "DELETE" })),
});
