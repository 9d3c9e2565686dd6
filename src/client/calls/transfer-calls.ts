import type { Page } from "../../protocol/page.ts";
import type { ImportReport, ImportStatus } from "../../protocol/transfer.ts";
import type { Requester } from "../requests/requester.ts";
import { createFileSender } from "./send-file.ts";
import type { SendOptions } from "../send-from-page.ts";
import type { ExportQuery, PageQuery } from "./queries.ts";

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
    /** Your imports in this workspace, from whatever device, newest first. */
    imports: (query: PageQuery = {}): Promise<Page<ImportStatus>> =>
      requester.json("/v1/imports", { query: { ...query } }),
    /** How far an import is. */
    report: (importId: string, query: PageQuery = {}): Promise<ImportReport> =>
      requester.json(`/v1/import/${encodeURIComponent(importId)}`, { query: { ...query } }),
  };
};
