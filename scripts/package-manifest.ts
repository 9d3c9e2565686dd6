import manifest from "../package.json" with { type: "json" };

const builtFrom = (source: string): { readonly types: string; readonly default: string } => ({
  types: source.replace(/\.ts$/, ".d.ts"),
  default: source.replace(/\.ts$/, ".js"),
});

const exportsOf = (exports: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(exports).map(([name, file]) => [name, file.endsWith(".ts") ? builtFrom(file) : file]),
  );

/** `package.json` of what is published: without the commands and tools of this repository, with built files for sources. */
export const packageManifest = (): object => {
  const {
    private: _private,
    scripts: _scripts,
    devDependencies: _tools,
    allowScripts: _allowed,
    ...published
  } = manifest;
  return { ...published, exports: exportsOf(manifest.exports) };
};
