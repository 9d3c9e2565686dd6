import type { ExportFormat, ImportItem, ImportStatus } from "../../protocol/transfer.ts";
import type { Requester } from "../requests/requester.ts";
import { createFileSender } from "./send-file.ts";
import type { SendOptions } from "../send-from-page.ts";

export interface ExportQuery {
  /** Absent: all your conversations in the workspace. */
  readonly conversationId?: string | undefined;
  /** Default: `jsonl`. */
  readonly format?: ExportFormat | undefined;
}

/** An import with a page of what became of each conversation. */
export interface ImportReport extends ImportStatus {
  readonly items: readonly ImportItem[];
  readonly nextCursor: string | null;
}

export interface ReportQuery {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** Data in and out. */
export const transferCalls = (requester: Requester) => {
  const sendFile = createFileSender(requester);
  return {
    /** A file as it is made: read its body as a stream. */
    export: (query: ExportQuery = {}): Promise<Response> => requester.response("/v1/export", { query: { ...query } }),
    /** Brings an export of Natter, ChatGPT or Claude along, as zip or JSON; a job on the server reads it. */
    import: async (file: Blob, options: SendOptions = {}): Promise<ImportStatus> => {
      const headers = { "content-type": "application/octet-stream" };
      return (await sendFile(file, { ...options, path: "/v1/import", about: { headers } })).json();
    },
    /** How far an import is. */
    report: (importId: string, query: ReportQuery = {}): Promise<ImportReport> =>
      requester.json(`/v1/import/${encodeURIComponent(importId)}`, { query: { ...query } }),
  };
};
