import type {
  ExportedArtifact,
  ExportedConversation,
  ExportedMessage,
  ExportedVersion,
} from "../../protocol/transfer.ts";

/** A conversation as a file brings it, whatever made the file; absent members get what is usual here. */
export interface Brought {
  readonly conversation: Partial<Omit<ExportedConversation, "type">> & { readonly title: string | null };
  /** In order of sequence. */
  readonly messages: readonly Omit<ExportedMessage, "type">[];
  readonly artifacts?: readonly ExportedArtifact[];
  /** Of these artifacts; read once, as they are stored. @throws NatterError `unavailable` when they are read again */
  readonly versions?: AsyncIterable<ExportedVersion>;
  /** What the file says of its files: SHA-256 by path. */
  readonly hashes?: ReadonlyMap<string, string>;
}

/** A conversation of a file, or why it is none. */
export type BroughtOrFailure =
  | { readonly brought: Brought }
  | { readonly title: string | null; readonly failure: string };

/** A file that lies beside the conversations. */
export interface BroughtFile {
  readonly name: string;
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/** The files beside the conversations; null: there is none of that name. */
export type FindFile = (url: string) => BroughtFile | null;
