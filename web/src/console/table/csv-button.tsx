import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { AdminList, AdminQuery } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { Button } from "../../ui/button/button.tsx";
import { messageOf } from "../../ui/message-of.ts";
import { consoleTexts } from "../console-texts.ts";
import { saveFile } from "../../ui/save-file.ts";

export interface CsvButtonProps {
  readonly list: AdminList;
  readonly query: AdminQuery;
  /** Of the file; default the list's. */
  readonly name?: string;
}

/** Saves all that fits the filters, not only what is loaded. */
export const CsvButton = ({ list, query, name = list }: CsvButtonProps) => {
  const { admin } = useNatter();
  const save = useMutation({ mutationFn: async () => saveFile(await admin.csv(list, query), `${name}.csv`) });
  return (
    <div className="flex items-center gap-2">
      {save.isError && (
        <p role="alert" className="text-13 text-danger">
          {messageOf(save.error)}
        </p>
      )}
      <Button className="h-8 text-13 max-wide:h-10" disabled={save.isPending} onClick={() => save.mutate()}>
        <Download size={15} strokeWidth={1.5} aria-hidden />
        {consoleTexts.download}
      </Button>
    </div>
  );
};
