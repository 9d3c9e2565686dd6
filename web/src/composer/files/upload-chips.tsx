import { FileText, Image, RotateCw, X } from "lucide-react";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { composerTexts } from "../composer-texts.ts";
import { isUploading, type Upload } from "./uploads.ts";
import type { UploadsHandle } from "./use-uploads.ts";

const kilobyte = new Intl.NumberFormat(undefined, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
const megabyte = new Intl.NumberFormat(undefined, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? kilobyte.format(Math.ceil(bytes / 1_000)) : megabyte.format(bytes / 1_000_000);

const Standing = ({ upload }: { readonly upload: Upload }) => {
  const { name, bytes, progress, error } = upload;
  if (error !== null)
    return (
      <span role="alert" className="block max-w-64 text-12 text-pretty text-danger">
        {error}
      </span>
    );
  if (!isUploading(upload)) return <span className="block text-12 text-text-3">{sizeOf(bytes)}</span>;
  return (
    <progress
      aria-label={composerTexts.uploading(name)}
      max={1}
      value={progress ?? 1}
      className="mt-1.5 block h-1 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
    />
  );
};

/** The files that go along with the message, each with how far it is. */
export const UploadChips = ({ uploads, remove, retry }: Pick<UploadsHandle, "uploads" | "remove" | "retry">) => (
  <ul aria-label={composerTexts.files} className="mb-2 flex flex-wrap gap-1.5">
    {uploads.map((upload) => {
      const { id, name, mediaType, error, canRetry } = upload;
      const Icon = mediaType.startsWith("image/") ? Image : FileText;
      return (
        <li
          key={id}
          className="flex max-w-full min-w-40 items-center gap-2 rounded-medium border border-line bg-sunken py-1.5 ps-2.5 pe-1 text-13"
        >
          <Icon size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-text-2" />
          <span className="min-w-0 flex-1">
            <span dir="auto" className="block max-w-56 truncate font-[550]">
              {name}
            </span>
            <Standing upload={upload} />
          </span>
          {error !== null && canRetry && (
            <ActionButton
              label={composerTexts.uploadAgain(name)}
              icon={<RotateCw size={14} strokeWidth={1.5} />}
              onClick={() => retry(id)}
            />
          )}
          <ActionButton
            label={isUploading(upload) ? composerTexts.stopUpload(name) : composerTexts.removeFile(name)}
            icon={<X size={14} strokeWidth={1.5} />}
            onClick={() => remove(id)}
          />
        </li>
      );
    })}
  </ul>
);
