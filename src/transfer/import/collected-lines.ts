import { artifactLimits } from "../../protocol/artifact.ts";
import type { ExportedArtifact, ExportedMessage, ExportLine } from "../../protocol/transfer.ts";
import { weightOf } from "./weight-of.ts";

const mostWeight = 134_217_728;
const mostFiles = 50_000;

/** A line that is kept until its conversation is whole. */
export type CollectedLine = Extract<ExportLine, { readonly type: "file" | "artifact" | "message" }>;

/** What is kept of a conversation while its lines are read. */
export interface CollectedLines {
  /** SHA-256 by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly artifacts: readonly ExportedArtifact[];
  readonly messages: readonly ExportedMessage[];
  /** Why it is none that can be taken; nothing is kept from then on. */
  readonly failure: string | null;
  add(line: CollectedLine): void;
  fail(failure: string): void;
}

/** Keeps lines up to 128 MB in all, and so many of a kind as a conversation may have. */
export const collectLines = (): CollectedLines => {
  const files = new Map<string, string>();
  const artifacts: ExportedArtifact[] = [];
  const messages: ExportedMessage[] = [];
  let weight = 0;
  let failure: string | null = null;
  const fail = (why: string): void => {
    failure ??= why;
    files.clear();
    artifacts.length = 0;
    messages.length = 0;
  };
  const keep = (line: CollectedLine): void => {
    switch (line.type) {
      case "file":
        if (files.size >= mostFiles) return fail(`A conversation has at most ${mostFiles.toLocaleString("en")} files.`);
        return void files.set(line.path, line.sha256);
      case "artifact":
        if (artifacts.length >= artifactLimits.perConversation)
          return fail(`A conversation has at most ${artifactLimits.perConversation} artifacts.`);
        return void artifacts.push(line);
      case "message":
        return void messages.push(line);
    }
  };
  return {
    files,
    artifacts,
    messages,
    get failure() {
      return failure;
    },
    fail,
    add(line) {
      if (failure !== null) return;
      weight += weightOf(line);
      if (weight > mostWeight) return fail("The conversation is larger than 128 MB.");
      keep(line);
    },
  };
};
