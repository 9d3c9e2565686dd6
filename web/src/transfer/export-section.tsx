import { Download } from "lucide-react";
import { exportAddress } from "./export-address.ts";
import { transferTexts } from "./transfer-texts.ts";

const formats = ["zip", "jsonl", "markdown"] as const;

/** All conversations of this person, to download. */
export const ExportSection = () => (
  <>
    <p className="mb-2 text-13 text-pretty text-text-2">{transferTexts.exportHint}</p>
    <ul>
      {formats.map((format) => {
        const { name, hint } = transferTexts.formats[format];
        return (
          <li key={format} className="flex min-h-14 items-center gap-3 border-t border-line py-1.5 first:border-t-0">
            <span className="min-w-0 flex-1 leading-tight">
              <b className="block font-[550]">{name}</b>
              <small className="block text-12 text-pretty text-text-3">{hint}</small>
            </span>
            <a
              href={exportAddress({ format })}
              download
              aria-label={transferTexts.download(name)}
              title={transferTexts.download(name)}
              className="grid size-[34px] shrink-0 place-items-center rounded-small border border-line bg-surface text-text-2 hover:border-edge hover:text-text max-wide:size-10"
            >
              <Download size={16} strokeWidth={1.5} aria-hidden="true" />
            </a>
          </li>
        );
      })}
    </ul>
  </>
);
