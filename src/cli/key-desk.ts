import type { ResolvedConfig } from "../config/load-config.ts";
import { loopbackIdentity } from "../people/identity.ts";
import { createKey, listKeys, revokeKey, type NewKey } from "../people/keys.ts";
import { findMember, recognise } from "../people/recognise.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { openDesk } from "./open-desk.ts";
import { createRemoteKeyDesk } from "./remote-key-desk.ts";
import type { ApiKey } from "../protocol/people/api-key.ts";

/** Whose keys; by default those of whoever holds this machine's token. */
export interface KeyHolderOptions {
  readonly user?: string | undefined;
  readonly workspace?: string | undefined;
}

/** Where keys are made: in the database, or by the server that has it open. */
export interface KeyDesk {
  create(key: NewKey): Promise<ApiKey & { readonly key: string }>;
  list(): Promise<readonly ApiKey[]>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}

/** The user that a command acts for. @throws NatterError `not_found` */
export const findHolder = (database: Database, { user, workspace }: KeyHolderOptions): Promise<Principal> =>
  user === undefined ? recognise(database, loopbackIdentity, workspace) : findMember(database, user, workspace);

const createDesk = async (database: Database, holder: KeyHolderOptions): Promise<KeyDesk> => {
  const owner = await findHolder(database, holder);
  return {
    create: (key) => createKey(database, owner, key),
    list: () => listKeys(database, owner),
    revoke: async (id) => void (await revokeKey(database, owner, id)),
    close: () => database.close(),
  };
};

/** Opens a desk: the database itself, or the server that holds its lock. */
export const openKeyDesk = (config: ResolvedConfig, holder: KeyHolderOptions): Promise<KeyDesk> =>
  openDesk(config, {
    onDatabase: (database) => createDesk(database, holder),
    onServer: (url, dataDirectory) => createRemoteKeyDesk(url, dataDirectory, holder),
  });
