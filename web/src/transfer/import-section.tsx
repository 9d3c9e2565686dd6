import { Upload } from "lucide-react";
import { useRef } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { Refusal } from "../ui/page/refusal.tsx";
import { beginImport, dropUpload, useImportUploads, type ImportUpload } from "./import-uploads.ts";
import { ImportRow } from "./import-row.tsx";
import { useOwnImports } from "./use-own-imports.ts";
import { transferTexts } from "./transfer-texts.ts";

const accepted = ".zip,.json,.jsonl,application/zip,application/json";

const UploadRow = ({ upload: { id, fileName, progress, error } }: { readonly upload: ImportUpload }) => (
  <li className="flex min-h-14 items-center gap-3 border-t border-line py-1.5 first:border-t-0">
    <span className="min-w-0 flex-1 leading-tight">
      <b dir="auto" className="block truncate font-[550]">
        {fileName}
      </b>
      {error === null ? (
        <progress
          aria-label={transferTexts.uploading(fileName)}
          max={1}
          value={progress}
          className="mt-1.5 block h-1 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
        />
      ) : (
        <span role="alert" className="block text-12 text-pretty text-danger">
          {error}
        </span>
      )}
    </span>
    <Button
      look="plain"
      aria-label={error === null ? transferTexts.stopWhat(fileName) : transferTexts.forgetWhat(fileName)}
      onClick={() => dropUpload(id)}
    >
      {error === null ? transferTexts.stop : transferTexts.forget}
    </Button>
  </li>
);

/** Brings exports along, and tells what became of them, and of those that came from other devices. */
export const ImportSection = () => {
  const client = useNatter();
  const uploads = useImportUploads();
  const { imports, error } = useOwnImports();
  const input = useRef<HTMLInputElement>(null);
  const isSending = uploads.some(({ error }) => error === null);
  return (
    <>
      <p className="mb-2.5 text-13 text-pretty text-text-2">{transferTexts.importHint}</p>
      <input
        ref={input}
        type="file"
        multiple
        accept={accepted}
        aria-label={transferTexts.choose}
        className="sr-only"
        tabIndex={-1}
        onChange={({ target }) => {
          for (const file of target.files ?? []) void beginImport(client, file);
          target.value = "";
        }}
      />
      <Button onClick={() => input.current?.click()} className="max-wide:h-10">
        <Upload size={16} strokeWidth={1.5} aria-hidden="true" />
        {transferTexts.choose}
      </Button>
      <p role="status" className="mt-2 text-13 text-pretty text-text-3 empty:hidden">
        {isSending && transferTexts.stay}
      </p>
      {uploads.length + imports.length > 0 && (
        <ul aria-label={transferTexts.imports} className="mt-3">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
          {imports.map((shown) => (
            <ImportRow key={shown.id} shown={shown} />
          ))}
        </ul>
      )}
      <Refusal error={error === null ? null : messageOf(error)} />
    </>
  );
};
