import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { ActionButton } from "../button/action-button.tsx";
import { copyText } from "./copy-text.ts";
import { uiTexts } from "../ui-texts.ts";

/** Copies what `text` answers. */
export const CopyButton = ({ text }: { readonly text: () => string }) => {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <ActionButton
      label={isCopied ? uiTexts.copied : uiTexts.copy}
      icon={isCopied ? <Check size={16} strokeWidth={1.5} /> : <Copy size={16} strokeWidth={1.5} />}
      onClick={() => void copyText(text()).then(setIsCopied)}
    />
  );
};
