import type { ResolvedConfig } from "../config/load-config.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Database } from "../ports/database.ts";
import type { ExportFormat } from "../protocol/transfer.ts";
import { openBlobs } from "../compose/stores.ts";
import { exportMakers, ownConversations } from "../transfer/export/export-own.ts";
import { startImport } from "../transfer/import/start-import.ts";
import { findHolder, type KeyHolderOptions } from "./key-desk.ts";
import { openDesk } from "./open-desk.ts";
import { createRemoteTransferDesk } from "./remote-transfer-desk.ts";

/** Where somebody's conversations go out and come in: the database, or the server that has it open. */
export interface TransferDesk {
  export(format: ExportFormat): AsyncIterable<Uint8Array | string>;
  /** Hands a file over, to be read by a server. @returns the id of the import */
  import(content: AsyncIterable<Uint8Array>): Promise<string>;
  close(): Promise<void>;
}

const createDesk = async (database: Database, blobs: BlobStore, holder: KeyHolderOptions): Promise<TransferDesk> => {
  const principal = await findHolder(database, holder);
  const source = { database, blobs, workspaceId: principal.workspaceId, viewerId: principal.userId };
  return {
    export: (format) => exportMakers[format](source, ownConversations(source)),
    import: (content) => startImport({ database, blobs }, principal, content),
    async close() {
      await blobs.close();
      await database.close();
    },
  };
};

/** Opens a desk: the database itself, or the server that holds its lock. */
export const openTransferDesk = (config: ResolvedConfig, holder: KeyHolderOptions): Promise<TransferDesk> =>
  openDesk(config, {
    onDatabase: async (database) => createDesk(database, await openBlobs(config), holder),
    onServer: (url, dataDirectory) => createRemoteTransferDesk(url, dataDirectory, holder),
  });
