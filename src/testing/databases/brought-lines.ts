import { createId } from "../../foundation/ids.ts";
import { exportVersion } from "../../protocol/transfer.ts";

/** When everything in these lines happened. */
const broughtAt = "2026-01-01T00:00:00.000Z";

const times = { createdAt: broughtAt, updatedAt: broughtAt };

/** Values as the lines of a file. */
export const linesText = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

export const headerLine = { type: "natter-export", version: exportVersion, exportedAt: broughtAt } as const;

export const endLine = (conversations: number) => ({ type: "end", conversations }) as const;

export const conversationLine = (id: string, title = "Brought") =>
  ({
    type: "conversation",
    id,
    title,
    status: "active",
    visibility: "private",
    agent: "default",
    model: null,
    settings: {},
    pinned: false,
    activeLeafId: null,
    ...times,
  }) as const;

export const messageLine = <Part extends object>(
  parts: Part[],
  metadata: Readonly<Record<string, unknown>> | null = null,
) =>
  ({
    type: "message",
    id: createId(),
    parentId: null,
    role: "user",
    author: null,
    parts,
    metadata,
    createdAt: broughtAt,
    deletedAt: null,
    vote: null,
  }) as const;

export const artifactLine = (id: string, version = 1) =>
  ({ type: "artifact", id, kind: "code", language: null, version, ...times }) as const;

export const versionLine = (artifactId: string, version = 1) =>
  ({
    type: "artifact-version",
    artifactId,
    version,
    title: "t",
    content: `content ${version}`,
    writtenBy: "person",
    author: null,
    createdAt: broughtAt,
  }) as const;
