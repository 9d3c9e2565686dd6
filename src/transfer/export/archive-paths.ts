import type { ArtifactKind } from "../../protocol/artifact.ts";
import type { ExportedArtifactRow, ExportedFileRow } from "../../store/transfer/export-rows.ts";

// what some system does not take in a name, and marks that turn the direction of what follows
const unfit = /[<>:"/\\|?*\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const mostCharacters = 80;

/** A text as the name of a file on any system. */
export const safeName = (text: string, fallback: string): string => {
  const name = text
    .normalize("NFC")
    .replaceAll(unfit, " ")
    .replaceAll(/\s+/g, " ")
    .slice(0, mostCharacters)
    .replace(/[\ud800-\udbff]$/, "")
    .toWellFormed()
    .replaceAll(/^[-.~ ]+|[. ]+$/g, "");
  return name === "" || reserved.test(name) ? fallback : name;
};

const withEnding = (name: string, ending: string): string => (name.includes(".") ? name : `${name}${ending}`);

/** Where a file lies in an archive; messages name it by this path. */
export const filePath = ({ id, file_name: name, media_type: mediaType }: ExportedFileRow): string => {
  const [, ending = "bin"] = /\/(?:x-)?([a-z0-9]+)/.exec(mediaType) ?? [];
  return `files/${id}/${name === null ? `file.${ending === "plain" ? "txt" : ending}` : safeName(name, "file")}`;
};

const endings: Readonly<Record<ArtifactKind, string>> = { document: ".md", code: ".txt", html: ".html", svg: ".svg" };

/** Where the newest version of an artifact lies. */
export const artifactPath = ({ id, title, kind }: ExportedArtifactRow): string => {
  const name = safeName(title, "artifact");
  return `artifacts/${id}/${kind === "code" ? withEnding(name, endings.code) : `${name}${endings[kind]}`}`;
};

/** Names that no other of the same archive has, whatever the letters' case. */
export const createNames = (): ((name: string) => string) => {
  const taken = new Set<string>();
  return (name) => {
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${name} (${number})`;
    taken.add(free.toLowerCase());
    return free;
  };
};
