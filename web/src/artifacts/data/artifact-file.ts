import type { ArtifactKind } from "natter/client";

const endings: ReadonlyMap<string, string> = new Map([
  ["bash", "sh"],
  ["c", "c"],
  ["c#", "cs"],
  ["c++", "cpp"],
  ["cpp", "cpp"],
  ["csharp", "cs"],
  ["css", "css"],
  ["go", "go"],
  ["html", "html"],
  ["java", "java"],
  ["javascript", "js"],
  ["js", "js"],
  ["json", "json"],
  ["jsx", "jsx"],
  ["kotlin", "kt"],
  ["markdown", "md"],
  ["md", "md"],
  ["php", "php"],
  ["py", "py"],
  ["python", "py"],
  ["rb", "rb"],
  ["ruby", "rb"],
  ["rust", "rs"],
  ["sh", "sh"],
  ["shell", "sh"],
  ["sql", "sql"],
  ["swift", "swift"],
  ["toml", "toml"],
  ["ts", "ts"],
  ["tsx", "tsx"],
  ["typescript", "ts"],
  ["xml", "xml"],
  ["yaml", "yaml"],
  ["yml", "yaml"],
]);

const ofKind = { document: "md", code: "txt", html: "html", svg: "svg" } satisfies Record<ArtifactKind, string>;
const longestName = 80;

/** In which language an artifact is written, as the colours of code know it. */
export const languageOf = ({
  kind,
  language,
}: {
  readonly kind: ArtifactKind;
  readonly language: string | null;
}): string => ({ document: "markdown", code: language ?? "", html: "html", svg: "svg" })[kind];

/** What an artifact is called as a file: a name that any system takes. */
export const fileNameOf = (
  artifact: Readonly<{ kind: ArtifactKind; language: string | null; title: string }>,
): string => {
  const name = artifact.title
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}"*/:<>?\\|]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .slice(0, longestName)
    .replaceAll(/^[ .]+|[ .]+$/g, "");
  const ending =
    artifact.kind === "code" ? (endings.get(artifact.language?.toLowerCase() ?? "") ?? "txt") : ofKind[artifact.kind];
  const base = name === "" ? "artifact" : name;
  return base.toLowerCase().endsWith(`.${ending}`) ? base : `${base}.${ending}`;
};

/** An artifact as a file. Web pages and drawings are saved as plain text: the browser is not to open them on our origin. */
export const fileOf = (content: string): Blob => new Blob([content], { type: "text/plain;charset=utf-8" });
