import type { Artifact, ArtifactDraft } from "../../../src/client/natter-client.ts";
import type { AppProcess } from "./app-process.ts";

export interface AskedAsOwner {
  readonly method?: string;
  /** Goes as JSON. */
  readonly body?: unknown;
  /** Goes as it is. */
  readonly text?: string;
}

/** Asks the server as a program does that has its owner's token. */
export const asOwner = async <Answer>(
  app: AppProcess,
  path: string,
  { body, text = JSON.stringify(body), method = text === undefined ? "GET" : "POST" }: AskedAsOwner = {},
): Promise<Answer> => {
  const token = new URL(app.loginUrl).searchParams.get("token") ?? "";
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(text === undefined ? {} : { body: text }),
  });
  if (!response.ok) throw new Error(`${path} answered with ${response.status}`);
  return (response.status === 204 ? null : await response.json()) as Answer;
};

/** A conversation with an artifact that a person wrote. */
export const makeArtifact = async (app: AppProcess, draft: ArtifactDraft): Promise<Artifact> => {
  const { id } = await asOwner<{ id: string }>(app, "/v1/conversations", { body: { title: `With ${draft.kind}` } });
  return asOwner(app, `/v1/conversations/${id}/artifacts`, { body: draft });
};
